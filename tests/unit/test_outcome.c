/* SPDX-License-Identifier: MIT
 * What is said about runs: intervals, the JSON, the tables, the page.
 */
#include "simulator/outcome.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/check.h"
#include "simulator/report.h"
#include "simulator/run.h"
#include "simulator/table.h"

static struct scenario scenario;
static struct outcome outcome;

static json_t *run_days(const char *name)
{
    struct scenario_error error;

    assert_true(scenario_load(&scenario, name, TESTS_DIR "/../simulator/scenarios", &error));
    outcome_init(&outcome, &scenario, 1, scenario.target);
    assert_true(run_model(&outcome, 3));
    return outcome_json(&outcome);
}

/* The textbook's: 1 2 3 4 5 has mean 3 and 3 ± 2.776 * sqrt(2.5 / 5). */
static void intervals_are_students(void **state)
{
    struct statistic few = {0}, many = {0};

    (void)state;
    assert_true(statistic_half_width(&few) == 0);
    for (int i = 1; i <= 5; i++)
        statistic_add(&few, i);
    assert_true(fabs(few.mean - 3) < 1e-9);
    assert_true(fabs(statistic_half_width(&few) - 2.776 * sqrt(0.5)) < 1e-3);
    for (int i = 0; i < 31; i++)
        statistic_add(&many, i % 2);
    assert_true(fabs(statistic_half_width(&many) / sqrt(many.squares / 30 / 31) - 2.0423) < 1e-3);
}

static void the_json_adds_up(void **state)
{
    json_t *json = run_days("normal-2025"), *gate, *figure;
    double all = 0, sum = 0;
    size_t g, i;

    (void)state;
    json_array_foreach (json_object_get(json, "figures"), i, figure) {
        if (strcmp(json_string_value(json_object_get(figure, "name")), "exits") != 0)
            continue;
        double mean = json_number_value(json_object_get(figure, "mean"));
        if (!strcmp(json_string_value(json_object_get(figure, "gate")), "all"))
            all = mean;
        else
            sum += mean;
    }
    assert_true(all > 1000 && fabs(all - sum) < 0.02);
    sum = 0;
    json_array_foreach (json_object_get(json, "gates"), g, gate)
        for (size_t h = 0; h < 24; h++)
            sum += json_number_value(json_array_get(json_object_get(gate, "exits_by_hour"), h));
    assert_true(fabs(all - sum) < 0.5);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(json, "verdict"), "gate")), "PASS");
    json_decref(json);
}

/* Whoever leaves minutes after closing has left, but does not help to make the target. */
static void exits_after_closing_do_not_count(void **state)
{
    struct scenario_error error;

    (void)state;
    assert_true(
        scenario_load(&scenario, "normal-2025", TESTS_DIR "/../simulator/scenarios", &error));
    scenario.far_side.middle_s = 1800; /* whom it has begun with at closing leaves long after */
    outcome_init(&outcome, &scenario, 1, 1);
    assert_true(run_model(&outcome, 2));
    const struct statistic *all = &outcome.figures[OUTCOME_ALL][FIGURE_EXITS];
    const struct statistic *counted = &outcome.figures[OUTCOME_ALL][FIGURE_EXITS_IN_HOURS];
    assert_true(counted->mean > 0 && all->mean - counted->mean >= 2);
    outcome.target = (int32_t)all->mean;
    assert_false(outcome_passes(&outcome));
    json_t *json = outcome_json(&outcome);
    const json_t *verdict = json_object_get(json, "verdict");
    assert_true(fabs(json_number_value(json_object_get(verdict, "exits")) +
                     json_number_value(json_object_get(verdict, "after_hours")) - all->mean) <
                0.02);
    json_decref(json);
}

static void a_target_the_lanes_cannot_make_fails(void **state)
{
    json_t *json = run_days("record");

    (void)state;
    assert_false(outcome_passes(&outcome));
    json_decref(json);
}

/* The page needs nothing but itself, and shows what a live run adds. */
static void the_report_stands_alone(void **state)
{
    json_t *json = run_days("tet-surge");
    struct buffer page = {0};

    (void)state;
    json_object_set_new(json, "title", json_string("<b>&\""));
    json_object_set_new(json, "latency",
                        json_pack("[{s:s, s:i, s:i, s:i, s:[[f,i],[f,i]]}]", "operation", "declare",
                                  "count", 5, "p50_us", 900, "p99_us", 4000, "curve", 0.5, 900,
                                  0.99, 4000));
    json_object_set_new(json, "machine",
                        json_pack("[{s:s, s:f, s:f, s:f, s:f}]", "program", "gated", "cpu_s", 12.5,
                                  "cpu_percent", 55.0, "memory_mib", 11.5, "memory_max_mib", 17.5));
    json_object_set_new(json, "refusals",
                        json_pack("[{s:s, s:i, s:s, s:i}]", "operation", "declare", "status", 409,
                                  "code", "plate_live", "count", 3));
    json_object_set_new(json_object_get(json, "verdict"), "software", json_string("PASS"));
    json_object_set_new(json_object_get(json, "verdict"), "headroom", json_real(321));
    json_object_set_new(json, "invariants",
                        json_pack("[{s:s, s:b, s:s}]", "name", "chain verifies", "holds", 1,
                                  "detail", "12 events"));
    report_write(json, &page);
    buffer_add(&page, (struct span){"", 1});
    assert_non_null(strstr(page.at, "&lt;b&gt;&amp;&quot;"));
    assert_non_null(strstr(page.at, "thông quan"));
    assert_non_null(strstr(page.at, "By the day"));
    assert_non_null(strstr(page.at, "declare"));
    assert_non_null(strstr(page.at, "chain verifies"));
    assert_non_null(strstr(page.at, "321 times the"));
    assert_non_null(strstr(page.at, "<td>gated</td><td>12.5</td><td>55</td>"));
    assert_non_null(strstr(page.at, "plate_live"));
    assert_null(strstr(page.at, "http"));
    assert_null(strstr(page.at, "<script"));
    assert_null(strstr(page.at, "nan"));
    buffer_free(&page);
    json_decref(json);
}

static void the_tables_can_be_printed(void **state)
{
    json_t *json = run_days("jam-2021");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    table_print(json, out);
    table_print_pair(json, json, NULL, out);
    fclose(out);
    assert_non_null(strstr(text, "by day, exits/stock"));
    assert_non_null(strstr(text, "gate A PASS, gate B PASS"));
    free(text);
    json_decref(json);
}

/* A run against a service, as live/account.c adds to the figures of its days. */
static json_t *live_days(double p99_us, double cpu_s, bool holds)
{
    json_t *json = run_days("june-2023"), *verdict = json_object_get(json, "verdict");

    json_object_set_new(json, "by", json_string("service"));
    json_object_set_new(json, "requests", json_integer(1000000));
    json_object_set_new(json, "requests_per_second", json_real(1500));
    json_object_set_new(
        json, "latency",
        json_pack("[{s:s, s:f, s:f}]", "operation", "declare", "p50_us", 900.0, "p99_us", p99_us));
    json_object_set_new(
        json, "machine",
        json_pack("[{s:s, s:f, s:f}]", "program", "gated", "cpu_s", cpu_s, "memory_max_mib", 17.5));
    json_object_set_new(json, "invariants",
                        json_pack("[{s:s, s:b, s:s}]", "name", "chain verifies", "holds",
                                  (int)holds, "detail", "a gap"));
    json_object_set_new(verdict, "software", json_string(holds ? "PASS" : "FAIL"));
    return json;
}

static void two_live_runs_are_compared_with_their_software(void **state)
{
    json_t *a = live_days(4000, 100, true), *b = live_days(8000, 150, false);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    table_print_pair(a, b, NULL, out);
    fclose(out);
    assert_non_null(
        strstr(text, "declare p99                 ms              4.00        8.00     2.00"));
    assert_non_null(
        strstr(text, "gated, CPU a request        us            100.00      150.00     1.50"));
    assert_null(strstr(text, "BROKEN in A"));
    assert_non_null(strstr(text, "BROKEN in B  chain verifies: a gap"));
    assert_non_null(strstr(text, "software A PASS, software B FAIL"));
    free(text);
    json_decref(a);
    json_decref(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_students),
        cmocka_unit_test(the_json_adds_up),
        cmocka_unit_test(exits_after_closing_do_not_count),
        cmocka_unit_test(a_target_the_lanes_cannot_make_fails),
        cmocka_unit_test(the_report_stands_alone),
        cmocka_unit_test(the_tables_can_be_printed),
        cmocka_unit_test(two_live_runs_are_compared_with_their_software),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
