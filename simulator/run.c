/* SPDX-License-Identifier: MIT */
#include "simulator/run.h"

#include "common/base/clock.h"
#include "simulator/model.h"
#include "simulator/progress.h"
#include "simulator/random.h"

enum { STREAM_REPLICATIONS = 1000 };

uint64_t run_seed(uint64_t seed, uint32_t replication)
{
    struct random random = random_stream(seed, STREAM_REPLICATIONS, replication);

    return random_next(&random);
}

static void run_one(struct outcome *outcome, uint32_t replication, struct tally *tally)
{
    int64_t began_ms = clock_steady_ms();
    struct day day;

    day_draw(&day, outcome->scenario, run_seed(outcome->seed, replication));
    tally_init(tally, outcome->scenario, &outcome->spreads);
    model_run(outcome->scenario, &day, tally);
    day_free(&day);
    outcome_add(outcome, tally);
    outcome->took_ms += clock_steady_ms() - began_ms;
}

bool run_model(struct outcome *outcome, uint32_t replications)
{
    struct progress progress;
    struct tally tally;

    progress_begin(&progress, "runs", replications);
    for (uint32_t r = 0; r < replications && !stop_is_wanted(); r++) {
        run_one(outcome, r, &tally);
        progress_show(&progress, r + 1);
    }
    progress_end(&progress);
    return outcome->runs == replications;
}

bool run_pair(struct pair *pair, uint32_t replications)
{
    struct progress progress;
    struct tally tally;
    figures a = {{0}}, b = {{0}};

    progress_begin(&progress, "pairs", replications);
    for (uint32_t r = 0; r < replications && !stop_is_wanted(); r++) {
        run_one(&pair->a, r, &tally);
        figures_read(pair->a.scenario, &tally, a);
        run_one(&pair->b, r, &tally);
        figures_read(pair->b.scenario, &tally, b);
        for (int g = 0; g <= OUTCOME_ALL; g++)
            for (int f = 0; f < FIGURE_COUNT; f++)
                statistic_add(&pair->differences[g][f], b[g][f] - a[g][f]);
        progress_show(&progress, r + 1);
    }
    progress_end(&progress);
    return pair->b.runs == replications;
}
