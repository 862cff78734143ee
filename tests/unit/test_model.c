/* SPDX-License-Identifier: MIT */
#include "simulator/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/check.h"
#include "simulator/model_ledger.h"
#include "simulator/procedure.h"
#include "simulator/replay.h"
#include "simulator/run.h"

static const char FOLDER[] = TESTS_DIR "/../simulator/scenarios";
static const char *const SHIPPED[] = {"normal-2025",  "june-2023", "far-side-slow", "closure",
                                      "kiosk-outage", "bots",      "tet-surge"};

static struct scenario scenario;
static struct tally tally;
static struct spreads spreads;

static void load(const char *name)
{
    struct scenario_error error;

    assert_true(scenario_load(&scenario, name, FOLDER, &error));
}

static void set(const char *assignment)
{
    struct scenario_error error;

    if (!scenario_set(&scenario, assignment, &error))
        fail_msg("%s", error.text);
}

static void play(uint64_t seed)
{
    struct day day;

    spreads = (struct spreads){0};
    day_draw(&day, &scenario, seed);
    tally_init(&tally, &scenario, &spreads);
    model_run(&scenario, &day, &tally);
    day_free(&day);
}

static void nobody_is_lost(void **state)
{
    (void)state;
    for (size_t s = 0; s < COUNT_OF(SHIPPED); s++) {
        load(SHIPPED[s]);
        play(s + 1);
        for (int g = 0; g < scenario.gate_count; g++) {
            uint32_t sum = 0;
            for (int f = 0; f < FATE_COUNT; f++)
                sum += tally.gates[g].fates[f];
            assert_int_equal(sum, tally.gates[g].declared);
            assert_true(sum > 500);
            assert_true((int32_t)tally.gates[g].yard_max <= scenario.gates[g].inside);
        }
    }
}

static void the_same_seed_gives_the_same_day(void **state)
{
    struct tally before;

    (void)state;
    load("normal-2025");
    play(5);
    before = tally;
    play(5);
    assert_memory_equal(&before, &tally, sizeof tally);
    play(6);
    assert_memory_not_equal(&before, &tally, sizeof tally);
}

/* Common random numbers: a lane more changes nothing of who comes, or of the other gate. */
static void a_variant_meets_the_same_trucks(void **state)
{
    struct day a, b;
    struct gate_tally other;

    (void)state;
    load("normal-2025");
    day_draw(&a, &scenario, 9);
    play(9);
    other = tally.gates[1];
    set("CKHN.lane 7=import");
    set("CKHN.far_lanes=9 lanes");
    day_draw(&b, &scenario, 9);
    play(9);
    assert_int_equal(a.count, b.count);
    assert_memory_equal(a.passages, b.passages, a.count * sizeof *a.passages);
    assert_memory_equal(&other, &tally.gates[1], sizeof other);
    day_free(&a);
    day_free(&b);
}

struct telling {
    struct model_ledger ledgers[2];
    const struct day *day;
    uint32_t *done;
    bool *has_ended; /* without exit: what it would have needed is waived */
    uint64_t steps;
};

static uint32_t required_of(const struct telling *t, uint32_t i)
{
    const struct passage *p = &t->day->passages[i];

    return procedure_required(p->role, p->direction, p->class, p->channel != CHANNEL_GREEN,
                              p->receiving > 0);
}

/* Each step the model confirms is one the published procedure has open then. */
static void check_open(const struct telling *t, const struct note *note)
{
    const struct passage *p = note->passage;
    uint32_t main = p->main, i = note->crossing;
    struct across across = {.every_main = t->done[main] | ~required_of(t, main),
                            .any_main = t->done[main]};

    for (uint32_t r = main + 1; r <= main + t->day->passages[main].receiving; r++)
        if (!t->has_ended[r]) {
            across.any_receiving |= t->done[r];
            across.receiving++;
        }
    uint32_t open = procedure_open(p->role, p->direction, required_of(t, i), t->done[i], &across);
    if (!(open & STEP_BIT(note->step)))
        fail_msg("%s of %s %s is not open, done %x", STEP_NAMES[note->step],
                 DIRECTION_NAMES[p->direction], p->role == ROLE_MAIN ? "main" : "receiving",
                 t->done[i]);
}

static void on_note(void *owner, const struct note *note)
{
    struct telling *t = owner;

    model_ledger_note(&t->ledgers[0], note);
    model_ledger_note(&t->ledgers[1], note);
    if (note->kind == NOTE_CALLED)
        t->done[note->crossing] |= STEP_BIT(STEP_CALLED);
    else if (note->kind == NOTE_NO_SHOW)
        t->done[note->crossing] &= ~STEP_BIT(STEP_CALLED);
    else if (note->kind == NOTE_ENDED)
        t->has_ended[note->crossing] = true;
    if (note->kind != NOTE_STEP || note->is_hold)
        return;
    check_open(t, note);
    t->done[note->crossing] |= STEP_BIT(note->step);
    t->steps++;
}

/* Line by line, as if it had been downloaded. */
static void replay(struct buffer *lines)
{
    struct replay *replay = replay_new();
    struct span rest = buffer_span(lines);

    while (rest.size) {
        struct span line = span_take(&rest, '\n');
        json_t *event = json_loadb(line.at, line.size, 0, NULL);
        if (!replay_event(replay, event))
            fail_msg("%s", replay_result(replay)->difference);
        json_decref(event);
    }
    assert_true(replay_result(replay)->calls > 400);
    replay_free(replay);
}

static void the_order_is_the_rules_and_the_steps_are_the_procedures(void **state)
{
    static const char *const FOLLOWED[] = {"normal-2025", "far-side-slow", "bots"};

    (void)state;
    for (size_t s = 0; s < COUNT_OF(FOLLOWED); s++) {
        struct day day;
        load(FOLLOWED[s]);
        day_draw(&day, &scenario, 3);
        struct telling t = {
            .ledgers = {{.scenario = &scenario, .gate = 0}, {.scenario = &scenario, .gate = 1}},
            .day = &day,
            .done = calloc(day.count, sizeof *t.done),
            .has_ended = calloc(day.count, sizeof *t.has_ended)};
        tally_init(&tally, &scenario, NULL);
        model_run_told(&scenario, &day, &tally, on_note, &t);
        assert_true(t.steps > 15000);
        for (int g = 0; g < 2; g++) {
            replay(&t.ledgers[g].lines);
            buffer_free(&t.ledgers[g].lines);
        }
        free(t.done);
        free(t.has_ended);
        day_free(&day);
    }
}

static void a_closed_gate_clears_nobody(void **state)
{
    (void)state;
    load("normal-2025");
    set("CKHN.closure=day 1 00:00 for 24 h");
    play(1);
    assert_int_equal(tally.gates[0].exits[0] + tally.gates[0].exits[1], 0);
    assert_true(tally.gates[1].exits[0] > 200);
}

/* With room, lanes and a far side without end, only arrivals and services are left: nobody waits
 * but overnight, and whoever comes by day goes out. */
static void endless_lanes_clear_all_who_come(void **state)
{
    static const char *const ENDLESS[] = {
        "CKHN.opens=00:00",
        "CKHN.closes=24:00",
        "CKHN.inside=100000 places",
        "CKHN.far_lanes=100 lanes",
        "CKHN.stock=0 vehicles",
        "CKHN.vehicles=500 a day",
        "behaviour.called_ahead=50 vehicles",
        "times.lane=1 s sigma 0",
        "times.yard_in=1 s sigma 0",
        "behaviour.trouble=0 %",
        "run.days=3 days",
        "behaviour.turned_back=0 %",
        "behaviour.missed_calls=0 %",
    };

    (void)state;
    load("normal-2025");
    for (size_t i = 0; i < COUNT_OF(ENDLESS); i++)
        set(ENDLESS[i]);
    play(2);
    const struct gate_tally *gate = &tally.gates[0];
    double exits = (gate->exits[0] + gate->exits[1]) / 3.0;
    assert_true(fabs(exits - 500) < 5 * sqrt(500 / 3.0));
    assert_true(latency_at(&spreads.waits[DIRECTION_EXPORT][CLASS_PERISHABLE], 0.9) <
                6 * MINUTE_MS);
    assert_true(gate->stock_by_day[2] < 60);
}

static double erlang_c(int servers, double load)
{
    double term = 1, sum = 1; /* load^k / k! */

    for (int k = 1; k < servers; k++)
        sum += term *= load / k;
    term *= load / servers * servers / (servers - load);
    return term / (sum + term);
}

/* One direction, one class, exponential lanes, an even stream: M/M/c with Erlang's mean wait. */
static void lanes_wait_as_erlang_says(void **state)
{
    static const char *const SIMPLE[] = {
        "demand.hourly=4 4 4 4 4 4 4 4 4.5 4.5 4.5 4.5 4.5 4.5 4.5 4.5 4 4 4 4 4 4 4 4 %",
        "demand.hourly=4.1666 4.1666 4.1667 4.1667 4.1667 4.1667 4.1666 4.1666 4.1667 4.1667 "
        "4.1667 "
        "4.1667 4.1666 4.1666 4.1667 4.1667 4.1667 4.1667 4.1666 4.1666 4.1667 4.1667 4.1667 "
        "4.1667 %",
        "demand.arrivals_from=00:00",
        "demand.arrivals_until=24:00",
        "CKHN.opens=00:00",
        "CKHN.closes=24:00",
        "CKHN.inside=100000 places",
        "CKHN.stock=0 vehicles",
        "CKHN.vehicles=960 a day",
        "CKHN.exports=0 %",
        "TT.vehicles=0 a day",
        "TT.stock=0 vehicles",
        "goods.import_general=100 %",
        "goods.import_perishable=0 %",
        "goods.import_frozen_live=0 %",
        "goods.import_electronics=0 %",
        "goods.import_new_vehicle=0 %",
        "goods.receiving_one=0 %",
        "goods.receiving_two=0 %",
        "behaviour.trouble=0 %",
        "behaviour.turned_back=0 %",
        "behaviour.called_ahead=0 vehicles",
        "times.registered=0 s sigma 0",
        "times.barrier=0 s sigma 0",
        "times.yard_in=0 s sigma 0",
        "times.come_import=0 s sigma 0",
        "times.lane=360 s exponential",
        "CKHN.lane 1=import",
        "CKHN.lane 2=none",
        "CKHN.lane 3=none",
        "rules.claim=240 h",
        "run.warmup=2 days",
        "run.days=60 days",
    };
    const int lanes = 4 + 1;
    const double load_offered = 960 / 86400.0 * 360;

    (void)state;
    load("normal-2025");
    for (size_t i = 0; i < COUNT_OF(SIMPLE); i++)
        set(SIMPLE[i]);
    set("CKHN.lane 7=import");
    play(4);
    double mean_s = spreads.wait_sum_ms / (double)spreads.wait_count / SECOND_MS;
    double wanted_s = erlang_c(lanes, load_offered) * 360 / (lanes - load_offered);
    assert_true(spreads.wait_count > 25000);
    if (fabs(mean_s / wanted_s - 1) > 0.08)
        fail_msg("mean wait %.1f s, Erlang-C says %.1f s", mean_s, wanted_s);
}

static void those_who_miss_their_calls_go_back_and_in_the_end_lose_their_place(void **state)
{
    (void)state;
    load("normal-2025");
    set("behaviour.missed_calls=100 %");
    set("TT.exports=100 %");
    play(1);
    assert_int_equal(tally.gates[1].exits[DIRECTION_EXPORT], 0);
    assert_true(tally.gates[1].fates[FATE_NO_SHOW] > 100);
    assert_true(tally.gates[1].no_shows > 2 * 100);
}

static void pairs_share_their_days(void **state)
{
    static struct pair pair;
    struct scenario longer;
    double apart;

    (void)state;
    load("normal-2025");
    longer = scenario;
    longer.gates[0].closes_ms += HOUR_MS;
    outcome_init(&pair.a, &scenario, 1, scenario.target);
    outcome_init(&pair.b, &longer, 1, scenario.target);
    assert_true(run_pair(&pair, 5));
    assert_int_equal(pair.a.runs, 5);
    const struct statistic *more = &pair.differences[0][FIGURE_EXITS];
    assert_true(more->mean > 30);
    apart = hypot(statistic_half_width(&pair.a.figures[0][FIGURE_EXITS]),
                  statistic_half_width(&pair.b.figures[0][FIGURE_EXITS]));
    assert_true(statistic_half_width(more) < 2 * apart);
    assert_true(pair.differences[1][FIGURE_EXITS].mean == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_lost),
        cmocka_unit_test(the_same_seed_gives_the_same_day),
        cmocka_unit_test(a_variant_meets_the_same_trucks),
        cmocka_unit_test(the_order_is_the_rules_and_the_steps_are_the_procedures),
        cmocka_unit_test(a_closed_gate_clears_nobody),
        cmocka_unit_test(endless_lanes_clear_all_who_come),
        cmocka_unit_test(lanes_wait_as_erlang_says),
        cmocka_unit_test(those_who_miss_their_calls_go_back_and_in_the_end_lose_their_place),
        cmocka_unit_test(pairs_share_their_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
