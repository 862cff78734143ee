/* SPDX-License-Identifier: MIT
 * The picture: decoded again, its code read by an independent reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <png.h>
#include <zbar.h>

#include "common/pass/pass.h"
#include "common/pass/png.h"

enum { NOW = 1795312800 };

struct grey {
    unsigned char *dots;
    unsigned width;
    unsigned height;
};

static struct pass_sheet sheet_of(const char *plate, char digits[PASS_DIGITS_ROOM])
{
    static const uint8_t SEED[PASS_SEED_BYTES] = {1};
    struct pass_sheet sheet = {
        .claims = {.crossing = 1000000000001,
                   .version = 1,
                   .gate = 1,
                   .not_before_s = NOW,
                   .expires_s = NOW + 86400},
        .language = LANGUAGE_VI,
        .gate_name = SPAN("Hữu Nghị"),
    };
    struct pass_key key;

    memcpy(sheet.claims.plate, plate, strlen(plate));
    assert_true(pass_key_init(&key, SPAN("k1"), SEED, NOW, NOW + 1));
    assert_true(pass_sign(&sheet.claims, &key, digits));
    sheet.digits = span_of(digits);
    return sheet;
}

static struct grey picture_read(const struct buffer *file)
{
    png_image image = {.version = PNG_IMAGE_VERSION};

    assert_true(png_image_begin_read_from_memory(&image, file->at, file->size));
    image.format = PNG_FORMAT_GRAY;
    struct grey grey = {malloc(PNG_IMAGE_SIZE(image)), image.width, image.height};
    assert_true(png_image_finish_read(&image, NULL, grey.dots, 0, NULL));
    return grey;
}

static void code_is(const struct grey *grey, const char *digits)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t *image = zbar_image_create();

    zbar_image_set_format(image, 0x30303859); /* "Y800" */
    zbar_image_set_size(image, grey->width, grey->height);
    zbar_image_set_data(image, grey->dots, (unsigned long)grey->width * grey->height, NULL);
    assert_int_equal(zbar_scan_image(scanner, image), 1);
    assert_string_equal(zbar_symbol_get_data(zbar_image_first_symbol(image)), digits);
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
}

static size_t dark_below(const struct grey *grey, unsigned row)
{
    size_t dark = 0;

    for (size_t i = (size_t)row * grey->width; i < (size_t)grey->width * grey->height; i++)
        dark += grey->dots[i] == 0;
    return dark;
}

static void the_code_reads_back_and_has_its_caption(void **state)
{
    static const char *const PLATES[] = {"29C12345", "桂F1234挂", "LSGGG54X8KS123456", "7"};
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(PLATES); i++) {
        struct pass_sheet sheet = sheet_of(PLATES[i], digits);
        struct buffer file = {0};
        assert_true(pass_png_write(&sheet, &file));
        struct grey grey = picture_read(&file);
        assert_true(grey.width >= 43 * 8 - 2 && grey.width <= 72 * 8);
        assert_true(grey.height > grey.width);
        code_is(&grey, digits);
        assert_true(dark_below(&grey, grey.width) > 500);
        free(grey.dots);
        buffer_free(&file);
    }
}

static void the_same_pass_gives_the_same_bytes(void **state)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of("29C12345", digits);
    struct buffer a = {0}, b = {0};

    (void)state;
    assert_true(pass_png_write(&sheet, &a));
    assert_true(pass_png_write(&sheet, &b));
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.at, b.at, a.size);
    assert_true(a.size < 4096);
    buffer_free(&a);
    buffer_free(&b);
}

static void digits_that_are_none_are_refused(void **state)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of("29C12345", digits);
    struct buffer file = {0};

    (void)state;
    sheet.digits = SPAN("no digits");
    assert_false(pass_png_write(&sheet, &file));
    assert_int_equal(file.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_reads_back_and_has_its_caption),
        cmocka_unit_test(the_same_pass_gives_the_same_bytes),
        cmocka_unit_test(digits_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
