/* SPDX-License-Identifier: MIT */
#include "common/form/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char number[DOCUMENT_ROOM];

static void assert_document(enum document_type type, const char *typed, const char *expected)
{
    assert_int_equal(document_read(span_of(typed), type, number), MESSAGE_NONE);
    assert_string_equal(number, expected);
}

static void assert_refused(enum document_type type, const char *typed)
{
    assert_int_equal(document_read(span_of(typed), type, number), MESSAGE_DOCUMENT_FORMAT);
}

static void reads_vietnamese_cards(void **state)
{
    (void)state;
    assert_document(DOCUMENT_CCCD, "001 099 000 001", "001099000001");
    assert_refused(DOCUMENT_CCCD, "00109900000");
    assert_refused(DOCUMENT_CCCD, "00109900000X");
    assert_document(DOCUMENT_CMND, "012345678", "012345678");
    assert_refused(DOCUMENT_CMND, "0123456789");
}

static void reads_passports_of_both_countries(void **state)
{
    (void)state;
    assert_document(DOCUMENT_PASSPORT, "c1234567", "C1234567");
    assert_document(DOCUMENT_PASSPORT, "B12345678", "B12345678");
    assert_document(DOCUMENT_PASSPORT, "EA1234567", "EA1234567");
    assert_document(DOCUMENT_PASSPORT, "E12345678", "E12345678");
    assert_refused(DOCUMENT_PASSPORT, "EI1234567");
    assert_refused(DOCUMENT_PASSPORT, "EO1234567");
    assert_refused(DOCUMENT_PASSPORT, "FA1234567");
    assert_refused(DOCUMENT_PASSPORT, "C123456");
    assert_refused(DOCUMENT_PASSPORT, "C123456789");
    assert_refused(DOCUMENT_PASSPORT, "12345678");
    assert_refused(DOCUMENT_PASSPORT, "");
}

static void checks_chinese_identity_numbers(void **state)
{
    (void)state;
    assert_document(DOCUMENT_CN_ID, "11010519491231002X", "11010519491231002X");
    assert_document(DOCUMENT_CN_ID, "11010519491231002x", "11010519491231002X");
    for (char digit = '0'; digit <= '9'; digit++) {
        char text[] = "11010519491231002?";
        text[17] = digit;
        assert_int_equal(document_read(span_of(text), DOCUMENT_CN_ID, number),
                         MESSAGE_DOCUMENT_CHECK);
    }
    assert_refused(DOCUMENT_CN_ID, "11010519491331002X");
    assert_refused(DOCUMENT_CN_ID, "11010518991231002X");
    assert_refused(DOCUMENT_CN_ID, "11010519490229002X");
    assert_refused(DOCUMENT_CN_ID, "110105491231002");
    assert_refused(DOCUMENT_CN_ID, "11010519491231002XX");
    assert_refused(DOCUMENT_CN_ID, "X1010519491231002X");
}

static void takes_border_passes_as_they_are(void **state)
{
    (void)state;
    assert_document(DOCUMENT_BORDER_PASS, " GTH 12/26-Đồng Đăng\t", "GTH 12/26-Đồng Đăng");
    assert_refused(DOCUMENT_BORDER_PASS, "123456789012345678901");
    assert_refused(DOCUMENT_BORDER_PASS, "  ");
    assert_refused(DOCUMENT_BORDER_PASS, "a\nb");
}

static void names_its_types(void **state)
{
    (void)state;
    assert_string_equal(DOCUMENT_TYPES[DOCUMENT_CCCD], "cccd");
    assert_string_equal(DOCUMENT_TYPES[DOCUMENT_BORDER_PASS], "border_pass");
    assert_null(DOCUMENT_TYPES[DOCUMENT_BORDER_PASS + 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_vietnamese_cards),
        cmocka_unit_test(reads_passports_of_both_countries),
        cmocka_unit_test(checks_chinese_identity_numbers),
        cmocka_unit_test(takes_border_passes_as_they_are),
        cmocka_unit_test(names_its_types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
