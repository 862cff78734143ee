/* SPDX-License-Identifier: MIT
 * --check: the days against a running service.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/commands.h"
#include "simulator/live/live.h"
#include "simulator/table.h"

static int conclude(const struct options *o, const struct live *live, struct outcome *outcome)
{
    json_t *json = outcome_json(outcome);

    live_account(live, json);
    if (!command_prints_json(o))
        table_print(json, stdout);
    bool passes = outcome_passes(outcome) && live_passes(live);
    bool is_saved = command_save(o, json);
    json_decref(json);
    return !is_saved ? EXIT_WRONG : passes ? EXIT_AS_WISHED : EXIT_NOT;
}

int command_check(const struct options *o)
{
    struct outcome *outcome = malloc(sizeof *outcome);
    struct scenario scenario;
    struct live_wish wish = {.url = o->url,
                             .connections = (unsigned)o->connections,
                             .speed = (double)o->speed,
                             .date = o->date,
                             .fast_until_ms = o->fast_until_ms < 0 ? INT64_MIN : o->fast_until_ms,
                             .seed = (uint64_t)o->seed,
                             .patience_ms = o->patience_s * 1000};
    int status = EXIT_WRONG;

    CHECK(outcome);
    if (!o->url || !*o->url) {
        fputs("gatesim: which service? --url or GATE_URL\n", stderr);
    } else if (options_scenario(o, 0, &scenario)) {
        outcome_init(outcome, &scenario, wish.seed, command_target(o, &scenario));
        struct live *live = live_run(&wish, outcome);
        if (live)
            status = conclude(o, live, outcome);
        live_free(live);
    }
    free(outcome);
    return status;
}
