/* SPDX-License-Identifier: MIT
 * Access keys: their form is what the database demands, their hash is what the server looks up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/key/key.h"

static void a_key_names_its_kind_and_shows_its_prefix(void **state)
{
    struct access_key key;

    (void)state;
    assert_true(access_key_make(&key, SPAN("border_guard")));
    assert_int_equal(strlen(key.text), strlen("bg_border_guard_") + 22);
    assert_memory_equal(key.text, "bg_border_guard_", 16);
    assert_int_equal(strlen(key.prefix), 20);
    assert_memory_equal(key.text, key.prefix, 20);
}

static void its_hash_is_that_of_its_text(void **state)
{
    struct access_key key;
    char hash[ACCESS_KEY_HASH_ROOM];

    (void)state;
    assert_true(access_key_make(&key, SPAN("firm")));
    access_key_hash(span_of(key.text), hash);
    assert_string_equal(hash, key.hash);
}

/* BLAKE2b-256 of "abc", computed with Python's hashlib.blake2b(digest_size=32). */
static void the_hash_is_blake2b_of_32_bytes(void **state)
{
    char hash[ACCESS_KEY_HASH_ROOM];

    (void)state;
    access_key_hash(SPAN("abc"), hash);
    assert_string_equal(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void no_two_keys_are_equal(void **state)
{
    struct access_key one, other;

    (void)state;
    assert_true(access_key_make(&one, SPAN("firm")));
    assert_true(access_key_make(&other, SPAN("firm")));
    assert_string_not_equal(one.text, other.text);
}

static void a_kind_is_a_short_word(void **state)
{
    struct access_key key;

    (void)state;
    assert_false(access_key_make(&key, SPAN("")));
    assert_false(access_key_make(&key, SPAN("Firm")));
    assert_false(access_key_make(&key, SPAN("abcdefghijklmnopqrstu")));
    assert_true(access_key_make(&key, SPAN("abcdefghijklmnopqrst")));
    assert_int_equal(strlen(key.text), 3 + 20 + 1 + 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_names_its_kind_and_shows_its_prefix),
        cmocka_unit_test(its_hash_is_that_of_its_text),
        cmocka_unit_test(the_hash_is_blake2b_of_32_bytes),
        cmocka_unit_test(no_two_keys_are_equal),
        cmocka_unit_test(a_kind_is_a_short_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
