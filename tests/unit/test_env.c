/* SPDX-License-Identifier: MIT */
#include "common/base/env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/check.h"

static const char *address;
static int64_t port;
static bool is_sandbox;

static const struct setting SETTINGS[] = {
    {"TEST_ADDRESS", SETTING_TEXT, "127.0.0.1", "address", 0, 0, &address},
    {"TEST_PORT", SETTING_NUMBER, "8080", "port", 0, 65535, &port},
    {"TEST_SANDBOX", SETTING_FLAG, "false", "sandbox", 0, 0, &is_sandbox},
};

static int unset_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(SETTINGS); i++)
        unsetenv(SETTINGS[i].name);
    return 0;
}

static void falls_back_when_nothing_or_nothing_much_is_given(void **state)
{
    (void)state;
    setenv("TEST_ADDRESS", "", 1);
    assert_true(env_read(SETTINGS, COUNT_OF(SETTINGS)));
    assert_string_equal(address, "127.0.0.1");
    assert_int_equal(port, 8080);
    assert_false(is_sandbox);
}

static void takes_what_is_given(void **state)
{
    (void)state;
    setenv("TEST_ADDRESS", "0.0.0.0", 1);
    setenv("TEST_PORT", "0", 1);
    setenv("TEST_SANDBOX", "on", 1);
    assert_true(env_read(SETTINGS, COUNT_OF(SETTINGS)));
    assert_string_equal(address, "0.0.0.0");
    assert_int_equal(port, 0);
    assert_true(is_sandbox);
}

static void refuses_what_is_impossible(void **state)
{
    static const char *const BAD_PORTS[] = {"65536", "-1", "80x", "x", "99999999999999999999"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD_PORTS); i++) {
        setenv("TEST_PORT", BAD_PORTS[i], 1);
        assert_false(env_read(SETTINGS, COUNT_OF(SETTINGS)));
    }
    setenv("TEST_PORT", "80", 1);
    setenv("TEST_SANDBOX", "maybe", 1);
    assert_false(env_read(SETTINGS, COUNT_OF(SETTINGS)));
}

static void refuses_to_go_without_what_is_required(void **state)
{
    const struct setting required = {"TEST_REQUIRED", SETTING_TEXT, NULL, "needed", 0, 0, &address};

    (void)state;
    unsetenv("TEST_REQUIRED");
    assert_false(env_read(&required, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(falls_back_when_nothing_or_nothing_much_is_given, unset_all),
        cmocka_unit_test_setup(takes_what_is_given, unset_all),
        cmocka_unit_test_setup(refuses_what_is_impossible, unset_all),
        cmocka_unit_test_setup(refuses_to_go_without_what_is_required, unset_all),
    };

    return cmocka_run_group_tests(tests, NULL, unset_all);
}
