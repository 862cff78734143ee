/* SPDX-License-Identifier: MIT
 * The claims set: what is possible, and that nothing else is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/pass/claims.h"

static struct pass_claims claims_of(const char *plate)
{
    struct pass_claims claims = {.crossing = 1000000000001,
                                 .version = 1,
                                 .gate = 1,
                                 .direction = PASS_EXPORT,
                                 .not_before_s = 100,
                                 .expires_s = 200};

    snprintf(claims.plate, sizeof claims.plate, "%s", plate);
    return claims;
}

static bool plate_is_good(const char *plate)
{
    struct pass_claims claims = claims_of(plate);

    return claims_are_possible(&claims);
}

static void plates_are_latin_capitals_digits_and_han(void **state)
{
    static const char *const GOOD[] = {"29C12345", "桂F12345", "桂F1234挂", "LSGGG54X8KS123456",
                                       "A",        "\u4e00",   "\u9fff"};
    static const char *const BAD[] = {"",
                                      "29c12345",
                                      "29C-12345",
                                      "29C 1",
                                      "\u0110A",
                                      "\u3400",
                                      "\ua000",
                                      "29\xff",
                                      "\xe6\xa1",
                                      "\xe6\xa1"
                                      "A",
                                      "\xe6"
                                      "A\x82",
                                      "\xf0\xa0\x80\x80",
                                      "A\n",
                                      "\xc1\x81"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(GOOD); i++)
        assert_true(plate_is_good(GOOD[i]));
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_false(plate_is_good(BAD[i]));
}

static void the_greatest_claims_fit_and_come_back(void **state)
{
    struct pass_claims claims = claims_of("LSGGG54X8KS123456"), got;
    uint8_t room[CLAIMS_BYTES_MAX];
    struct canon_writer writer = {.at = room, .room = sizeof room};

    (void)state;
    claims.crossing = CROSSING_MAX;
    claims.version = PASS_VERSION_MAX;
    claims.gate = PASS_GATE_MAX;
    claims.class = PASS_CLASS_MAX;
    claims.not_before_s = PASS_TIME_MAX - 1;
    claims.expires_s = PASS_TIME_MAX;
    claims_write(&claims, &writer);
    assert_false(writer.is_full);
    assert_int_equal(writer.size, CLAIMS_BYTES_MAX);
    assert_true(claims_read((struct bytes){room, writer.size}, &got));
    assert_int_equal(got.crossing, claims.crossing);
    assert_int_equal(got.version, claims.version);
    assert_string_equal(got.plate, claims.plate);
    assert_int_equal(got.gate, claims.gate);
    assert_int_equal(got.direction, claims.direction);
    assert_int_equal(got.class, claims.class);
    assert_int_equal(got.not_before_s, claims.not_before_s);
    assert_int_equal(got.expires_s, claims.expires_s);
}

/* Whatever byte is changed: refused, or read as exactly what these bytes encode. */
static void what_is_read_encodes_to_the_same_bytes(void **state)
{
    struct pass_claims claims = claims_of("桂F12345"), got;
    uint8_t room[CLAIMS_BYTES_MAX], again[CLAIMS_BYTES_MAX];
    struct canon_writer writer = {.at = room, .room = sizeof room};

    (void)state;
    claims_write(&claims, &writer);
    for (size_t i = 0; i < writer.size; i++)
        for (unsigned change = 1; change < 256; change++) {
            struct canon_writer back = {.at = again, .room = sizeof again};
            room[i] ^= (uint8_t)change;
            if (claims_read((struct bytes){room, writer.size}, &got)) {
                claims_write(&got, &back);
                assert_int_equal(back.size, writer.size);
                assert_memory_equal(again, room, back.size);
            } else {
                assert_int_equal(got.crossing + got.version + (uint64_t)got.expires_s, 0);
            }
            room[i] ^= (uint8_t)change;
        }
}

static void cut_or_lengthened_claims_are_refused(void **state)
{
    struct pass_claims claims = claims_of("29C12345"), got;
    uint8_t room[CLAIMS_BYTES_MAX + 1] = {0};
    struct canon_writer writer = {.at = room, .room = sizeof room};

    (void)state;
    claims_write(&claims, &writer);
    for (size_t size = 0; size <= writer.size + 1; size++)
        assert_int_equal(claims_read((struct bytes){room, size}, &got), size == writer.size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plates_are_latin_capitals_digits_and_han),
        cmocka_unit_test(the_greatest_claims_fit_and_come_back),
        cmocka_unit_test(what_is_read_encodes_to_the_same_bytes),
        cmocka_unit_test(cut_or_lengthened_claims_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
