/* SPDX-License-Identifier: MIT
 * The file of the signing keys: what is written is read, and nothing else is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/pass/secrets.h"

static const uint8_t SEED[PASS_SEED_BYTES] = {1, 2, 3};

static struct pass_keys one_key(void)
{
    struct pass_keys keys = {.count = 1};

    assert_true(pass_key_init(&keys.items[0], SPAN("a3f1"), SEED, 1000, 2000));
    return keys;
}

static void what_is_written_is_read(void **state)
{
    struct pass_keys keys = one_key(), again;
    struct buffer json = {0};

    (void)state;
    pass_secrets_write(&keys, &json);
    assert_true(pass_secrets_read(buffer_span(&json), &again));
    assert_int_equal(again.count, 1);
    assert_string_equal(again.items[0].kid, "a3f1");
    assert_memory_equal(again.items[0].secret, keys.items[0].secret, COSE_SECRET_BYTES);
    assert_int_equal(again.items[0].valid_to_s, 2000);
    buffer_free(&json);
}

static void the_public_set_is_no_secrets_file(void **state)
{
    struct pass_keys keys = one_key(), again;
    struct buffer json = {0};

    (void)state;
    pass_keys_write(&keys, &json);
    assert_false(pass_secrets_read(buffer_span(&json), &again));
    assert_int_equal(again.count, 0);
    buffer_free(&json);
}

static void a_seed_of_another_key_is_refused(void **state)
{
    struct pass_keys keys = one_key(), again;
    struct buffer json = {0};

    (void)state;
    keys.items[0].secret[0] ^= 1;
    pass_secrets_write(&keys, &json);
    assert_false(pass_secrets_read(buffer_span(&json), &again));
    buffer_free(&json);
}

static void a_key_without_its_secret_is_not_written(void **state)
{
    struct pass_keys keys = one_key(), again;
    struct buffer json = {0};

    (void)state;
    memset(keys.items[0].secret, 0, COSE_SECRET_BYTES);
    pass_secrets_write(&keys, &json);
    assert_true(pass_secrets_read(buffer_span(&json), &again));
    assert_int_equal(again.count, 0);
    buffer_free(&json);
}

static void garbage_is_refused(void **state)
{
    struct pass_keys again;

    (void)state;
    assert_false(pass_secrets_read(SPAN(""), &again));
    assert_false(pass_secrets_read(SPAN("{\"keys\":7}"), &again));
    assert_false(pass_secrets_read(SPAN("{\"keys\":[{\"kty\":\"RSA\"}]}"), &again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(the_public_set_is_no_secrets_file),
        cmocka_unit_test(a_seed_of_another_key_is_refused),
        cmocka_unit_test(a_key_without_its_secret_is_not_written),
        cmocka_unit_test(garbage_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
