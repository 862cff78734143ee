/* SPDX-License-Identifier: MIT */
#include "common/form/phone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char phone[PHONE_ROOM];

static void assert_phone(const char *typed, const char *expected)
{
    assert_int_equal(phone_read(span_of(typed), phone), MESSAGE_NONE);
    assert_string_equal(phone, expected);
    assert_int_equal(phone_read(span_of(expected), phone), MESSAGE_NONE);
    assert_string_equal(phone, expected);
}

static void writes_vietnamese_numbers_as_e164(void **state)
{
    (void)state;
    assert_phone("0912345678", "+84912345678");
    assert_phone("+84 912 345 678", "+84912345678");
    assert_phone("0084-912.345.678", "+84912345678");
    assert_phone("(03) 12345678", "+84312345678");
    assert_phone("０５６７８９０１２３", "+84567890123");
}

static void writes_chinese_numbers_as_e164(void **state)
{
    (void)state;
    assert_phone("13812345678", "+8613812345678");
    assert_phone("+86 198 1234 5678", "+8619812345678");
    assert_phone("008613812345678", "+8613812345678");
}

static void refuses_everything_else(void **state)
{
    static const char *const BAD[] = {
        "",
        "0212345678",
        "091234567",
        "09123456789",
        "84912345678",
        "12812345678",
        "138123456789",
        "+8512345678",
        "0912345abc",
        "+",
        "0",
        "()",
        "\xFF",
        "+840912345678",
        "000000000000000000000000000000",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_int_equal(phone_read(span_of(BAD[i]), phone), MESSAGE_PHONE_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_vietnamese_numbers_as_e164),
        cmocka_unit_test(writes_chinese_numbers_as_e164),
        cmocka_unit_test(refuses_everything_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
