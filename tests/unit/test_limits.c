/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>

#include "services/gated/limits.h"

static void a_quota_can_be_used_at_once_and_then_no_more(void **state)
{
    struct limits *limits = limits_new();
    const struct bucket_policy *policy = limits_policy(BUCKET_SIGN_IN);
    struct limit_state left = {0};

    (void)state;
    for (int64_t i = 0; i < policy->quota; i++) {
        left = limits_take(limits, BUCKET_SIGN_IN, "a", 1000);
        assert_true(left.is_allowed);
        assert_int_equal(left.remaining, policy->quota - 1 - i);
    }
    assert_int_equal(left.reset_s, policy->window_s);
    left = limits_take(limits, BUCKET_SIGN_IN, "a", 1000);
    assert_false(left.is_allowed);
    assert_int_equal(left.remaining, 0);
    assert_int_equal(left.retry_after_s, policy->window_s / policy->quota);
    limits_free(limits);
}

static void it_grows_back_with_time_and_not_beyond(void **state)
{
    struct limits *limits = limits_new();
    const struct bucket_policy *policy = limits_policy(BUCKET_SIGN_IN);
    int64_t step_ms = policy->window_s * 1000 / policy->quota;

    (void)state;
    for (int64_t i = 0; i < policy->quota; i++)
        (void)limits_take(limits, BUCKET_SIGN_IN, "a", 0);
    assert_false(limits_take(limits, BUCKET_SIGN_IN, "a", step_ms - 10).is_allowed);
    assert_true(limits_take(limits, BUCKET_SIGN_IN, "a", step_ms + 10).is_allowed);
    assert_false(limits_take(limits, BUCKET_SIGN_IN, "a", step_ms + 20).is_allowed);
    struct limit_state full = limits_take(limits, BUCKET_SIGN_IN, "a", 3600000);
    assert_int_equal(full.remaining, policy->quota - 1);
    limits_free(limits);
}

static void clients_and_buckets_are_apart(void **state)
{
    struct limits *limits = limits_new();
    const struct bucket_policy *policy = limits_policy(BUCKET_SIGN_IN);

    (void)state;
    for (int64_t i = 0; i < policy->quota; i++)
        (void)limits_take(limits, BUCKET_SIGN_IN, "a", 0);
    assert_false(limits_take(limits, BUCKET_SIGN_IN, "a", 0).is_allowed);
    assert_true(limits_take(limits, BUCKET_SIGN_IN, "b", 0).is_allowed);
    assert_true(limits_take(limits, BUCKET_KIOSK, "a", 0).is_allowed);
    limits_free(limits);
}

static void one_customer_is_one_client(void **state)
{
    char one[LIMIT_ADDRESS_ROOM], other[LIMIT_ADDRESS_ROOM];

    (void)state;
    limits_client_of("2001:db8:1:2:3:4:5:6", one);
    limits_client_of("2001:db8:1:2::99", other);
    assert_string_equal(one, other);
    limits_client_of("2001:db8:1:3::99", other);
    assert_string_not_equal(one, other);
    limits_client_of("::ffff:192.0.2.7", one);
    assert_string_equal(one, "::ffff:192.0.2.7");
    limits_client_of("192.0.2.7", one);
    assert_string_equal(one, "192.0.2.7");
}

static void an_office_behind_one_address_signs_in_at_once(void **state)
{
    const struct bucket_policy *name = limits_policy(BUCKET_SIGN_IN);
    const struct bucket_policy *office = limits_policy(BUCKET_SIGN_IN_ADDRESS);

    (void)state;
    assert_true(office->quota >= 100 && office->window_s <= 60);
    assert_true(name->quota <= 10); /* of one name no more than a person types */
}

static void many_clients_do_not_fill_the_memory(void **state)
{
    struct limits *limits = limits_new();
    char name[16];

    (void)state;
    for (int i = 0; i < LIMIT_CLIENTS_MAX + 100; i++) {
        snprintf(name, sizeof name, "%d", i);
        assert_true(limits_take(limits, BUCKET_ADDRESS, name, i).is_allowed);
    }
    limits_free(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quota_can_be_used_at_once_and_then_no_more),
        cmocka_unit_test(it_grows_back_with_time_and_not_beyond),
        cmocka_unit_test(clients_and_buckets_are_apart),
        cmocka_unit_test(one_customer_is_one_client),
        cmocka_unit_test(an_office_behind_one_address_signs_in_at_once),
        cmocka_unit_test(many_clients_do_not_fill_the_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
