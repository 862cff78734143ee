/* SPDX-License-Identifier: MIT
 * Bytes and digits: the published widths, strict decoding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "common/pass/numeric.h"

static bool decodes(const char *digits, uint8_t *bytes, size_t room, size_t *size)
{
    return numeric_decode(span_of(digits), bytes, room, size);
}

static void widths_are_the_published_ones(void **state)
{
    static const size_t WIDTHS[] = {0, 3, 5, 8, 10, 13, 15, 17, 20, 22};

    (void)state;
    for (size_t size = 0; size < COUNT_OF(WIDTHS); size++)
        assert_int_equal(numeric_digits(size), WIDTHS[size]);
    assert_int_equal(numeric_digits(128), 311);
}

static void known_bytes_give_known_digits(void **state)
{
    static const uint8_t BYTES[] = {0, 0, 0, 0, 0, 1, 0, 255, 1};
    char digits[23] = "";

    (void)state;
    numeric_encode((struct bytes){BYTES, sizeof BYTES}, digits);
    assert_string_equal(digits, "0000000000000025665281");
}

static void every_length_comes_back(void **state)
{
    uint8_t bytes[128], back[128];
    char digits[400];
    size_t size;

    (void)state;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)(i * 37 + n * 101);
        numeric_encode((struct bytes){bytes, n}, digits);
        assert_true(
            numeric_decode((struct span){digits, numeric_digits(n)}, back, sizeof back, &size));
        assert_int_equal(size, n);
        if (n)
            assert_memory_equal(bytes, back, n);
    }
}

static void a_group_holds_its_greatest_value_and_no_more(void **state)
{
    static const char *const GREATEST[] = {
        "255",           "65535",           "16777215",         "4294967295",
        "1099511627775", "281474976710655", "72057594037927935"};
    static const char *const ABOVE[] = {
        "256",           "65536",           "16777216",          "4294967296",
        "1099511627776", "281474976710656", "72057594037927936", "99999999999999999"};
    uint8_t bytes[7];
    size_t size;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(GREATEST); i++) {
        assert_true(decodes(GREATEST[i], bytes, sizeof bytes, &size));
        assert_int_equal(size, i + 1);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(bytes[j], 255);
    }
    for (size_t i = 0; i < COUNT_OF(ABOVE); i++)
        assert_false(decodes(ABOVE[i], bytes, sizeof bytes, &size));
}

static void other_lengths_and_characters_are_refused(void **state)
{
    uint8_t bytes[16];
    char digits[] = "00000000000000000000000000000000000";
    size_t size;

    (void)state;
    for (size_t n = 1; n < 34; n++) {
        size_t rest = n % 17;
        bool is_width = rest == 0 || rest == 3 || rest == 5 || rest == 8 || rest == 10 ||
                        rest == 13 || rest == 15;
        assert_int_equal(numeric_decode((struct span){digits, n}, bytes, sizeof bytes, &size),
                         is_width);
    }
    assert_false(decodes("12a", bytes, sizeof bytes, &size));
    assert_false(decodes("+12", bytes, sizeof bytes, &size));
    assert_false(decodes(" 12", bytes, sizeof bytes, &size));
    assert_false(decodes("\xd9\xa1\xd9", bytes, sizeof bytes, &size));
}

static void room_is_respected(void **state)
{
    uint8_t bytes[8] = {0};
    size_t size;

    (void)state;
    assert_false(decodes("00000000000000000255", bytes, 7, &size));
    assert_true(decodes("00000000000000000255", bytes, 8, &size));
    assert_int_equal(bytes[7], 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_the_published_ones),
        cmocka_unit_test(known_bytes_give_known_digits),
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(a_group_holds_its_greatest_value_and_no_more),
        cmocka_unit_test(other_lengths_and_characters_are_refused),
        cmocka_unit_test(room_is_respected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
