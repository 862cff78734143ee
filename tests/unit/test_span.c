/* SPDX-License-Identifier: MIT */
#include "common/base/span.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void takes_the_part_before_the_separator(void **state)
{
    struct span rest = SPAN("a,bc,,d");

    (void)state;
    assert_true(span_is(span_take(&rest, ','), "a"));
    assert_true(span_is(span_take(&rest, ','), "bc"));
    assert_true(span_is(span_take(&rest, ','), ""));
    assert_true(span_is(rest, "d"));
    assert_true(span_is(span_take(&rest, ','), "d"));
    assert_int_equal(rest.size, 0);
    assert_int_equal(span_take(&rest, ',').size, 0);
}

static void compares_bytes_and_lengths(void **state)
{
    (void)state;
    assert_true(span_is_equal(SPAN(""), (struct span){0}));
    assert_false(span_is(SPAN("ab"), "abc"));
    assert_false(span_is(SPAN("ab"), "ac"));
    assert_true(span_starts_with(SPAN("abc"), SPAN("ab")));
    assert_true(span_starts_with(SPAN("abc"), SPAN("")));
    assert_false(span_starts_with(SPAN("a"), SPAN("ab")));
    assert_int_equal(span_of(NULL).size, 0);
}

static void trims_blanks_and_tabs(void **state)
{
    (void)state;
    assert_true(span_is(span_trim(SPAN(" \t a b\t ")), "a b"));
    assert_true(span_is(span_trim(SPAN("ab")), "ab"));
    assert_int_equal(span_trim(SPAN(" \t ")).size, 0);
    assert_int_equal(span_trim(span_of(NULL)).size, 0);
}

static void reads_whole_numbers_up_to_a_maximum(void **state)
{
    uint64_t number = 7;

    (void)state;
    assert_true(span_to_number(SPAN("0"), 0, &number));
    assert_int_equal(number, 0);
    assert_true(span_to_number(SPAN("0042"), 42, &number));
    assert_int_equal(number, 42);
    assert_true(span_to_number(SPAN("18446744073709551615"), UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_false(span_to_number(SPAN("18446744073709551616"), UINT64_MAX, &number));
    assert_false(span_to_number(SPAN("43"), 42, &number));
    assert_false(span_to_number(SPAN("7"), 5, &number));
    assert_false(span_to_number(SPAN(""), 9, &number));
    assert_false(span_to_number(SPAN("-1"), 9, &number));
    assert_false(span_to_number(SPAN("1 "), 9, &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_part_before_the_separator),
        cmocka_unit_test(compares_bytes_and_lengths),
        cmocka_unit_test(trims_blanks_and_tabs),
        cmocka_unit_test(reads_whole_numbers_up_to_a_maximum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
