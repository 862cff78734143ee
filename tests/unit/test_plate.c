/* SPDX-License-Identifier: MIT */
#include "common/form/plate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct plate plate;

static void assert_plate(const char *typed, enum plate_kind kind, const char *expected,
                         enum nationality nationality, bool is_assumed)
{
    assert_int_equal(plate_read(span_of(typed), NATIONALITY_ANY, kind, &plate), MESSAGE_NONE);
    assert_string_equal(plate.text, expected);
    assert_true(span_is(plate_span(&plate), expected));
    assert_int_equal(plate.nationality, nationality);
    assert_int_equal(plate.is_province_assumed, is_assumed);
    /* what was normalised stays as it is */
    assert_int_equal(plate_read(span_of(expected), nationality, kind, &plate), MESSAGE_NONE);
    assert_string_equal(plate.text, expected);
}

static void assert_refused(const char *typed, enum plate_kind kind)
{
    assert_int_equal(plate_read(span_of(typed), NATIONALITY_ANY, kind, &plate),
                     MESSAGE_PLATE_FORMAT);
}

static void reads_vietnamese_trucks(void **state)
{
    (void)state;
    assert_plate("29C-123.45", PLATE_TRUCK, "29C12345", NATIONALITY_VN, false);
    assert_plate("12H-067.89", PLATE_TRUCK, "12H06789", NATIONALITY_VN, false);
    assert_plate("12c 1234", PLATE_TRUCK, "12C1234", NATIONALITY_VN, false);
    assert_plate("29LD-123.45", PLATE_TRUCK, "29LD12345", NATIONALITY_VN, false);
    assert_plate("29DA 1234", PLATE_TRUCK, "29DA1234", NATIONALITY_VN, false);
    assert_plate("29Đ-123.45", PLATE_TRUCK, "29D12345", NATIONALITY_VN, false);
    assert_plate("２９Ｃ　１２３４５", PLATE_TRUCK, "29C12345", NATIONALITY_VN, false);
    assert_refused("09C12345", PLATE_TRUCK);
    assert_refused("29R12345", PLATE_TRUCK);
    assert_refused("29C123", PLATE_TRUCK);
    assert_refused("29C123456", PLATE_TRUCK);
    assert_refused("29I12345", PLATE_TRUCK);
    assert_plate("29C-O12.I5", PLATE_TRUCK, "29C01215", NATIONALITY_VN, false);
    assert_refused("29LDA2345", PLATE_TRUCK);
}

static void reads_vietnamese_trailers(void **state)
{
    (void)state;
    assert_plate("34RM-001.23", PLATE_TRAILER, "34RM00123", NATIONALITY_VN, false);
    assert_plate("98R-036.78", PLATE_TRAILER, "98R03678", NATIONALITY_VN, false);
    assert_refused("29C12345", PLATE_TRAILER);
    assert_refused("34RM123", PLATE_TRAILER);
}

static void reads_chinese_plates(void **state)
{
    (void)state;
    assert_plate("桂F·12345", PLATE_TRUCK, "桂F12345", NATIONALITY_CN, false);
    assert_plate("粤b 1A2B3", PLATE_TRUCK, "粤B1A2B3", NATIONALITY_CN, false);
    assert_plate("桂F12345D", PLATE_TRUCK, "桂F12345D", NATIONALITY_CN, false);
    assert_plate("桂FD12345", PLATE_TRUCK, "桂FD12345", NATIONALITY_CN, false);
    assert_plate("桂F1234挂", PLATE_TRAILER, "桂F1234挂", NATIONALITY_CN, false);
    assert_refused("桂F1234挂", PLATE_TRUCK);
    assert_refused("桂I12345", PLATE_TRUCK);
    assert_plate("桂F1234O", PLATE_TRUCK, "桂F12340", NATIONALITY_CN, false);
    assert_plate("桂FI2345", PLATE_TRUCK, "桂F12345", NATIONALITY_CN, false);
    assert_refused("桂112345", PLATE_TRUCK);
    assert_refused("鬼F12345", PLATE_TRUCK);
}

static void completes_chinese_plates_as_typed_in_vietnam(void **state)
{
    (void)state;
    assert_plate("F12345", PLATE_TRUCK, "桂F12345", NATIONALITY_CN, true);
    assert_plate("f-12345 d", PLATE_TRUCK, "桂F12345D", NATIONALITY_CN, true);
    assert_plate("F1234挂", PLATE_TRAILER, "桂F1234挂", NATIONALITY_CN, true);
    assert_plate("F1234", PLATE_TRAILER, "桂F1234挂", NATIONALITY_CN, true);
    assert_plate("桂F1234", PLATE_TRAILER, "桂F1234挂", NATIONALITY_CN, false);
    assert_refused("F1234", PLATE_TRUCK);
    assert_refused("F1234567", PLATE_TRUCK);
    assert_refused("F12345678", PLATE_TRAILER);
}

static void the_nationality_must_fit(void **state)
{
    (void)state;
    assert_int_equal(plate_read(SPAN("29C12345"), NATIONALITY_CN, PLATE_TRUCK, &plate),
                     MESSAGE_PLATE_NATIONALITY);
    assert_int_equal(plate_read(SPAN("F12345"), NATIONALITY_VN, PLATE_TRUCK, &plate),
                     MESSAGE_PLATE_NATIONALITY);
    assert_int_equal(plate_read(SPAN("F12345"), NATIONALITY_CN, PLATE_TRUCK, &plate), MESSAGE_NONE);
    assert_string_equal(nationality_code(NATIONALITY_VN), "VN");
    assert_string_equal(nationality_code(NATIONALITY_CN), "CN");
}

static void refuses_what_is_no_plate_at_all(void **state)
{
    (void)state;
    assert_refused("", PLATE_ANY);
    assert_refused(" - ", PLATE_ANY);
    assert_refused("挂", PLATE_ANY);
    assert_refused("\xFF", PLATE_ANY);
    assert_refused("12345678", PLATE_ANY);
    assert_refused("29C12345'; drop table crossing", PLATE_ANY);
}

static void reads_vins(void **state)
{
    char vin[VIN_SIZE + 1];

    (void)state;
    assert_int_equal(vin_read(SPAN("lsvau033 4720 00000"), vin), MESSAGE_NONE);
    assert_string_equal(vin, "LSVAU033472000000");
    assert_int_equal(vin_read(SPAN("LSVAU03347200000"), vin), MESSAGE_VIN_FORMAT);
    assert_int_equal(vin_read(SPAN("LSVAU0334720000000"), vin), MESSAGE_VIN_FORMAT);
    assert_int_equal(vin_read(SPAN("LSVAU03347200000I"), vin), MESSAGE_VIN_FORMAT);
    assert_int_equal(vin_read(SPAN("LSVAU03347200000O"), vin), MESSAGE_VIN_FORMAT);
    assert_int_equal(vin_read(SPAN("LSVAU03347200000Q"), vin), MESSAGE_VIN_FORMAT);
    assert_int_equal(vin_read(SPAN("LSVAU03347200000挂"), vin), MESSAGE_VIN_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_vietnamese_trucks),
        cmocka_unit_test(reads_vietnamese_trailers),
        cmocka_unit_test(reads_chinese_plates),
        cmocka_unit_test(completes_chinese_plates_as_typed_in_vietnam),
        cmocka_unit_test(the_nationality_must_fit),
        cmocka_unit_test(refuses_what_is_no_plate_at_all),
        cmocka_unit_test(reads_vins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
