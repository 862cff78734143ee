/* SPDX-License-Identifier: MIT */
#include "simulator/commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "simulator/model_ledger.h"
#include "simulator/progress.h"
#include "simulator/replay.h"
#include "simulator/report.h"
#include "simulator/run.h"
#include "simulator/table.h"
#include "simulator/validate.h"

bool command_save(const struct options *o, const json_t *outcome)
{
    const char *failed = NULL;

    if (o->json && !strcmp(o->json, "-"))
        json_dumpf(outcome, stdout, JSON_INDENT(1));
    else if (o->json && json_dump_file(outcome, o->json, JSON_INDENT(1)) != 0)
        failed = o->json;
    if (o->report && !report_save(outcome, o->report))
        failed = o->report;
    if (failed)
        fprintf(stderr, "gatesim: cannot write %s: %s\n", failed, strerror(errno));
    return !failed;
}

static uint32_t replications(const struct options *o, const struct scenario *scenario)
{
    return (uint32_t)(o->replications ? o->replications : scenario->replications);
}

int32_t command_target(const struct options *o, const struct scenario *scenario)
{
    return o->target < 0 ? scenario->target : (int32_t)o->target;
}

bool command_prints_json(const struct options *o)
{
    return o->json && !strcmp(o->json, "-");
}

static void say_stopped(uint32_t done, uint32_t wanted)
{
    if (done < wanted)
        printf("\nstopped after %u of %u runs; the figures are of those\n", done, wanted);
}

int command_model(const struct options *o)
{
    struct outcome *outcome = malloc(sizeof *outcome);
    struct scenario scenario;

    CHECK(outcome);
    if (!options_scenario(o, 0, &scenario)) {
        free(outcome);
        return EXIT_WRONG;
    }
    outcome_init(outcome, &scenario, (uint64_t)o->seed, command_target(o, &scenario));
    run_model(outcome, replications(o, &scenario));
    json_t *json = outcome_json(outcome);
    if (!command_prints_json(o)) {
        table_print(json, stdout);
        say_stopped(outcome->runs, replications(o, &scenario));
    }
    int status = outcome_passes(outcome) ? EXIT_AS_WISHED : EXIT_NOT;
    if (!command_save(o, json))
        status = EXIT_WRONG;
    json_decref(json);
    free(outcome);
    return status;
}

/* What one run of a gate would have published. */
int command_ledger(const struct options *o)
{
    struct scenario scenario;
    struct tally tally;
    struct day day;

    if (!options_scenario(o, 0, &scenario))
        return EXIT_WRONG;
    int gate = o->operand_count > 1 ? scenario_gate(&scenario, span_of(o->operands[1])) : 0;
    if (gate < 0) {
        fprintf(stderr, "gatesim: no gate '%s' in %s\n", o->operands[1], scenario.name);
        return EXIT_WRONG;
    }
    struct model_ledger ledger = {.scenario = &scenario, .gate = (unsigned)gate};
    day_draw(&day, &scenario, run_seed((uint64_t)o->seed, 0));
    tally_init(&tally, &scenario, NULL);
    model_run_told(&scenario, &day, &tally, model_ledger_note, &ledger);
    day_free(&day);
    bool is_whole = fwrite(ledger.lines.at, 1, ledger.lines.size, stdout) == ledger.lines.size;
    buffer_free(&ledger.lines);
    return is_whole && fflush(stdout) == 0 ? EXIT_AS_WISHED : EXIT_NOT;
}

/* --- two variants ------------------------------------------------------------------------------
 */

static json_t *differences_json(const struct pair *pair)
{
    const struct scenario *scenario = pair->a.scenario;
    json_t *list = json_array();

    for (int g = 0; g <= OUTCOME_ALL; g++)
        for (int f = 0; f < FIGURE_COUNT && (g < scenario->gate_count || g == OUTCOME_ALL); f++) {
            const struct statistic *s = &pair->differences[g][f];
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:f, s:f}", "name", FIGURE_NAMES[f], "gate",
                                g == OUTCOME_ALL ? "all" : scenario->gates[g].code, "mean", s->mean,
                                "half_width", statistic_half_width(s)));
        }
    return list;
}

static bool has_same_gates(const struct scenario *a, const struct scenario *b)
{
    for (int g = 0; g < a->gate_count && a->gate_count == b->gate_count; g++)
        if (strcmp(a->gates[g].code, b->gates[g].code) != 0)
            return false;
    return a->gate_count == b->gate_count;
}

static int compare(const struct options *o, struct pair *pair, const struct scenario *a,
                   const struct scenario *b)
{
    outcome_init(&pair->a, a, (uint64_t)o->seed, command_target(o, a));
    outcome_init(&pair->b, b, (uint64_t)o->seed, command_target(o, b));
    run_pair(pair, replications(o, a));
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:o}", "format", "gatesim-pair-1", "a", outcome_json(&pair->a),
                  "b", outcome_json(&pair->b), "differences", differences_json(pair));
    CHECK(json);
    if (!command_prints_json(o)) {
        table_print_pair(json_object_get(json, "a"), json_object_get(json, "b"),
                         json_object_get(json, "differences"), stdout);
        say_stopped(pair->b.runs, replications(o, a));
    }
    struct options saved = *o;
    saved.report = NULL; /* a report is about one run */
    bool is_saved = command_save(&saved, json);
    json_decref(json);
    return is_saved ? EXIT_AS_WISHED : EXIT_WRONG;
}

int command_compare(const struct options *o)
{
    struct pair *pair = calloc(1, sizeof *pair);
    struct scenario a, b;
    int status = EXIT_WRONG;

    CHECK(pair);
    if (options_scenario(o, 0, &a) && options_scenario(o, 1, &b)) {
        if (has_same_gates(&a, &b))
            status = compare(o, pair, &a, &b);
        else
            fputs("gatesim: the scenarios have different gates; expected the same\n", stderr);
    }
    free(pair);
    return status;
}

static json_t *outcome_read(const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

    if (!json)
        fprintf(stderr, "gatesim: %s:%d: %s\n", path, error.line, error.text);
    else if (!json_is_array(json_object_get(json, "figures")))
        fprintf(stderr,
                "gatesim: %s: expected the figures of a run, as --model or --check --json writes "
                "them\n",
                path);
    else
        return json;
    json_decref(json);
    return NULL;
}

int command_diff(const struct options *o)
{
    json_t *a = outcome_read(o->operands[0]);
    json_t *b = a ? outcome_read(o->operands[1]) : NULL;

    if (b)
        table_print_pair(a, b, NULL, stdout);
    json_decref(a);
    json_decref(b);
    return b ? EXIT_AS_WISHED : EXIT_WRONG;
}

/* --- against the world -------------------------------------------------------------------------
 */

int command_replay(const struct options *o)
{
    struct replay *replay = replay_new();
    bool is_same = replay_file(replay, o->operands[0]);
    const struct replay_result *result = replay_result(replay);

    printf("%llu events, %llu calls, %llu no-shows, %llu overtakes\n",
           (unsigned long long)result->events, (unsigned long long)result->calls,
           (unsigned long long)result->no_shows, (unsigned long long)result->overtakes);
    if (is_same)
        puts("replay PASS: the rule calls the same vehicles in the same order");
    else
        printf("replay FAIL: %s\n", result->difference);
    bool is_read = is_same || result->events > 0;
    replay_free(replay);
    return is_same ? EXIT_AS_WISHED : is_read ? EXIT_NOT : EXIT_WRONG;
}

static int wrong(const struct scenario_error *error)
{
    fprintf(stderr, "gatesim: %s\n", error->text);
    return EXIT_WRONG;
}

int command_validate(const struct options *o)
{
    struct scenario_error error;
    uint32_t runs = (uint32_t)(o->replications ? o->replications : 30);

    return validate_print(o->folder, (uint64_t)o->seed, runs, stdout, &error) ? EXIT_AS_WISHED
                                                                              : wrong(&error);
}

int command_fit(const struct options *o)
{
    struct scenario_error error;
    uint32_t runs = (uint32_t)(o->replications ? o->replications : 30);

    return fit_print(o->folder, (uint64_t)o->seed, runs, stdout, &error) ? EXIT_AS_WISHED
                                                                         : wrong(&error);
}
