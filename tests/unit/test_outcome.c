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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_students),
        cmocka_unit_test(the_json_adds_up),
        cmocka_unit_test(a_target_the_lanes_cannot_make_fails),
        cmocka_unit_test(the_report_stands_alone),
        cmocka_unit_test(the_tables_can_be_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
