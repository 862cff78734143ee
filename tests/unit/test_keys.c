/* SPDX-License-Identifier: MIT
 * Keys and their published set: RFC 8037's own key, rotation, and what must not pass as a key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <sodium.h>

#include "common/pass/keys.h"

#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

/* RFC 8037 appendix A.1 */
static const uint8_t RFC_SEED[PASS_SEED_BYTES] = {
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};

static void the_standards_key_is_written_as_there(void **state)
{
    struct pass_keys keys = {.count = 1};
    struct buffer json = {0};

    (void)state;
    assert_true(pass_key_init(&keys.items[0], SPAN("k1"), RFC_SEED, 5, 9));
    pass_keys_write(&keys, &json);
    assert_string_equal(json.at, "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\","
                                 "\"alg\":\"EdDSA\",\"kid\":\"k1\",\"x\":\"" RFC_X
                                 "\",\"nbf\":5,\"exp\":9}]}");
    buffer_free(&json);
}

static void a_set_comes_back_without_its_secrets(void **state)
{
    struct pass_keys keys = {.count = 3}, got;
    struct buffer json = {0};

    (void)state;
    for (uint8_t i = 0; i < keys.count; i++) {
        uint8_t seed[PASS_SEED_BYTES] = {i};
        assert_true(
            pass_key_init(&keys.items[i], i ? SPAN("same") : SPAN("Z-_9"), seed, i, 10 + i));
    }
    pass_keys_write(&keys, &json);
    assert_true(pass_keys_read(buffer_span(&json), &got));
    assert_int_equal(got.count, keys.count);
    for (size_t i = 0; i < keys.count; i++) {
        assert_string_equal(got.items[i].kid, keys.items[i].kid);
        assert_memory_equal(got.items[i].public_key, keys.items[i].public_key, COSE_PUBLIC_BYTES);
        assert_true(sodium_is_zero(got.items[i].secret, COSE_SECRET_BYTES));
        assert_int_equal(got.items[i].valid_to_s, keys.items[i].valid_to_s);
    }
    buffer_free(&json);
}

static void an_empty_set_is_a_set(void **state)
{
    struct pass_keys keys = {0}, got;
    struct buffer json = {0};

    (void)state;
    pass_keys_write(&keys, &json);
    assert_string_equal(json.at, "{\"keys\":[]}");
    assert_true(pass_keys_read(buffer_span(&json), &got));
    assert_int_equal(got.count, 0);
    buffer_free(&json);
}

static bool reads(const char *before, const char *part, const char *after, size_t count)
{
    struct pass_keys keys;
    char json[512];

    snprintf(json, sizeof json, "%s%s%s", before, part, after);
    bool is_read = pass_keys_read(span_of(json), &keys);
    assert_int_equal(keys.count, is_read ? count : 0);
    return is_read;
}

static void keys_of_others_and_new_members_are_passed_over(void **state)
{
    static const char BEFORE[] = "{\"keys\":[";
    static const char AFTER[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" RFC_X
                                "\",\"nbf\":0,\"exp\":9,\"new\":[1]}],\"more\":1}";

    (void)state;
    assert_true(reads(BEFORE, "", AFTER, 1));
    assert_true(reads(BEFORE, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"?\"},", AFTER, 1));
    assert_true(reads(BEFORE, "{\"kty\":\"OKP\",\"crv\":\"X25519\"},{},", AFTER, 1));
}

static void impossible_keys_are_refused(void **state)
{
    static const char BEFORE[] = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",";
    static const char AFTER[] = "}]}";
    static const char *const BAD[] = {
        "\"kid\":\"k\",\"nbf\":0,\"exp\":9",
        "\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"\",\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"k1k1k\",\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"k \",\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9",
        "\"kid\":1,\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"k\",\"x\":\"" RFC_X "\",\"nbf\":9,\"exp\":9",
        "\"kid\":\"k\",\"x\":\"" RFC_X "\",\"nbf\":-1,\"exp\":9",
        "\"kid\":\"k\",\"x\":\"" RFC_X "\",\"nbf\":0.5,\"exp\":9",
        "\"kid\":\"k\",\"x\":\"" RFC_X "\",\"exp\":9",
        "\"kid\":\"k\",\"x\":\"" RFC_X "=\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"k\",\"x\":\"11qYAYKx\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"k\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"nbf\":0,\"exp\":9",
        "\"kid\":\"k\",\"kid\":\"k\",\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9",
    };

    (void)state;
    assert_true(reads(BEFORE, "\"kid\":\"k\",\"x\":\"" RFC_X "\",\"nbf\":0,\"exp\":9", AFTER, 1));
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(reads(BEFORE, BAD[i], AFTER, 0));
}

static void other_documents_are_refused(void **state)
{
    (void)state;
    assert_false(reads("", "", "", 0));
    assert_false(reads("[]", "", "", 0));
    assert_false(reads("{\"keys\":{}}", "", "", 0));
    assert_false(reads("{\"keys\":[1]}", "", "", 0));
    assert_false(reads("{\"keys\":[]} x", "", "", 0));
}
static void too_many_keys_are_refused(void **state)
{
    struct pass_keys keys = {.count = PASS_KEYS_MAX}, got;
    struct buffer json = {0};

    (void)state;
    for (size_t i = 0; i < PASS_KEYS_MAX; i++)
        assert_true(pass_key_init(&keys.items[i], SPAN("k"), RFC_SEED, 0, 1));
    pass_keys_write(&keys, &json);
    assert_true(pass_keys_read(buffer_span(&json), &got));
    json.size -= 2; /* "]}" */
    buffer_add_text(&json, ",{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" RFC_X
                           "\",\"nbf\":0,\"exp\":1}]}");
    assert_false(pass_keys_read(buffer_span(&json), &got));
    buffer_free(&json);
}

static void validity_is_half_open(void **state)
{
    struct pass_key key;

    (void)state;
    assert_true(pass_key_init(&key, SPAN("k"), RFC_SEED, 5, 9));
    assert_false(pass_key_is_valid(&key, 4));
    assert_true(pass_key_is_valid(&key, 5));
    assert_true(pass_key_is_valid(&key, 8));
    assert_false(pass_key_is_valid(&key, 9));
    pass_key_wipe(&key);
    assert_true(sodium_is_zero((const uint8_t *)&key, sizeof key));
    assert_false(pass_key_init(&key, SPAN("k"), RFC_SEED, 9, 9));
    assert_false(pass_key_init(&key, SPAN("toolong"), RFC_SEED, 5, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standards_key_is_written_as_there),
        cmocka_unit_test(a_set_comes_back_without_its_secrets),
        cmocka_unit_test(an_empty_set_is_a_set),
        cmocka_unit_test(keys_of_others_and_new_members_are_passed_over),
        cmocka_unit_test(impossible_keys_are_refused),
        cmocka_unit_test(other_documents_are_refused),
        cmocka_unit_test(too_many_keys_are_refused),
        cmocka_unit_test(validity_is_half_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
