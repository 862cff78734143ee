/* SPDX-License-Identifier: MIT */
#include "simulator/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/check.h"

static const char FOLDER[] = TESTS_DIR "/../simulator/scenarios";

static struct scenario scenario;
static struct scenario_error error;

/* Texts by name, beside those that are shipped. */
struct text {
    const char *name, *text;
};

static char shipped[16384];

static bool source(void *owner, const char *name, struct span *text)
{
    const struct text *texts = owner;
    char path[512];

    for (; texts->name; texts++)
        if (!strcmp(texts->name, name)) {
            *text = span_of(texts->text);
            return true;
        }
    snprintf(path, sizeof path, "%s/%s.scenario", FOLDER, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    *text = (struct span){shipped, fread(shipped, 1, sizeof shipped, file)};
    fclose(file);
    return true;
}

static bool read_text(const char *text)
{
    struct text texts[] = {{"here", text}, {"circle", "extends = circle\n"}, {NULL, NULL}};

    return scenario_read(&scenario, "here", source, texts, &error);
}

static void those_shipped_are_good(void **state)
{
    static const struct {
        const char *name;
        int target;
        double vehicles;
    } SHIPPED[] = {
        {"normal-2025", 1201, 1201}, {"july-2025", 1453, 1453}, {"record", 1911, 1911},
        {"target-2027", 3700, 3700}, {"tet-surge", 1201, 1201}, {"far-side-slow", 1201, 1201},
        {"closure", 1201, 1201},     {"jam-2021", 300, 330},    {"kiosk-outage", 1201, 1201},
        {"bots", 1201, 1201},        {"june-2023", 1050, 1050},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(SHIPPED); i++) {
        bool is_good = scenario_load(&scenario, SHIPPED[i].name, FOLDER, &error);
        if (!is_good)
            print_error("%s\n", error.text);
        assert_true(is_good);
        assert_int_equal(scenario.target, SHIPPED[i].target);
        assert_int_equal(scenario.gate_count, 2);
        assert_true(scenario.gates[0].vehicles + scenario.gates[1].vehicles == SHIPPED[i].vehicles);
    }
}

static void values_are_taken_with_their_units(void **state)
{
    (void)state;
    assert_true(read_text("extends = base\n"
                          "[times]\nlane = 1.5 min sigma 0.25 # a remark\nfee = 20 s exponential\n"
                          "[rules]\ngrace = 2 h\nreturn_delays = 5 min 1 h 2 h\n"
                          "[behaviour]\nyellow = 12.5 %\n"
                          "[gate TT]\ncloses = 24:00\nlane 9 = export perishable\nlane 1 = none\n"
                          "closure = day 2 09:30 for 90 min\ndocks = 12 docks\n"));
    assert_true(scenario.lane.middle_s == 90 && scenario.lane.sigma == 0.25);
    assert_int_equal(scenario.fee.kind, LAW_EXPONENTIAL);
    assert_int_equal(scenario.grace_ms, 2 * HOUR_MS);
    assert_int_equal(scenario.return_delays, 3);
    assert_int_equal(scenario.return_delay_ms[2], 2 * HOUR_MS);
    assert_true(scenario.yellow == 0.125);
    const struct gate_plan *gate = &scenario.gates[scenario_gate(&scenario, SPAN("TT"))];
    assert_int_equal(gate->closes_ms, DAY_MS);
    assert_int_equal(gate->lanes[9].directions, 1U << DIRECTION_EXPORT);
    assert_int_equal(gate->lanes[9].classes, 1U << CLASS_PERISHABLE);
    assert_int_equal(gate->lanes[1].directions, 0);
    assert_int_equal(gate->closures[0].from_ms, DAY_MS + 9 * HOUR_MS + 30 * MINUTE_MS);
    assert_int_equal(gate->closures[0].until_ms, DAY_MS + 11 * HOUR_MS);
    assert_int_equal(gate->docks, 12);
}

static void what_is_wrong_is_named_with_its_line(void **state)
{
    static const struct {
        const char *text, *message;
    } WRONG[] = {
        {"", "here:1: no gate; expected"},
        {"extends = base\nspeed = 3\n", "here:2: unknown key 'speed'"},
        {"extends = base\n[times]\nlame = 5 min\n",
         "here:3: unknown key 'lame' in [times]; expected one of registered"},
        {"extends = base\n[weather]\n", "here:2: unknown section [weather]; expected run"},
        {"extends = base\n[times\n", "here:2: a section that does not end"},
        {"extends = base\n[times]\nlane = 5\n", "here:3: 'lane = 5'; expected a law"},
        {"extends = base\n[times]\nlane = 5 kg sigma 1\n", "expected a law"},
        {"extends = base\n[times]\nlane = 5 min sigma 9\n", "expected a law"},
        {"extends = base\n[times]\nlane = -5 min sigma 1\n", "expected a law"},
        {"extends = base\n[behaviour]\nyellow = 120 %\n",
         "here:3: 'yellow = 120 %'; expected a number from 0 to 100"},
        {"extends = base\n[behaviour]\nyellow = 0.2\n", "expected a number from 0 to 100 and '%'"},
        {"extends = base\n[behaviour]\nyellow = 60 %\nred = 50 %\n",
         "here:3: yellow and red sum to 110.00 %"},
        {"extends = base\n[goods]\nimport_general = 50 %\n", "here:3: the shares 'import_"},
        {"extends = base\n[demand]\nhourly = 1 2 3 %\n", "expected 24 numbers"},
        {"extends = base\n[demand]\nhourly = 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 %\n",
         "here:3: the shares 'hourly"},
        {"extends = base\n[demand]\narrivals_from = 25:00\n", "expected a time of the day"},
        {"extends = base\n[demand]\narrivals_from = 21:00\n",
         "here:3: 'arrivals_from' is not before 'arrivals_until'"},
        {"extends = base\n[gate CKHN]\nopens = 20:00\n",
         "here:3: gate CKHN: 'opens' is not before 'closes'"},
        {"extends = base\n[gate CKHN]\ncloses = 06:00\n",
         "here:3: gate CKHN: 'opens' is not before 'closes'"},
        {"extend = base\n",
         "here:1: unknown key 'extend' before the first section; expected extends"},
        {"extends = base\n[gate CKHN]\nvehicles = 99999999 a day\n",
         "expected a number from 0 to 100000"},
        {"extends = base\n[gate CKHN]\nvehicles = 800 a week\n", "and 'a day'"},
        {"extends = base\n[gate CKHN]\nlane 0 = import\n", "here:3: 'lane 0'; expected a number"},
        {"extends = base\n[gate CKHN]\nlane 7 = sideways\n", "expected import, export"},
        {"extends = base\n[gate CKHN]\nlane 7 = general\n", "a lane without direction"},
        {"extends = base\n[gate CKHN]\nclosure = noon\n", "expected such as 'day 1 13:00 for 2 h'"},
        {"extends = base\n[gate ckhn]\n", "expected a gate's code"},
        {"extends = base\n[gate HN]\nlane 1 = import\n",
         "here:2: 'vehicles' is missing in [gate HN]"},
        {"extends = base\n[run]\ntarget = 1 exits a day\ntarget = 2 exits a day\n",
         "here:4: 'target' stands here for the second time, first in line 3"},
        {"extends = base\n[run]\ndays = 1.5 days\n", "expected a whole number"},
        {"extends = nowhere\n", "here:1: no scenario 'nowhere'"},
        {"extends = circle\n", "expected no circle"},
        {"[times]\nextends = base\n", "expected before the first one"},
        {"nonsense\n", "here:1: 'nonsense'; expected 'key = value unit'"},
        {"[gate CKHN]\nlane 1 = import\n", "here:1: 'title' is missing"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        assert_false(read_text(WRONG[i].text));
        if (!strstr(error.text, WRONG[i].message))
            print_error("%zu: %s\n", i, error.text);
        assert_non_null(strstr(error.text, WRONG[i].message));
    }
}

static void one_key_can_be_changed(void **state)
{
    (void)state;
    assert_true(scenario_load(&scenario, "normal-2025", FOLDER, &error));
    assert_true(scenario_set(&scenario, "times.lane=2 min sigma 0", &error));
    assert_true(scenario_set(&scenario, "CKHN.lane 7 = import", &error));
    assert_true(scenario_set(&scenario, "CKHN.closes=22:00", &error));
    assert_true(scenario_set(&scenario, "CKHN.closes=23:00", &error));
    assert_true(scenario_check(&scenario, &error));
    assert_true(scenario.lane.middle_s == 120);
    assert_int_equal(scenario.gates[0].lanes[7].directions, 1U << DIRECTION_IMPORT);
    assert_int_equal(scenario.gates[0].closes_ms, 23 * HOUR_MS);
    assert_false(scenario_set(&scenario, "lane=2", &error));
    assert_false(scenario_set(&scenario, "gate.closes=22:00", &error));
    assert_false(scenario_set(&scenario, "XX.closes=22:00", &error));
    assert_true(scenario_set(&scenario, "behaviour.red=90 %", &error));
    assert_false(scenario_check(&scenario, &error));
    assert_non_null(strstr(error.text, "yellow and red"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_shipped_are_good),
        cmocka_unit_test(values_are_taken_with_their_units),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(one_key_can_be_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
