/* SPDX-License-Identifier: MIT */
#include "common/form/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void trims_blanks_of_all_kinds(void **state)
{
    (void)state;
    assert_true(span_is(text_trim(SPAN(" \t a b\r\n\xC2\xA0")), "a b"));
    assert_true(span_is(text_trim(SPAN("\xC2\xA0 é")), "é"));
    assert_true(span_is(text_trim(SPAN(" \t ")), ""));
    assert_true(span_is(text_trim(SPAN("\xC2")), "\xC2"));
    assert_true(span_is(text_trim((struct span){0}), ""));
}

static void counts_characters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(text_length(SPAN("Nguyễn")), 6);
    assert_int_equal(text_length(SPAN("桂F12345")), 7);
    assert_int_equal(text_length(SPAN("")), 0);
    assert_int_equal(text_length(SPAN("a\xFF")), -1);
}

static void finds_hidden_characters(void **state)
{
    (void)state;
    assert_true(text_is_printable(SPAN("Sầu riêng 榴莲 😀"), TEXT_LINE));
    assert_false(text_is_printable(SPAN("a\nb"), TEXT_LINE));
    assert_true(text_is_printable(SPAN("a\n\tb"), TEXT_NOTE));
    assert_false(text_is_printable(SPAN("a\0b"), TEXT_NOTE));
    assert_false(text_is_printable(SPAN("a\x7F"), TEXT_LINE));
    assert_false(text_is_printable(SPAN("a\xC2\x85"), TEXT_LINE)); /* next line */
    assert_false(text_is_printable(SPAN("29C\xE2\x80\xAE"
                                        "5"),
                                   TEXT_LINE));                       /* right to left */
    assert_false(text_is_printable(SPAN("\xE2\x81\xA6"), TEXT_LINE)); /* isolate */
    assert_false(text_is_printable(SPAN("\xEF\xBF\xBF"), TEXT_LINE)); /* noncharacter */
    assert_false(text_is_printable(SPAN("\xFF"), TEXT_LINE));
}

static void says_what_is_wrong(void **state)
{
    struct span clean;

    (void)state;
    assert_int_equal(text_read(SPAN("  An \t"), TEXT_LINE, 2, &clean), MESSAGE_NONE);
    assert_true(span_is(clean, "An"));
    assert_int_equal(text_read(SPAN("Anh"), TEXT_LINE, 2, &clean), MESSAGE_TOO_LONG);
    assert_int_equal(text_read(SPAN("Ễ桂"), TEXT_LINE, 2, &clean), MESSAGE_NONE);
    assert_int_equal(text_read(SPAN("\xC3"), TEXT_LINE, 2, &clean), MESSAGE_BAD_UTF8);
    assert_int_equal(text_read(SPAN("a\x01"), TEXT_LINE, 9, &clean), MESSAGE_NOT_PRINTABLE);
}

static void knows_codes(void **state)
{
    (void)state;
    assert_true(text_is_code(SPAN("1088/2-1089"), 32));
    assert_true(text_is_code(SPAN("15BBCQ1"), 7));
    assert_false(text_is_code(SPAN("15BBCQ1"), 6));
    assert_false(text_is_code(SPAN(""), 6));
    assert_false(text_is_code(SPAN("a b"), 6));
    assert_false(text_is_code(SPAN("é"), 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_blanks_of_all_kinds),
        cmocka_unit_test(counts_characters_not_bytes),
        cmocka_unit_test(finds_hidden_characters),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(knows_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
