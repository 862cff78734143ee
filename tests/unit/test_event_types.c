/* SPDX-License-Identifier: MIT
 * Lists of event types in a query.
 */
#include "services/gated/event_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void one_or_several_that_there_are(void **state)
{
    (void)state;
    assert_true(event_types_are_known(SPAN("step")));
    assert_true(event_types_are_known(SPAN("called,step")));
    assert_true(event_types_are_known(SPAN("pass_key_ended,declared")));
}

static void each_of_them_must_be_one(void **state)
{
    (void)state;
    assert_false(event_types_are_known(SPAN("")));
    assert_false(event_types_are_known(SPAN("steps")));
    assert_false(event_types_are_known(SPAN("Step")));
    assert_false(event_types_are_known(SPAN("called,walk")));
    assert_false(event_types_are_known(SPAN("called, step")));
}

static void commas_stand_between(void **state)
{
    (void)state;
    assert_false(event_types_are_known(SPAN(",")));
    assert_false(event_types_are_known(SPAN("called,")));
    assert_false(event_types_are_known(SPAN(",called")));
    assert_false(event_types_are_known(SPAN("called,,step")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_or_several_that_there_are),
        cmocka_unit_test(each_of_them_must_be_one),
        cmocka_unit_test(commas_stand_between),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
