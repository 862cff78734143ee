/* SPDX-License-Identifier: MIT */
#include "common/form/fold.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "common/form/digits.h"

static void assert_folds(const char *typed, const char *expected)
{
    uint32_t codes[64];
    size_t count;
    char text[256];
    size_t size = 0;

    assert_true(fold_codes(span_of(typed), codes, 64, &count));
    for (size_t i = 0; i < count; i++)
        size += utf8_put(codes[i], text + size);
    text[size] = '\0';
    assert_string_equal(text, expected);
}

static void folds_case_separators_fullwidth_and_lookalikes(void **state)
{
    (void)state;
    assert_folds(" 29c-123.45\t", "29C12345");
    assert_folds("29Đ·123–45", "29D12345");
    assert_folds("29đ 12345", "29D12345");
    assert_folds("２９Ｃ－１２３．４５", "29C12345");
    assert_folds("桂Ｆ・１２３４５", "桂F12345");
    assert_folds("29С-123.45", "29C12345"); /* Cyrillic Es */
    assert_folds("сеорах", "CEOPAX");       /* Cyrillic small letters */
    assert_folds("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX");
    assert_folds("ѕіј", "SIJ");
    assert_folds("桂F1234掛", "桂F1234挂");
    assert_folds("\xEF\xBB\xBF"
                 "29\xC2\xA0"
                 "C\xE2\x80\x8B"
                 "1",
                 "29C1");
    assert_folds("é桂😀", "é桂😀");
    assert_folds("", "");
}

static void refuses_what_is_not_utf8(void **state)
{
    static const char *const BAD[] = {
        "\x80",         "\xC0\x80",         "\xC1\xBF",         "\xE0\x80\x80",
        "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xC3",         "\xE1\x80",         "\xF1\x80\x80",     "\xC3(",
        "\xFF",
    };
    uint32_t codes[8];
    size_t count;

    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_false(fold_codes(span_of(BAD[i]), codes, 8, &count));
    assert_false(fold_codes(SPAN("123456789"), codes, 8, &count));
}

static void reads_back_every_code_point_it_writes(void **state)
{
    char text[4];
    uint32_t read;

    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 257) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        struct span span = {text, utf8_put(code, text)};
        assert_true(utf8_take(&span, &read));
        assert_int_equal(read, code);
        assert_int_equal(span.size, 0);
    }
}

static void digits_lose_their_separators(void **state)
{
    char text[8];

    (void)state;
    assert_int_equal(digits_fold(SPAN("12 34-5"), text, sizeof text), 5);
    assert_string_equal(text, "12345");
    assert_true(digits_are(text, 5));
    assert_false(digits_are(text, 4));
    assert_false(digits_are("12a45", 5));
    assert_int_equal(digits_fold(SPAN("12345678"), text, sizeof text), 0);
    assert_int_equal(digits_fold(SPAN("12桂"), text, sizeof text), 0);
    assert_int_equal(digits_fold(SPAN("12\xFF"), text, sizeof text), 0);
    assert_int_equal(digits_fold(SPAN(" . "), text, sizeof text), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_case_separators_fullwidth_and_lookalikes),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(reads_back_every_code_point_it_writes),
        cmocka_unit_test(digits_lose_their_separators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
