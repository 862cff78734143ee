/* SPDX-License-Identifier: MIT */
#include "common/form/taxcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char code[TAXCODE_ROOM];

static void assert_code(const char *typed, const char *expected)
{
    assert_int_equal(taxcode_read(span_of(typed), code), MESSAGE_NONE);
    assert_string_equal(code, expected);
    assert_int_equal(taxcode_read(span_of(expected), code), MESSAGE_NONE);
    assert_string_equal(code, expected);
}

static void accepts_codes_with_the_right_check_digit(void **state)
{
    (void)state;
    assert_code("0100047516", "0100047516"); /* the circular's own example */
    assert_code("0100109106", "0100109106");
    assert_code("9900000016", "9900000016");
    assert_code("9900000023", "9900000023");
    assert_code(" 0100109106\t", "0100109106");
}

static void keeps_branches_and_persons(void **state)
{
    (void)state;
    assert_code("0100109106-001", "0100109106-001");
    assert_code("0100109106999", "0100109106-999");
    assert_code("001099000001", "001099000001");
}

static void refuses_every_other_check_digit(void **state)
{
    (void)state;
    for (char digit = '0'; digit <= '9'; digit++) {
        char text[] = "010004751?";
        text[9] = digit;
        assert_int_equal(taxcode_read(span_of(text), code),
                         digit == '6' ? MESSAGE_NONE : MESSAGE_TAX_CODE_CHECK);
    }
}

static void a_body_whose_digit_would_be_ten_was_never_issued(void **state)
{
    (void)state;
    for (char digit = '0'; digit <= '9'; digit++) {
        char text[] = "490012345?";
        text[9] = digit;
        assert_int_equal(taxcode_read(span_of(text), code), MESSAGE_TAX_CODE_CHECK);
    }
}

static void refuses_other_forms(void **state)
{
    static const char *const BAD[] = {
        "",           "010004751",     "01000475161", "0100047516-000", "0100047516-01",
        "010004751X", "01000475160010"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        assert_int_equal(taxcode_read(span_of(BAD[i]), code), MESSAGE_TAX_CODE_FORMAT);
        assert_string_equal(code, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_codes_with_the_right_check_digit),
        cmocka_unit_test(keeps_branches_and_persons),
        cmocka_unit_test(refuses_every_other_check_digit),
        cmocka_unit_test(a_body_whose_digit_would_be_ten_was_never_issued),
        cmocka_unit_test(refuses_other_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
