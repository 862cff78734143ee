/* SPDX-License-Identifier: MIT */
#include "simulator/validate.h"

#include <math.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/progress.h"
#include "simulator/run.h"

enum { FITTED_EXITS = 750 }; /* Hữu Nghị a day, June 2023 (domain A9) */

/* A figure of a scenario beside what was published. */
struct published {
    const char *scenario;
    const char *what;
    int gate; /* OUTCOME_ALL: all */
    enum figure figure;
    double low, high; /* equal: one figure */
    const char *source;
};

static const struct published PUBLISHED[] = {
    {"june-2023", "Huu Nghi clears (fitted)", 0, FIGURE_EXITS, 750, 750, "A9"},
    {"june-2023", "Tan Thanh clears", 1, FIGURE_EXITS, 300, 300, "A9"},
    {"june-2023", "most vehicles in the yard", 0, FIGURE_YARD_MAX, 450, 450, "A9"},
    {"july-2025", "Huu Nghi exports", 0, FIGURE_EXITS_EXPORT, 262, 262, "F1"},
    {"july-2025", "Huu Nghi imports", 0, FIGURE_EXITS_IMPORT, 608, 608, "F1"},
    {"july-2025", "Tan Thanh exports", 1, FIGURE_EXITS_EXPORT, 145, 145, "F1"},
    {"july-2025", "Tan Thanh imports", 1, FIGURE_EXITS_IMPORT, 438, 438, "F1"},
    {"july-2025", "both gates", OUTCOME_ALL, FIGURE_EXITS, 1453, 1453, "F1"},
    {"normal-2025", "both gates, capacity", OUTCOME_ALL, FIGURE_EXITS, 1201, 1201, "F1"},
    {"normal-2025", "stock at closing", OUTCOME_ALL, FIGURE_STOCK, 488, 488, "A9"},
    {"jam-2021", "cleared a day", OUTCOME_ALL, FIGURE_EXITS, 300, 400, "A9"},
    {"jam-2021", "still queued on 21/12", OUTCOME_ALL, FIGURE_STOCK, 4400, 4550, "A9"},
};

/* How far outside of what was published, in %. */
static double deviation(const struct published *p, double value)
{
    double nearest = value < p->low ? p->low : value > p->high ? p->high : value;

    return 100 * (value - nearest) / nearest;
}

static void print_row(const struct published *p, const struct outcome *outcome, FILE *out)
{
    const struct statistic *s = &outcome->figures[p->gate][p->figure];
    char range[32];

    if (p->low < p->high)
        snprintf(range, sizeof range, "%.0f-%.0f", p->low, p->high);
    else
        snprintf(range, sizeof range, "%.0f", p->low);
    fprintf(out, "%-13s%-28s%-6s%12s%11.1f ± %-7.1f%+7.1f %%\n", p->scenario, p->what, p->source,
            range, s->mean, statistic_half_width(s), deviation(p, s->mean));
}

static struct outcome *outcome_new(void)
{
    struct outcome *outcome = malloc(sizeof *outcome);

    CHECK(outcome);
    return outcome;
}

bool validate_print(const char *folder, uint64_t seed, uint32_t replications, FILE *out,
                    struct scenario_error *error)
{
    struct outcome *outcome = outcome_new();
    struct scenario scenario;
    bool is_good = true;

    fprintf(out, "%-13s%-28s%-6s%12s%11s ± %-7s%9s\n", "scenario", "figure", "domain", "published",
            "model", "95 %", "off by");
    for (size_t i = 0; i < COUNT_OF(PUBLISHED) && is_good && !stop_is_wanted(); i++) {
        const struct published *p = &PUBLISHED[i];
        if (i == 0 || p->scenario != PUBLISHED[i - 1].scenario) {
            is_good = scenario_load(&scenario, p->scenario, folder, error);
            if (!is_good)
                break;
            outcome_init(outcome, &scenario, seed, scenario.target);
            run_model(outcome, replications);
        }
        print_row(p, outcome, out);
    }
    free(outcome);
    return is_good;
}

bool fit_print(const char *folder, uint64_t seed, uint32_t replications, FILE *out,
               struct scenario_error *error)
{
    struct outcome *outcome = outcome_new();
    struct scenario scenario;
    double low_s = 60, high_s = 1200;

    if (!scenario_load(&scenario, "june-2023", folder, error)) {
        free(outcome);
        return false;
    }
    /* slower lanes clear fewer: halve until a second is left */
    while (high_s - low_s > 1 && !stop_is_wanted()) {
        double middle_s = round((low_s + high_s) / 2);
        scenario.lane.middle_s = middle_s;
        outcome_init(outcome, &scenario, seed, scenario.target);
        run_model(outcome, replications);
        double exits = outcome->figures[0][FIGURE_EXITS].mean;
        fprintf(out, "lane %5.0f s sigma %.1f: %s clears %7.1f a day, wanted %d\n", middle_s,
                scenario.lane.sigma, scenario.gates[0].code, exits, FITTED_EXITS);
        if (exits >= FITTED_EXITS)
            low_s = middle_s;
        else
            high_s = middle_s;
    }
    fprintf(out, "\nlane = %.0f s\n", low_s);
    free(outcome);
    return true;
}
