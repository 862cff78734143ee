/* SPDX-License-Identifier: MIT
 * Signed heads of ledgers: what they promise, and what cannot be one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>

#include "common/pass/checkpoint.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct pass_key key_of(uint8_t byte)
{
    uint8_t seed[PASS_SEED_BYTES];
    struct pass_key key;

    memset(seed, byte, sizeof seed);
    assert_true(pass_key_init(&key, SPAN("k1"), seed, 1, 2));
    return key;
}

static struct checkpoint head(void)
{
    return (struct checkpoint){
        .gate = SPAN("HN"), .seq = 42, .hash = SPAN(HASH), .at = SPAN("2026-11-23T07:00:00+07:00")};
}

static void what_is_signed_is_five_lines_of_text(void **state)
{
    static const char TEXT[] = "gate-checkpoint/1\nHN\n42\n" HASH "\n2026-11-23T07:00:00+07:00\n";
    struct pass_key key = key_of(1);
    struct checkpoint checkpoint = head();
    uint8_t signature[COSE_SIGNATURE_BYTES];

    (void)state;
    assert_true(checkpoint_sign(&checkpoint, &key, signature));
    assert_int_equal(crypto_sign_verify_detached(signature, (const uint8_t *)TEXT, sizeof TEXT - 1,
                                                 key.public_key),
                     0);
}

static void every_member_and_the_key_are_covered(void **state)
{
    struct pass_key key = key_of(1), other = key_of(2);
    struct checkpoint signed_one = head(), changed[4] = {head(), head(), head(), head()};
    uint8_t signature[COSE_SIGNATURE_BYTES];

    (void)state;
    changed[0].gate = SPAN("HB");
    changed[1].seq = 43;
    changed[2].hash = SPAN("1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    changed[3].at = SPAN("2026-11-23T07:00:01+07:00");
    assert_true(checkpoint_sign(&signed_one, &key, signature));
    assert_true(checkpoint_verify(&signed_one, &key, signature));
    assert_false(checkpoint_verify(&signed_one, &other, signature));
    for (size_t i = 0; i < COUNT_OF(changed); i++)
        assert_false(checkpoint_verify(&changed[i], &key, signature));
    signature[0] ^= 1;
    assert_false(checkpoint_verify(&signed_one, &key, signature));
}

static void an_impossible_member_is_never_signed(void **state)
{
    struct pass_key key = key_of(1);
    struct checkpoint wrong[8];
    uint8_t signature[COSE_SIGNATURE_BYTES] = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        wrong[i] = head();
    wrong[0].gate = SPAN("");
    wrong[1].gate = SPAN("H\nN"); /* would be two lines */
    wrong[2].gate = SPAN("A23456789012345678901234567890123");
    wrong[3].seq = 0;
    wrong[4].hash = SPAN("0123");
    wrong[5].hash = SPAN(HASH "0");
    wrong[6].at = SPAN("");
    wrong[7].at = SPAN("2026-11-23 07:00:00");
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_false(checkpoint_sign(&wrong[i], &key, signature));
        assert_false(checkpoint_verify(&wrong[i], &key, signature));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_is_five_lines_of_text),
        cmocka_unit_test(every_member_and_the_key_are_covered),
        cmocka_unit_test(an_impossible_member_is_never_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
