/* SPDX-License-Identifier: MIT
 * The code itself, read back by an independent reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <zbar.h>

#include "common/pass/qr.h"

enum { SCALE = 4, SIDE_MAX = (QR_WIDTH_MAX + 2 * QR_QUIET) * SCALE };

/* What zbar sees in the code: the only symbol's text, or "" when it sees none. */
static void code_read(const struct qr *qr, char *text, size_t room)
{
    static unsigned char grey[SIDE_MAX * SIDE_MAX];
    unsigned side = (unsigned)(qr->width + 2 * QR_QUIET) * SCALE;

    memset(grey, 255, sizeof grey);
    for (int y = 0; y < qr->width * SCALE; y++)
        for (int x = 0; x < qr->width * SCALE; x++)
            if (qr->dark[y / SCALE][x / SCALE])
                grey[(unsigned)(y + QR_QUIET * SCALE) * side + (unsigned)(x + QR_QUIET * SCALE)] =
                    0;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, 0x30303859); /* "Y800" */
    zbar_image_set_size(image, side, side);
    zbar_image_set_data(image, grey, (unsigned long)side * side, NULL);
    text[0] = '\0';
    if (zbar_scan_image(scanner, image) == 1) {
        const char *data = zbar_symbol_get_data(zbar_image_first_symbol(image));
        assert_true(strlen(data) < room);
        memcpy(text, data, strlen(data) + 1);
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
}

static void digits_fill(char *digits, size_t size)
{
    for (size_t i = 0; i < size; i++)
        digits[i] = (char)('0' + (i * i + 7 * i + 3) % 10);
    digits[size] = '\0';
}

static void any_length_is_read_back(void **state)
{
    char digits[341], text[400];
    struct qr qr;

    (void)state;
    for (size_t size = 14; size <= 340; size += 163) {
        digits_fill(digits, size);
        assert_true(qr_make(span_of(digits), &qr));
        code_read(&qr, text, sizeof text);
        assert_string_equal(text, digits);
    }
}

/* 365 digits is what version 8 holds at level M in numeric mode (ISO/IEC 18004, table 7); in byte
 * mode it would be 152. */
static void the_mode_is_numeric(void **state)
{
    char digits[400];
    struct qr qr;

    (void)state;
    digits_fill(digits, 340);
    assert_true(qr_make(span_of(digits), &qr));
    assert_int_equal(qr.width, 49);
    digits_fill(digits, 365);
    assert_true(qr_make(span_of(digits), &qr));
    assert_int_equal(qr.width, 49);
    digits_fill(digits, 366);
    assert_false(qr_make(span_of(digits), &qr));
}

static void the_same_digits_give_the_same_code(void **state)
{
    struct qr a, b;

    (void)state;
    assert_true(qr_make(SPAN("01000000000001"), &a));
    assert_true(qr_make(SPAN("01000000000001"), &b));
    assert_memory_equal(&a, &b, sizeof a);
}

static void other_texts_are_refused(void **state)
{
    struct qr qr;

    (void)state;
    assert_false(qr_make(SPAN(""), &qr));
    assert_false(qr_make(SPAN("12a"), &qr));
    assert_false(qr_make(SPAN("12 3"), &qr));
    assert_false(qr_make((struct span){"1", 1u << 20}, &qr));
}

static void modules_are_wide_enough_for_print(void **state)
{
    (void)state;
    for (int width = 21; width <= QR_WIDTH_MAX; width += 4) {
        struct qr qr = {.width = width};
        assert_true(qr_module_dots(&qr) * width >= 35 * 8);
        assert_true((qr_module_dots(&qr) - 1) * width < 35 * 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_length_is_read_back),
        cmocka_unit_test(the_mode_is_numeric),
        cmocka_unit_test(the_same_digits_give_the_same_code),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(modules_are_wide_enough_for_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
