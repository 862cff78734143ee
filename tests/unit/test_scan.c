/* SPDX-License-Identifier: MIT */
#include "common/form/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct scan scan;

static void assert_digits(const char *typed, enum scan_kind kind, const char *expected)
{
    scan_read(span_of(typed), &scan);
    assert_int_equal(scan.kind, kind);
    assert_string_equal(scan.digits, expected);
    assert_int_equal(scan.size, strlen(expected));
}

static void assert_kind(const char *typed, enum scan_kind kind)
{
    scan_read(span_of(typed), &scan);
    assert_int_equal(scan.kind, kind);
}

static void tells_numbers_apart_by_their_form(void **state)
{
    (void)state;
    assert_digits("01000000000001", SCAN_CROSSING, "01000000000001");
    assert_digits(" 01 0000-0000.0001\r\n", SCAN_CROSSING, "01000000000001");
    assert_digits("０１０００００００００００１", SCAN_CROSSING, "01000000000001");
    assert_digits("20261122010001", SCAN_DECLARATION, "20261122010001");
    assert_digits("2026112201 12345", SCAN_DECLARATION, "202611220112345");
    assert_digits("20261322010001", SCAN_CROSSING, "20261322010001");
    assert_digits("20261122000001", SCAN_CROSSING, "20261122000001"); /* no gate 00 */
    assert_digits("0100000000000112345678901234567", SCAN_PASS, "0100000000000112345678901234567");
    assert_digits("010000000000012", SCAN_PASS, "010000000000012");
    assert_kind("0100000000000", SCAN_UNREADABLE);
    assert_kind("", SCAN_UNREADABLE);
}

static void reads_plates_as_they_are_typed(void **state)
{
    (void)state;
    assert_kind("29c 123.45", SCAN_PLATE);
    assert_string_equal(scan.plate.text, "29C12345");
    assert_kind("29Đ-123.45", SCAN_PLATE);
    assert_string_equal(scan.plate.text, "29D12345");
    assert_kind("34RM-001.23", SCAN_PLATE);
    assert_int_equal(scan.plate.kind, PLATE_TRAILER);
    assert_kind("F12345", SCAN_PLATE);
    assert_string_equal(scan.plate.text, "桂F12345");
    assert_true(scan.plate.is_province_assumed);
}

static void reads_the_vin_of_a_new_vehicle(void **state)
{
    (void)state;
    assert_digits("LVSHCAMB1CE054249", SCAN_VIN, "LVSHCAMB1CE054249");
    assert_digits("lvshcamb 1ce-054249", SCAN_VIN, "LVSHCAMB1CE054249");
    assert_digits("01000000000001123", SCAN_PASS, "01000000000001123");
    assert_kind("LVSHCAMB1CE05424", SCAN_UNREADABLE);
}

static void notices_what_an_input_method_rewrote(void **state)
{
    (void)state;
    assert_kind("01000000á0000112345678901234567", SCAN_MANGLED);
    assert_kind("0100000000000Đ", SCAN_MANGLED);
    assert_kind("1234567890\xFF", SCAN_MANGLED);
    assert_kind("hello", SCAN_UNREADABLE);
    assert_kind("29C1234567", SCAN_UNREADABLE);
    assert_kind("\xFF", SCAN_UNREADABLE);
}

static void a_text_without_end_is_not_kept(void **state)
{
    char long_text[SCAN_DIGITS_MAX + 2];

    (void)state;
    memset(long_text, '7', sizeof long_text);
    scan_read((struct span){long_text, SCAN_DIGITS_MAX}, &scan);
    assert_int_equal(scan.kind, SCAN_PASS);
    assert_int_equal(scan.size, SCAN_DIGITS_MAX);
    scan_read((struct span){long_text, sizeof long_text}, &scan);
    assert_int_equal(scan.kind, SCAN_MANGLED);
}

static void knows_ids_exactly(void **state)
{
    (void)state;
    assert_true(scan_is_crossing(SPAN("01000000000001")));
    assert_false(scan_is_crossing(SPAN("00000000000001")));
    assert_false(scan_is_crossing(SPAN("0100000000001")));
    assert_false(scan_is_crossing(SPAN("0100000000000 ")));
    assert_false(scan_is_crossing(SPAN("20261122010001")));
    assert_true(scan_is_declaration(SPAN("20261122010001")));
    assert_false(scan_is_declaration(SPAN("2026112201001")));
    assert_false(scan_is_declaration(SPAN("20261122010001234")));
    assert_false(scan_is_declaration(SPAN("2026112201000x")));
    assert_false(scan_is_declaration(SPAN("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_numbers_apart_by_their_form),
        cmocka_unit_test(reads_plates_as_they_are_typed),
        cmocka_unit_test(reads_the_vin_of_a_new_vehicle),
        cmocka_unit_test(notices_what_an_input_method_rewrote),
        cmocka_unit_test(a_text_without_end_is_not_kept),
        cmocka_unit_test(knows_ids_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
