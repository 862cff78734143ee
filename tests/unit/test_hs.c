/* SPDX-License-Identifier: MIT */
#include "common/form/hs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char hs[HS_ROOM];

static void reads_eight_and_ten_digits(void **state)
{
    (void)state;
    assert_int_equal(hs_read(SPAN("0810.60.00"), hs), MESSAGE_NONE);
    assert_string_equal(hs, "08106000");
    assert_int_equal(hs_read(SPAN("0810600000"), hs), MESSAGE_NONE);
    assert_string_equal(hs, "0810600000");
}

static void refuses_other_forms(void **state)
{
    static const char *const BAD[] = {"",         "081060",   "081060000", "08106000000",
                                      "00106000", "77106000", "0810600X",  "0810600é"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        assert_int_equal(hs_read(span_of(BAD[i]), hs), MESSAGE_HS_FORMAT);
        assert_string_equal(hs, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_eight_and_ten_digits),
        cmocka_unit_test(refuses_other_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
