/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "common/key/password.h"

static void a_password_is_known_by_its_hash(void **state)
{
    char hash[PASSWORD_HASH_ROOM];

    (void)state;
    assert_true(password_hash(hash, SPAN("bốn xe sầu riêng"), PASSWORD_RANDOM));
    assert_true(password_is(hash, SPAN("bốn xe sầu riêng")));
    assert_false(password_is(hash, SPAN("bốn xe sầu rieng")));
    assert_false(password_is(hash, SPAN("")));
}

static void chosen_passwords_are_dear_to_guess(void **state)
{
    char hash[PASSWORD_HASH_ROOM];

    (void)state;
    assert_true(password_hash(hash, SPAN("bốn xe sầu riêng"), PASSWORD_CHOSEN));
    assert_ptr_equal(strstr(hash, "$argon2id$v=19$m=65536,t=2,p=1$"), hash);
}

static void the_same_password_has_another_hash_each_time(void **state)
{
    char one[PASSWORD_HASH_ROOM], other[PASSWORD_HASH_ROOM];

    (void)state;
    assert_true(password_hash(one, SPAN("k"), PASSWORD_RANDOM));
    assert_true(password_hash(other, SPAN("k"), PASSWORD_RANDOM));
    assert_string_not_equal(one, other);
}

static void nobodys_password_is_none(void **state)
{
    (void)state;
    assert_false(password_is(NULL, SPAN("")));
    assert_false(password_is("", SPAN("anything")));
    assert_false(password_is("not a hash", SPAN("anything")));
}

static void made_passwords_can_be_typed_and_differ(void **state)
{
    char one[PASSWORD_MADE_ROOM], other[PASSWORD_MADE_ROOM];

    (void)state;
    password_make(one);
    password_make(other);
    assert_string_not_equal(one, other);
    assert_int_equal(strlen(one), PASSWORD_MADE_ROOM - 1);
    assert_int_equal(strspn(one, "-23456789abcdefghjkmnpqrstuvwxyz"), strlen(one));
    assert_int_equal(one[4], '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_known_by_its_hash),
        cmocka_unit_test(chosen_passwords_are_dear_to_guess),
        cmocka_unit_test(the_same_password_has_another_hash_each_time),
        cmocka_unit_test(nobodys_password_is_none),
        cmocka_unit_test(made_passwords_can_be_typed_and_differ),
    };

    return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
