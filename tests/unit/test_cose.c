/* SPDX-License-Identifier: MIT
 * COSE_Sign1 in our one shape. The message below was made by another implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include <sodium.h>

#include "common/pass/cose.h"

static const struct bytes KID = {(const uint8_t *)"k1", 2};
static const struct bytes HELLO = {(const uint8_t *)"hello", 5};

static void key_make(uint8_t public_key[COSE_PUBLIC_BYTES], uint8_t secret[COSE_SECRET_BYTES])
{
    uint8_t seed[32];

    memset(seed, 1, sizeof seed);
    assert_int_equal(crypto_sign_seed_keypair(public_key, secret, seed), 0);
}

static void the_message_is_that_of_another_implementation(void **state)
{
    static const char EXPECTED[] =
        "8447a2012704426b31a04568656c6c6f5840"
        "50f8ea074591fedbecb92c88aa438d9d6a16319a9e3f6ed7a5e80a227dd96b9e"
        "4f9121def78a8477bd2dc002d1f3fd1d5b2b44e8674f83045668228a5c485f0e";
    uint8_t public_key[COSE_PUBLIC_BYTES], secret[COSE_SECRET_BYTES], room[128];
    struct canon_writer writer = {.at = room, .room = sizeof room};
    char hex[2 * sizeof room + 1];

    (void)state;
    key_make(public_key, secret);
    assert_true(cose_sign(KID, HELLO, secret, &writer));
    sodium_bin2hex(hex, sizeof hex, room, writer.size);
    assert_string_equal(hex, EXPECTED);
}

static void what_is_signed_is_read_and_verified(void **state)
{
    uint8_t public_key[COSE_PUBLIC_BYTES], secret[COSE_SECRET_BYTES];
    static uint8_t payload[5000], room[sizeof payload + COSE_OVERHEAD_MAX];
    static const size_t SIZES[] = {0, 1, 23, 24, 255, 256, sizeof payload};

    (void)state;
    key_make(public_key, secret);
    for (size_t i = 0; i < COUNT_OF(SIZES); i++) {
        struct canon_writer writer = {.at = room, .room = sizeof room};
        struct cose_message message;
        assert_true(cose_sign(KID, (struct bytes){payload, SIZES[i]}, secret, &writer));
        struct bytes bytes = {room, writer.size};
        assert_true(cose_read(bytes, &message));
        assert_int_equal(message.payload.size, SIZES[i]);
        assert_int_equal(message.kid.size, 2);
        assert_true(cose_verify(&message, public_key));
        if (SIZES[i] <= UINT8_MAX)
            assert_int_equal(cose_size(bytes), writer.size);
        else
            assert_int_equal(cose_size(bytes), 0);
        room[writer.size - 1] ^= 1;
        assert_true(cose_read(bytes, &message));
        assert_false(cose_verify(&message, public_key));
    }
}

static void impossible_kids_and_rooms_are_refused(void **state)
{
    uint8_t public_key[COSE_PUBLIC_BYTES], secret[COSE_SECRET_BYTES], room[128];
    struct canon_writer writer = {.at = room, .room = sizeof room};
    struct canon_writer small = {.at = room, .room = 60};
    struct cose_message message = {{(const uint8_t *)"k1k1k", 5}, HELLO, room};

    (void)state;
    key_make(public_key, secret);
    assert_false(cose_sign((struct bytes){0}, HELLO, secret, &writer));
    assert_false(cose_sign(message.kid, HELLO, secret, &writer));
    assert_false(cose_write(&message, &writer));
    assert_false(cose_sign(KID, HELLO, secret, &small));
}

/* Each byte of the frame set to each other value: never read as the same message, and never
 * verified. */
static void no_other_frame_verifies(void **state)
{
    uint8_t public_key[COSE_PUBLIC_BYTES], secret[COSE_SECRET_BYTES], room[128];
    struct canon_writer writer = {.at = room, .room = sizeof room};
    struct cose_message message;

    (void)state;
    key_make(public_key, secret);
    assert_true(cose_sign(KID, HELLO, secret, &writer));
    for (size_t i = 0; i < writer.size - COSE_SIGNATURE_BYTES; i++)
        for (unsigned change = 1; change < 256; change++) {
            room[i] ^= (uint8_t)change;
            bool verified = cose_read((struct bytes){room, writer.size}, &message) &&
                            cose_verify(&message, public_key);
            room[i] ^= (uint8_t)change;
            assert_false(verified);
        }
    for (size_t size = 0; size < writer.size; size++)
        assert_false(cose_read((struct bytes){room, size}, &message));
    assert_false(cose_read((struct bytes){room, writer.size + 1}, &message));
}

static void the_length_needs_its_start(void **state)
{
    static const uint8_t ZEROES[COSE_START_BYTES];

    (void)state;
    assert_int_equal(cose_size((struct bytes){ZEROES, sizeof ZEROES}), 0);
    assert_int_equal(cose_size((struct bytes){ZEROES, sizeof ZEROES - 1}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_message_is_that_of_another_implementation),
        cmocka_unit_test(what_is_signed_is_read_and_verified),
        cmocka_unit_test(impossible_kids_and_rooms_are_refused),
        cmocka_unit_test(no_other_frame_verifies),
        cmocka_unit_test(the_length_needs_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
