/* SPDX-License-Identifier: MIT */
#include "common/form/customs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char text[BORDER_GUARD_ROOM];

static void the_first_digit_is_the_direction(void **state)
{
    (void)state;
    assert_int_equal(customs_number_read(SPAN("3060 1234 5670"), DIRECTION_EXPORT, text),
                     MESSAGE_NONE);
    assert_string_equal(text, "306012345670");
    assert_int_equal(customs_number_read(SPAN("106012345670"), DIRECTION_IMPORT, text),
                     MESSAGE_NONE);
    assert_int_equal(customs_number_read(SPAN("306012345670"), DIRECTION_IMPORT, text),
                     MESSAGE_CUSTOMS_NUMBER_DIRECTION);
    assert_int_equal(customs_number_read(SPAN("106012345670"), DIRECTION_EXPORT, text),
                     MESSAGE_CUSTOMS_NUMBER_DIRECTION);
}

static void refuses_other_forms(void **state)
{
    static const char *const BAD[] = {"", "30601234567", "3060123456701", "206012345670",
                                      "30601234567X"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_int_equal(customs_number_read(span_of(BAD[i]), DIRECTION_EXPORT, text),
                         MESSAGE_CUSTOMS_NUMBER_FORMAT);
}

static void reads_types(void **state)
{
    (void)state;
    assert_int_equal(customs_type_read(SPAN("b11"), text), MESSAGE_NONE);
    assert_string_equal(text, "B11");
    assert_int_equal(customs_type_read(SPAN("E62"), text), MESSAGE_NONE);
    assert_int_equal(customs_type_read(SPAN("B1"), text), MESSAGE_CUSTOMS_TYPE_FORMAT);
    assert_int_equal(customs_type_read(SPAN("B111"), text), MESSAGE_CUSTOMS_TYPE_FORMAT);
    assert_int_equal(customs_type_read(SPAN("111"), text), MESSAGE_CUSTOMS_TYPE_FORMAT);
    assert_int_equal(customs_type_read(SPAN("BB1"), text), MESSAGE_CUSTOMS_TYPE_FORMAT);
}

static void a_border_guard_number_begins_with_its_day(void **state)
{
    (void)state;
    assert_int_equal(border_guard_number_read(SPAN("22112026 00001"), text), MESSAGE_NONE);
    assert_string_equal(text, "2211202600001");
    assert_int_equal(border_guard_number_read(SPAN("2026112200001"), text),
                     MESSAGE_BORDER_GUARD_NUMBER_FORMAT);
    assert_int_equal(border_guard_number_read(SPAN("221120260001"), text),
                     MESSAGE_BORDER_GUARD_NUMBER_FORMAT);
    assert_int_equal(border_guard_number_read(SPAN("2211202600001X"), text),
                     MESSAGE_BORDER_GUARD_NUMBER_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_digit_is_the_direction),
        cmocka_unit_test(refuses_other_forms),
        cmocka_unit_test(reads_types),
        cmocka_unit_test(a_border_guard_number_begins_with_its_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
