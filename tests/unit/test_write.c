/* SPDX-License-Identifier: MIT */
#include "common/json/write.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void puts_commas_between_members_and_nowhere_else(void **state)
{
    struct buffer out = {0};

    (void)state;
    write_object(&out, NULL);
    write_text(&out, "a", SPAN("{"));
    write_text(&out, "b", SPAN("["));
    write_object(&out, "c");
    write_object_end(&out);
    write_array(&out, "d");
    write_array_end(&out);
    write_array(&out, "e");
    write_integer(&out, NULL, -1);
    write_object(&out, NULL);
    write_flag(&out, "f", true);
    write_flag(&out, "g", false);
    write_object_end(&out);
    write_null(&out, NULL);
    write_array_end(&out);
    write_raw(&out, "h", SPAN("[1, 2]"));
    write_object_end(&out);
    assert_string_equal(out.at, "{\"a\":\"{\",\"b\":\"[\",\"c\":{},\"d\":[],"
                                "\"e\":[-1,{\"f\":true,\"g\":false},null],\"h\":[1, 2]}");
    buffer_free(&out);
}

static void writes_decimals_exactly(void **state)
{
    static const struct {
        int64_t scaled;
        int decimals;
        const char *text;
    } CASES[] = {
        {0, 3, "0"},
        {1, 3, "0.001"},
        {100, 3, "0.1"},
        {19500125, 3, "19500.125"},
        {18000000, 3, "18000"},
        {120, 0, "120"},
        {INT64_MAX, 0, "9223372036854775807"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buffer out = {0};
        write_decimal(&out, NULL, CASES[i].scaled, CASES[i].decimals);
        assert_string_equal(out.at, CASES[i].text);
        buffer_free(&out);
    }
}

static void writes_instants_in_hanoi_time(void **state)
{
    struct buffer out = {0};

    (void)state;
    write_instant(&out, "at", 1795397400000);
    assert_string_equal(out.at, "\"at\":\"2026-11-23T08:30:00+07:00\"");
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_commas_between_members_and_nowhere_else),
        cmocka_unit_test(writes_decimals_exactly),
        cmocka_unit_test(writes_instants_in_hanoi_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
