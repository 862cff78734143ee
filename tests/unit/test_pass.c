/* SPDX-License-Identifier: MIT
 * Signing and verifying passes: every verdict, every flipped bit, every cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/pass/numeric.h"
#include "common/pass/pass.h"

enum { NOW = 1795312800 };

static struct pass_key key_of(const char *kid, uint8_t byte)
{
    uint8_t seed[PASS_SEED_BYTES];
    struct pass_key key;

    memset(seed, byte, sizeof seed);
    assert_true(pass_key_init(&key, span_of(kid), seed, NOW - 1000, NOW + 1000));
    return key;
}

static struct pass_claims claims_of(const char *plate)
{
    struct pass_claims claims = {
        .crossing = 1000000000001,
        .version = 1,
        .gate = 1,
        .direction = PASS_EXPORT,
        .not_before_s = NOW - 100,
        .expires_s = NOW + 100,
    };

    memcpy(claims.plate, plate, strlen(plate));
    return claims;
}

static enum pass_verdict verify(const char *digits, const struct pass_key *key, int64_t now_s)
{
    struct pass_keys keys = {.items = {*key}, .count = 1};
    struct pass_claims claims;

    return pass_verify(span_of(digits), &keys, now_s, &claims);
}

/* The token of a valid pass, byte by byte, against the bytes FORMAT.md prescribes. */
static void one_token_is_laid_out_as_published(void **state)
{
    static const uint8_t START[] = {
        0x84,                                                 /* COSE_Sign1: array of 4, no tag */
        0x47, 0xa2, 0x01, 0x27, 0x04, 0x42, 'k',  '1',        /* protected {1: -8, 4: 'k1'} */
        0xa0,                                                 /* unprotected {} */
        0x58, 0x28,                                           /* payload of 40 bytes */
        0xa2, 0x04, 0x1a, 0x6b, 0x02, 0x73, 0x04,             /* exp = 1795322628 */
        0x3a, 0x00, 0x01, 0x00, 0x00, 0x87,                   /* -65537: array of 7 */
        0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x01, /* crossing 1000000000001 */
        0x01,                                                 /* version */
        0x68, '2',  '9',  'C',  '1',  '2',  '3',  '4',  '5',
        0x01, 0x01, 0x00,             /* gate, export, class */
        0x1a, 0x6b, 0x02, 0x4c, 0x00, /* not before */
        0x58, 0x40,                   /* signature of 64 bytes */
    };
    struct pass_key key = key_of("k1", 1);
    struct pass_claims claims = claims_of("29C12345");
    char digits[PASS_DIGITS_ROOM];
    uint8_t token[PASS_TOKEN_MAX];
    size_t size;

    (void)state;
    claims.not_before_s = 0x6b024c00;
    claims.expires_s = 0x6b027304;
    assert_true(pass_sign(&claims, &key, digits));
    assert_memory_equal(digits, "01000000000001", 14);
    assert_true(numeric_decode(span_of(digits + 14), token, sizeof token, &size));
    assert_int_equal(size, sizeof START + 64);
    assert_memory_equal(token, START, sizeof START);
}

static void what_was_signed_is_read_and_verified(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_keys keys = {.items = {key}, .count = 1};
    struct pass_claims claims = claims_of("桂F12345"), got;
    struct pass_reading reading;
    char digits[PASS_DIGITS_ROOM], again[PASS_DIGITS_ROOM];

    (void)state;
    claims.class = 3;
    claims.version = 300;
    claims.direction = PASS_IMPORT;
    assert_true(pass_sign(&claims, &key, digits));
    assert_true(pass_sign(&claims, &key, again));
    assert_string_equal(digits, again);
    assert_int_equal(pass_verify(span_of(digits), &keys, NOW, &got), PASS_VALID);
    assert_memory_equal(&got, &claims, sizeof got);
    assert_int_equal(pass_read(span_of(digits), &reading), PASS_VALID);
    assert_memory_equal(&reading.claims, &claims, sizeof claims);
    assert_string_equal(reading.kid, "k1");
}

static void time_and_key_give_their_verdicts(void **state)
{
    struct pass_key key = key_of("k1", 1), twin = key_of("k1", 2), other = key_of("k2", 1);
    struct pass_claims claims = claims_of("29C12345");
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    assert_true(pass_sign(&claims, &key, digits));
    assert_int_equal(verify(digits, &key, NOW - 101), PASS_NOT_YET);
    assert_int_equal(verify(digits, &key, NOW - 100), PASS_VALID);
    assert_int_equal(verify(digits, &key, NOW + 99), PASS_VALID);
    assert_int_equal(verify(digits, &key, NOW + 100), PASS_EXPIRED);
    assert_int_equal(verify(digits, &key, NOW + 1000), PASS_KEY_NOT_VALID);
    assert_int_equal(verify(digits, &key, NOW - 1001), PASS_KEY_NOT_VALID);
    assert_int_equal(verify(digits, &twin, NOW), PASS_FORGED);
    assert_int_equal(verify(digits, &other, NOW), PASS_KEY_UNKNOWN);
}

static void all_keys_of_the_id_are_tried(void **state)
{
    struct pass_keys keys = {.items = {key_of("k1", 7), key_of("k1", 1), key_of("k1", 8)},
                             .count = 3};
    struct pass_claims claims = claims_of("29C12345"), got;
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    for (size_t i = 0; i < keys.count; i++) {
        assert_true(pass_sign(&claims, &keys.items[i], digits));
        assert_int_equal(pass_verify(span_of(digits), &keys, NOW, &got), PASS_VALID);
    }
    keys.count = 0;
    assert_int_equal(pass_verify(span_of(digits), &keys, NOW, &got), PASS_KEY_UNKNOWN);
}

static void a_wrong_prefix_is_a_mismatch(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims claims = claims_of("29C12345");
    struct pass_reading reading;
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    assert_true(pass_sign(&claims, &key, digits));
    digits[13] = '2';
    assert_int_equal(verify(digits, &key, NOW), PASS_MISMATCH);
    assert_int_equal(pass_read(span_of(digits), &reading), PASS_MISMATCH);
    assert_int_equal(reading.claims.crossing, claims.crossing);
}

static void every_flipped_bit_is_refused(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims claims = claims_of("29C12345");
    char digits[PASS_DIGITS_ROOM];
    uint8_t token[PASS_TOKEN_MAX];
    size_t size;

    (void)state;
    assert_true(pass_sign(&claims, &key, digits));
    assert_true(numeric_decode(span_of(digits + 14), token, sizeof token, &size));
    for (size_t bit = 0; bit < 8 * size; bit++) {
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
        numeric_encode((struct bytes){token, size}, digits + 14);
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(verify(digits, &key, NOW), PASS_VALID);
    }
    numeric_encode((struct bytes){token, size}, digits + 14);
    assert_int_equal(verify(digits, &key, NOW), PASS_VALID);
}

static void every_changed_digit_is_refused(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims claims = claims_of("29C12345");
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    assert_true(pass_sign(&claims, &key, digits));
    for (size_t i = 0; digits[i]; i++) {
        char right = digits[i];
        for (char wrong = '0'; wrong <= '9'; wrong++) {
            digits[i] = wrong;
            assert_int_equal(verify(digits, &key, NOW) == PASS_VALID, wrong == right);
        }
        digits[i] = right;
    }
}

static void every_cut_is_called_truncated(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims claims = claims_of("29C12345");
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    assert_true(pass_sign(&claims, &key, digits));
    for (size_t size = strlen(digits); size-- > 0;) {
        digits[size] = '\0';
        assert_int_equal(verify(digits, &key, NOW), PASS_TRUNCATED);
    }
}

static void more_than_a_pass_is_mangled(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims claims = claims_of("29C12345");
    char digits[2 * PASS_DIGITS_ROOM] = "";

    (void)state;
    assert_true(pass_sign(&claims, &key, digits));
    size_t size = strlen(digits);
    memcpy(digits + size, "000", 4);
    assert_int_equal(verify(digits, &key, NOW), PASS_MANGLED);
    memset(digits, '0', sizeof digits - 1);
    assert_int_equal(verify(digits, &key, NOW), PASS_MANGLED);
}

static void the_longest_plates_fit(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims vin = claims_of("LSGGG54X8KS123456"), trailer = claims_of("桂F1234挂");
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    vin.gate = 23;
    vin.version = 255;
    assert_true(pass_sign(&vin, &key, digits));
    assert_int_equal(strlen(digits), 14 + numeric_digits(PASS_TOKEN_MAX));
    assert_true(strlen(digits) <= PASS_DIGITS_MAX);
    trailer.gate = PASS_GATE_MAX;
    trailer.version = PASS_VERSION_MAX;
    assert_true(pass_sign(&trailer, &key, digits));
    vin.version = 256;
    assert_false(pass_sign(&vin, &key, digits));
}

static void impossible_claims_are_not_signed(void **state)
{
    struct pass_key key = key_of("k1", 1);
    struct pass_claims good = claims_of("29C12345"), bad[10];
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        bad[i] = good;
    bad[0].crossing = CROSSING_MAX + 1;
    bad[1].version = 0;
    bad[2].plate[0] = '\0';
    bad[3].plate[0] = 'c';
    memset(bad[4].plate, 'A', sizeof bad[4].plate); /* no end */
    bad[5].gate = 0;
    bad[6].gate = PASS_GATE_MAX + 1;
    bad[7].direction = (enum pass_direction)2;
    bad[8].expires_s = bad[8].not_before_s;
    bad[9].expires_s = PASS_TIME_MAX + 1;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(pass_sign(&bad[i], &key, digits));
    assert_true(pass_sign(&good, &key, digits));
}

static void every_verdict_has_its_code(void **state)
{
    (void)state;
    for (enum pass_verdict verdict = 0; verdict < PASS_VERDICT_COUNT; verdict++)
        assert_non_null(pass_verdict_code(verdict));
    assert_string_equal(pass_verdict_code(PASS_KEY_UNKNOWN), "key_unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_token_is_laid_out_as_published),
        cmocka_unit_test(what_was_signed_is_read_and_verified),
        cmocka_unit_test(time_and_key_give_their_verdicts),
        cmocka_unit_test(all_keys_of_the_id_are_tried),
        cmocka_unit_test(a_wrong_prefix_is_a_mismatch),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(every_changed_digit_is_refused),
        cmocka_unit_test(every_cut_is_called_truncated),
        cmocka_unit_test(more_than_a_pass_is_mangled),
        cmocka_unit_test(the_longest_plates_fit),
        cmocka_unit_test(impossible_claims_are_not_signed),
        cmocka_unit_test(every_verdict_has_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
