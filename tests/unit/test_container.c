/* SPDX-License-Identifier: MIT */
#include "common/form/container.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct container container;

static void normalises_and_checks_the_digit(void **state)
{
    (void)state;
    assert_int_equal(container_read(SPAN("csqu 305438-3"), &container), MESSAGE_NONE);
    assert_string_equal(container.text, "CSQU3054383");
    assert_true(container.is_check_right);
}

static void the_remainder_ten_is_written_zero(void **state)
{
    (void)state;
    assert_int_equal(container_read(SPAN("CSQU3050080"), &container), MESSAGE_NONE);
    assert_true(container.is_check_right);
}

static void a_wrong_digit_is_accepted_and_told(void **state)
{
    (void)state;
    for (char digit = '0'; digit <= '9'; digit++) {
        char text[] = "CSQU305438?";
        text[10] = digit;
        assert_int_equal(container_read(span_of(text), &container), MESSAGE_NONE);
        assert_int_equal(container.is_check_right, digit == '3');
    }
}

/* The letters skip 11, 22 and 33; a second way to compute their values. */
static void every_letter_has_its_value(void **state)
{
    unsigned value = 10;

    (void)state;
    for (char letter = 'A'; letter <= 'Z'; letter++, value++) {
        char text[] = "?AAU0000000";
        value += value % 11 == 0;
        text[0] = letter;
        text[10] = (char)('0' + (value + 10 * 2 + 10 * 4 + 32 * 8) % 11 % 10);
        assert_int_equal(container_read(span_of(text), &container), MESSAGE_NONE);
        assert_true(container.is_check_right);
    }
}

static void refuses_other_forms(void **state)
{
    static const char *const BAD[] = {"",
                                      "CSQU305438",
                                      "CSQU30543833",
                                      "CSQA3054383",
                                      "CS1U3054383",
                                      "CSQU305438X",
                                      "桂SQU3054383",
                                      "\xFF"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_int_equal(container_read(span_of(BAD[i]), &container), MESSAGE_CONTAINER_FORMAT);
    assert_int_equal(container_read(SPAN("CSQJ3054383"), &container), MESSAGE_NONE);
    assert_int_equal(container_read(SPAN("CSQZ3054383"), &container), MESSAGE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalises_and_checks_the_digit),
        cmocka_unit_test(the_remainder_ten_is_written_zero),
        cmocka_unit_test(a_wrong_digit_is_accepted_and_told),
        cmocka_unit_test(every_letter_has_its_value),
        cmocka_unit_test(refuses_other_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
