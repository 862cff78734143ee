/* SPDX-License-Identifier: MIT
 * tests/vectors/pass.json, written by another implementation: read and verified here, and where the
 * signer is named, signed here to the same digits and bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <jansson.h>
#include <sodium.h>

#include "common/pass/revocation.h"

enum { LISTS_MAX = 16 };

struct vectors {
    json_t *root;
    struct pass_keys keys;
    struct revocation_list lists[LISTS_MAX];
};

static int64_t number_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    assert_non_null(value);
    return value;
}

static size_t hex_read(const char *hex, uint8_t *bytes, size_t room)
{
    size_t size;

    assert_int_equal(sodium_hex2bin(bytes, room, hex, strlen(hex), NULL, &size, NULL), 0);
    return size;
}

static struct pass_key signer_of(const json_t *vector)
{
    uint8_t seed[PASS_SEED_BYTES];
    struct pass_key key;

    assert_int_equal(hex_read(text_of(vector, "signed_by"), seed, sizeof seed), sizeof seed);
    assert_true(pass_key_init(&key, span_of(text_of(vector, "kid")), seed, 0, 1));
    return key;
}

static struct pass_claims claims_of(const json_t *json)
{
    struct pass_claims claims = {
        .crossing = (uint64_t)number_of(json, "crossing"),
        .version = (uint32_t)number_of(json, "version"),
        .gate = (uint8_t)number_of(json, "gate"),
        .direction = (enum pass_direction)number_of(json, "direction"),
        .class = (uint8_t)number_of(json, "class"),
        .not_before_s = number_of(json, "not_before"),
        .expires_s = number_of(json, "expires"),
    };

    snprintf(claims.plate, sizeof claims.plate, "%s", text_of(json, "plate"));
    return claims;
}

static void claims_equal(const struct pass_claims *a, const struct pass_claims *b)
{
    assert_int_equal(a->crossing, b->crossing);
    assert_int_equal(a->version, b->version);
    assert_string_equal(a->plate, b->plate);
    assert_int_equal(a->gate, b->gate);
    assert_int_equal(a->direction, b->direction);
    assert_int_equal(a->class, b->class);
    assert_int_equal(a->not_before_s, b->not_before_s);
    assert_int_equal(a->expires_s, b->expires_s);
}

static void pass_check(const struct vectors *vectors, const json_t *vector)
{
    const json_t *list = json_object_get(vector, "revocation_list");
    struct span digits = span_of(text_of(vector, "digits"));
    struct pass_claims expected = {0}, got;
    char again[PASS_DIGITS_ROOM];

    enum pass_verdict verdict = pass_verify_listed(
        digits, &vectors->keys, list ? &vectors->lists[json_integer_value(list)] : NULL,
        number_of(vector, "now"), &got);
    assert_string_equal(pass_verdict_code(verdict), text_of(vector, "verdict"));
    if (json_object_get(vector, "claims"))
        expected = claims_of(json_object_get(vector, "claims"));
    claims_equal(&got, &expected);
    if (!json_object_get(vector, "signed_by"))
        return;
    struct pass_key key = signer_of(vector);
    assert_true(pass_sign(&expected, &key, again));
    assert_string_equal(again, digits.at);
}

static void passes_are_judged_as_the_vectors_say(void **state)
{
    const struct vectors *vectors = *state;
    const json_t *passes = json_object_get(vectors->root, "passes");
    size_t i;
    json_t *vector;

    assert_true(json_array_size(passes) > 50);
    json_array_foreach (passes, i, vector) {
        print_message("  %s\n", text_of(vector, "name"));
        pass_check(vectors, vector);
    }
}

static void list_resign(const json_t *vector, const struct revocation_list *list,
                        struct bytes bytes)
{
    struct pass_key key = signer_of(vector);
    struct buffer again = {0};

    assert_true(revocation_sign(list, &key, &again));
    assert_int_equal(again.size, bytes.size);
    assert_memory_equal(again.at, bytes.at, bytes.size);
    buffer_free(&again);
}

static void list_check(const json_t *vector, const struct revocation_list *list)
{
    const json_t *entries = json_object_get(vector, "entries");

    assert_int_equal(list->count, json_array_size(entries));
    if (!entries)
        return;
    assert_int_equal(list->gate, number_of(vector, "gate"));
    assert_int_equal(list->issued_s, number_of(vector, "issued_at"));
    assert_int_equal(list->expires_s, number_of(vector, "expires_at"));
    for (size_t i = 0; i < list->count; i++) {
        const json_t *entry = json_array_get(entries, i);
        assert_int_equal(list->entries[i].crossing, json_integer_value(json_array_get(entry, 0)));
        assert_int_equal(list->entries[i].below, json_integer_value(json_array_get(entry, 1)));
    }
}

static void lists_are_judged_as_the_vectors_say(void **state)
{
    struct vectors *vectors = *state;
    uint8_t bytes[512];
    size_t i;
    json_t *vector;

    json_array_foreach (json_object_get(vectors->root, "revocation_lists"), i, vector) {
        struct bytes read = {bytes, hex_read(text_of(vector, "list"), bytes, sizeof bytes)};
        enum pass_verdict verdict = revocation_read(
            read, &vectors->keys, number_of(vectors->root, "now"), &vectors->lists[i]);
        print_message("  %s\n", text_of(vector, "name"));
        assert_string_equal(pass_verdict_code(verdict), text_of(vector, "verdict"));
        list_check(vector, &vectors->lists[i]);
        if (json_object_get(vector, "signed_by"))
            list_resign(vector, &vectors->lists[i], read);
    }
}

static int vectors_open(void **state)
{
    static struct vectors vectors;

    vectors.root = json_load_file(TESTS_DIR "/vectors/pass.json", JSON_REJECT_DUPLICATES, NULL);
    char *keys = json_dumps(json_object_get(vectors.root, "keys"), 0);
    bool is_read = keys && pass_keys_read(span_of(keys), &vectors.keys);
    free(keys);
    *state = &vectors;
    return is_read ? 0 : -1;
}

static int vectors_close(void **state)
{
    struct vectors *vectors = *state;

    for (size_t i = 0; i < LISTS_MAX; i++)
        revocation_list_free(&vectors->lists[i]);
    json_decref(vectors->root);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_judged_as_the_vectors_say), /* first: the passes need them */
        cmocka_unit_test(passes_are_judged_as_the_vectors_say),
    };
    return cmocka_run_group_tests(tests, vectors_open, vectors_close);
}
