/* SPDX-License-Identifier: MIT
 * --check and --max: against a running service.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/commands.h"
#include "simulator/live/live.h"
#include "simulator/live/max.h"
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

static struct live_wish wish_of(const struct options *o)
{
    return (struct live_wish){.url = o->url,
                              .connections = (unsigned)o->connections,
                              .speed = (double)o->speed,
                              .date = o->date,
                              .fast_until_ms = o->fast_until_ms < 0 ? INT64_MIN : o->fast_until_ms,
                              .seed = (uint64_t)o->seed,
                              .patience_ms = o->patience_s * 1000};
}

static bool has_url(const struct options *o)
{
    if (!o->url || !*o->url)
        fputs("gatesim: which service? --url or GATE_URL\n", stderr);
    return o->url && *o->url;
}

int command_check(const struct options *o)
{
    struct outcome *outcome = malloc(sizeof *outcome);
    struct live_wish wish = wish_of(o);
    struct scenario scenario;
    int status = EXIT_WRONG;

    CHECK(outcome);
    if (has_url(o) && options_scenario(o, 0, &scenario)) {
        outcome_init(outcome, &scenario, wish.seed, command_target(o, &scenario));
        struct live *live = live_run(&wish, outcome);
        if (live)
            status = conclude(o, live, outcome);
        live_free(live);
    }
    free(outcome);
    return status;
}

/* The scenario only says which gates there are. */
int command_max(const struct options *o)
{
    struct options asked = *o;
    struct live_wish wish = wish_of(o);
    struct scenario scenario;

    if (!asked.operand_count)
        asked.operands[asked.operand_count++] = "normal-2025";
    wish.connections = wish.connections < 256 ? 256 : wish.connections;
    if (!has_url(o) || !options_scenario(&asked, 0, &scenario))
        return EXIT_WRONG;
    json_t *json = max_run(&wish, &scenario);
    if (!json)
        return EXIT_WRONG;
    if (!command_prints_json(o))
        max_print(json);
    asked.report = NULL; /* a report is about days */
    int status = !command_save(&asked, json) ? EXIT_WRONG
                 : max_passes(json)          ? EXIT_AS_WISHED
                                             : EXIT_NOT;
    json_decref(json);
    return status;
}
