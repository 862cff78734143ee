/* SPDX-License-Identifier: MIT */
#include "common/form/failures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void an_empty_list_is_no_fault(void **state)
{
    struct failures failures = failures_new(*state);
    struct buffer out = {0};

    assert_int_equal(failures_fault(&failures), OK);
    failures_write(&failures, &out);
    assert_string_equal(out.at, "[]");
    buffer_free(&out);
}

static void keeps_the_order_and_writes_pointer_code_and_detail(void **state)
{
    struct failures failures = failures_new(*state);
    struct buffer out = {0};

    failures_add(&failures, SPAN("/a\"b"), MESSAGE_REQUIRED);
    failures_add_detail(&failures, SPAN("/b"), MESSAGE_TOO_LONG, "max %d", 40);
    assert_int_equal(failures_fault(&failures), FAULT_INVALID_FIELDS);
    failures_write(&failures, &out);
    assert_string_equal(out.at,
                        "[{\"pointer\":\"/a\\\"b\",\"code\":\"required\",\"@text\":\"required\"},"
                        "{\"pointer\":\"/b\",\"code\":\"too_long\",\"@text\":\"too_long\","
                        "\"detail\":\"max 40\"}]");
    buffer_free(&out);
}

static void counts_all_but_keeps_a_bounded_number(void **state)
{
    struct failures failures = failures_new(*state);
    size_t kept = 0;

    for (int i = 0; i < 250; i++)
        failures_add_detail(&failures, SPAN("/x"), MESSAGE_REQUIRED, "%d", i);
    for (const struct failure *f = failures.first; f; f = f->next)
        kept++;
    assert_int_equal(failures.count, 250);
    assert_int_equal(kept, FAILURES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_list_is_no_fault, setup, teardown),
        cmocka_unit_test_setup_teardown(keeps_the_order_and_writes_pointer_code_and_detail, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(counts_all_but_keeps_a_bounded_number, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
