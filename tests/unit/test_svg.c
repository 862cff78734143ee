/* SPDX-License-Identifier: MIT
 * The drawn and the written sheet: what they say, in which language, and that nothing leaks out of
 * a text into the markup. The code in the drawing is compared with the modules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/pass/pass.h"
#include "common/pass/qr.h"
#include "common/pass/svg.h"
#include "common/pass/text.h"

enum { NOW = 1795312800 }; /* 2026-11-22 09:00 in Hanoi */

static struct pass_sheet sheet_of(enum language language, char digits[PASS_DIGITS_ROOM])
{
    static const uint8_t SEED[PASS_SEED_BYTES] = {1};
    struct pass_sheet sheet = {
        .claims = {.crossing = 1000000000001,
                   .version = 3,
                   .plate = "29C12345",
                   .gate = 1,
                   .direction = PASS_EXPORT,
                   .not_before_s = NOW,
                   .expires_s = NOW + 86400},
        .language = language,
        .gate_name = SPAN("Hữu Nghị"),
        .declaration = SPAN("20261122010001"),
        .window_from_s = NOW + 3600,
        .window_to_s = NOW + 5400,
    };
    struct pass_key key;

    assert_true(pass_key_init(&key, SPAN("k1"), SEED, NOW, NOW + 1));
    assert_true(pass_sign(&sheet.claims, &key, digits));
    sheet.digits = span_of(digits);
    return sheet;
}

static void holds(const struct buffer *text, const char *part)
{
    if (!strstr(text->at, part))
        fail_msg("\"%s\" is missing in:\n%s", part, text->at);
}

static void the_drawing_says_everything_in_each_language(void **state)
{
    static const char *const WORDS[LANGUAGE_COUNT][3] = {
        {"Giấy qua cửa khẩu", "Xuất khẩu", "xml:lang=\"vi\""},
        {"Gate pass", "Export", "xml:lang=\"en\""},
        {"过关凭证", "出口", "xml:lang=\"zh\""},
    };
    static const char *const ALWAYS[] = {"<title id=\"title-1000000000001\">",
                                         "<desc id=\"desc-1000000000001\">",
                                         "role=\"img\"",
                                         "width=\"72mm\"",
                                         ">29C-123.45</text>",
                                         ">01000000000001</text>",
                                         ">Hữu Nghị</text>",
                                         ">20261122010001</text>",
                                         ">10:00–10:30, 22/11</text>",
                                         ">3</text>",
                                         ">09:00, 23/11/2026</text>"};
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    for (enum language language = 0; language < LANGUAGE_COUNT; language++) {
        struct pass_sheet sheet = sheet_of(language, digits);
        struct buffer svg = {0};
        assert_true(pass_svg_write(&sheet, &svg));
        for (size_t i = 0; i < COUNT_OF(WORDS[language]); i++)
            holds(&svg, WORDS[language][i]);
        for (size_t i = 0; i < COUNT_OF(ALWAYS); i++)
            holds(&svg, ALWAYS[i]);
        buffer_free(&svg);
    }
}

/* Plays the path's "M x y h n v1 h-n z" into modules. */
static void path_play(const char *path, struct qr *drawn)
{
    int x, y, run, used;

    while (sscanf(path, "M%d %dh%dv1h-%*dz%n", &x, &y, &run, &used) == 3) {
        for (int i = 0; i < run; i++)
            drawn->dark[y][x + i] = 1;
        path += used;
    }
    assert_int_equal(*path, '"');
}

static void the_drawn_code_is_the_code(void **state)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of(LANGUAGE_VI, digits);
    struct buffer svg = {0};
    struct qr qr, drawn = {0};

    (void)state;
    assert_true(pass_svg_write(&sheet, &svg));
    assert_true(qr_make(sheet.digits, &qr));
    drawn.width = qr.width;
    path_play(strstr(svg.at, " d=\"") + 4, &drawn);
    assert_memory_equal(&drawn, &qr, sizeof qr);
    buffer_free(&svg);
}

static void texts_stay_texts(void **state)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of(LANGUAGE_EN, digits);
    struct buffer svg = {0};

    (void)state;
    sheet.gate_name = SPAN("<script>\"a\" & 'b'\n</script>");
    assert_true(pass_svg_write(&sheet, &svg));
    assert_null(strstr(svg.at, "<script"));
    holds(&svg, "&lt;script&gt;&quot;a&quot; &amp; 'b'&lt;/script&gt;");
    buffer_free(&svg);
}

static void an_empty_window_is_the_live_queue(void **state)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of(LANGUAGE_EN, digits);
    struct buffer svg = {0};

    (void)state;
    sheet.window_from_s = sheet.window_to_s = 0;
    sheet.declaration = (struct span){0};
    sheet.claims.direction = PASS_IMPORT;
    assert_true(pass_svg_write(&sheet, &svg));
    holds(&svg, ">Live queue</text>");
    holds(&svg, ">Import</text>");
    assert_null(strstr(svg.at, "Declaration"));
    buffer_free(&svg);
}

static void digits_that_are_none_are_refused(void **state)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of(LANGUAGE_EN, digits);
    struct buffer svg = {0};

    (void)state;
    sheet.digits = SPAN("");
    assert_false(pass_svg_write(&sheet, &svg));
    assert_int_equal(svg.size, 0);
}

static void the_text_form_gives_the_digits_in_groups(void **state)
{
    char digits[PASS_DIGITS_ROOM], joined[PASS_DIGITS_ROOM];
    struct pass_sheet sheet = sheet_of(LANGUAGE_EN, digits);
    struct buffer text = {0};
    size_t size = 0;

    (void)state;
    pass_text_write(&sheet, &text);
    assert_non_null(strstr(text.at, "Gate pass\nHữu Nghị\nLicence plate: 29C-123.45\n"));
    const char *at = strstr(text.at, "\n\n");
    assert_non_null(at);
    assert_memory_equal(at, "\n\n01000000000001\n", 17);
    for (; *at; at++)
        if (*at != '\n')
            joined[size++] = *at;
    joined[size] = '\0';
    assert_string_equal(joined, digits);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_drawing_says_everything_in_each_language),
        cmocka_unit_test(the_drawn_code_is_the_code),
        cmocka_unit_test(texts_stay_texts),
        cmocka_unit_test(an_empty_window_is_the_live_queue),
        cmocka_unit_test(digits_that_are_none_are_refused),
        cmocka_unit_test(the_text_form_gives_the_digits_in_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
