/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/gated/gate_time.h"

static void the_header_is_for_a_sandbox_only(void **state)
{
    int64_t ms;

    (void)state;
    assert_int_equal(gate_time_read(NULL, false, &ms), OK);
    assert_int_equal(ms, 0);
    assert_int_equal(gate_time_read("2026-11-23T08:30:00+07:00", false, &ms),
                     FAULT_GATE_TIME_REFUSED);
    assert_int_equal(gate_time_read("2026-11-23T08:30:00+07:00", true, &ms), OK);
    assert_int_equal(ms, INT64_C(1795397400000));
    assert_int_equal(gate_time_read("2026-11-23 08:30", true, &ms), FAULT_GATE_TIME_INVALID);
    assert_int_equal(gate_time_read("", true, &ms), FAULT_GATE_TIME_INVALID);
}

static void without_the_header_time_is_the_walls_and_never_goes_back(void **state)
{
    struct gate_clock clock = {0};

    (void)state;
    assert_int_equal(gate_clock_move(&clock, 0, 100), 100);
    assert_int_equal(gate_clock_move(&clock, 0, 90), 100);
    assert_int_equal(gate_clock_now(&clock, 90), 100);
    assert_int_equal(gate_clock_now(&clock, 110), 110);
}

static void a_driven_clock_stands_still_between_requests(void **state)
{
    struct gate_clock clock = {0};

    (void)state;
    assert_int_equal(gate_clock_move(&clock, 0, 1000), 1000);
    assert_int_equal(gate_clock_move(&clock, 500, 1001), 500); /* the day starts where it says */
    assert_int_equal(gate_clock_move(&clock, 400, 1002), 500);
    assert_int_equal(gate_clock_move(&clock, 0, 1003), 500);
    assert_int_equal(gate_clock_now(&clock, 1004), 500);
    assert_int_equal(gate_clock_move(&clock, 2000, 1005), 2000);
    assert_int_equal(gate_clock_now(&clock, 9999), 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_is_for_a_sandbox_only),
        cmocka_unit_test(without_the_header_time_is_the_walls_and_never_goes_back),
        cmocka_unit_test(a_driven_clock_stands_still_between_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
