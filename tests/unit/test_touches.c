/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/gated/touches.h"

static void touches_clash_and_can_be_cleared(void **state)
{
    static struct touches touches;
    const uint64_t plate = touch_of("plate", SPAN("29C12345"));
    const uint64_t other = touch_of("key", SPAN("29C12345"));

    (void)state;
    assert_true(touches_add(&touches, &plate, 1));
    assert_true(touches_add(&touches, &other, 1));
    assert_false(touches_add(&touches, &plate, 1));
    assert_true(touches_have_room(&touches, TOUCHES_MAX - 2));
    assert_false(touches_have_room(&touches, TOUCHES_MAX - 1));
    touches_clear(&touches);
    assert_true(touches_add(&touches, &plate, 1));
    for (uint64_t i = 1; i < 3 * (uint64_t)TOUCHES_MAX; i++)
        (void)touches_add(&touches, &i, 1); /* a full set stays usable */
    assert_int_equal(touches.count, TOUCHES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(touches_clash_and_can_be_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
