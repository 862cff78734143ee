/* SPDX-License-Identifier: MIT
 * Tokens of drivers' links: unguessable, made again from what is stored and the key, from nothing
 * else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "services/gated/link_token.h"

enum { PROMISE_ROOM = 64 };

static const struct span CROSSING = {"01000000000007", 14};
static struct pass_keys keys;

static int setup(void **state)
{
    static const uint8_t ONE[PASS_SEED_BYTES] = {7}, OTHER[PASS_SEED_BYTES] = {8};

    (void)state;
    keys.count = 2;
    return pass_key_init(&keys.items[0], SPAN("k1"), ONE, 1000, 4000000000) &&
                   pass_key_init(&keys.items[1], SPAN("k2"), OTHER, 1000, 4000000000)
               ? 0
               : -1;
}

static void promise_of(const struct link_seed *seed, const char *kid, char promise[PROMISE_ROOM])
{
    snprintf(promise, PROMISE_ROOM, "%.*s,%s,%s", SPAN_ARG(CROSSING), seed->nonce, kid);
}

static void the_token_is_made_again_from_what_is_stored(void **state)
{
    char promise[PROMISE_ROOM], token[LINK_TOKEN_ROOM], hash[ACCESS_KEY_HASH_ROOM];
    struct link_seed seed;

    (void)state;
    link_seed_make(&seed, CROSSING, &keys.items[0]);
    promise_of(&seed, "k1", promise);
    assert_true(link_promise_token(span_of(promise), &keys, token));
    assert_int_equal(strlen(token), LINK_TOKEN_SIZE);
    assert_memory_equal(token, "01", 2);
    assert_true(link_token_is_possible(span_of(token)));
    access_key_hash(span_of(token), hash);
    assert_string_equal(hash, seed.hash);
}

static void another_key_or_nonce_makes_another_token(void **state)
{
    char promise[PROMISE_ROOM], first[LINK_TOKEN_ROOM], second[LINK_TOKEN_ROOM];
    struct link_seed seed, other;

    (void)state;
    link_seed_make(&seed, CROSSING, &keys.items[0]);
    link_seed_make(&other, CROSSING, &keys.items[0]);
    promise_of(&seed, "k1", promise);
    assert_true(link_promise_token(span_of(promise), &keys, first));
    promise_of(&seed, "k2", promise);
    assert_true(link_promise_token(span_of(promise), &keys, second));
    assert_string_not_equal(first, second);
    promise_of(&other, "k1", promise);
    assert_true(link_promise_token(span_of(promise), &keys, second));
    assert_string_not_equal(first, second);
}

static void without_its_key_there_is_no_token(void **state)
{
    char promise[PROMISE_ROOM], token[LINK_TOKEN_ROOM];
    struct pass_keys public_half = keys;
    struct link_seed seed;

    (void)state;
    link_seed_make(&seed, CROSSING, &keys.items[0]);
    promise_of(&seed, "gone", promise);
    assert_false(link_promise_token(span_of(promise), &keys, token));
    memset(public_half.items[0].secret, 0, sizeof public_half.items[0].secret);
    promise_of(&seed, "k1", promise);
    assert_false(link_promise_token(span_of(promise), &public_half, token));
    assert_false(link_promise_token(SPAN("01000000000007,short,k1"), &keys, token));
    assert_false(link_promise_token(SPAN(""), &keys, token));
}

static void what_is_no_token_is_told_before_the_database(void **state)
{
    (void)state;
    assert_true(link_token_is_possible(SPAN("01AZaz09-_AZaz09-_AZaz09")));
    assert_false(link_token_is_possible(SPAN("01AZaz09-_AZaz09-_AZaz0")));
    assert_false(link_token_is_possible(SPAN("01AZaz09-_AZaz09-_AZaz099")));
    assert_false(link_token_is_possible(SPAN("x1AZaz09-_AZaz09-_AZaz09")));
    assert_false(link_token_is_possible(SPAN("01AZaz09-_AZaz09-_AZaz0'")));
    assert_false(link_token_is_possible(SPAN("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_is_made_again_from_what_is_stored),
        cmocka_unit_test(another_key_or_nonce_makes_another_token),
        cmocka_unit_test(without_its_key_there_is_no_token),
        cmocka_unit_test(what_is_no_token_is_told_before_the_database),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
