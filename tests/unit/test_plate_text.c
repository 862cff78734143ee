/* SPDX-License-Identifier: MIT
 * Plates as they are painted. The same vectors as tests/screens/base.test.mjs has for the screens.
 */
#include "common/pass/plate_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/check.h"
#include "common/pass/font.h"

struct vector {
    const char *plate;
    const char *text;
};

static void is_painted(const struct vector *vectors, size_t count)
{
    char text[PLATE_TEXT_ROOM];

    for (size_t i = 0; i < count; i++) {
        plate_text(vectors[i].plate, text);
        assert_string_equal(text, vectors[i].text);
    }
}

static void vietnamese_plates_have_a_dash_and_a_point(void **state)
{
    static const struct vector VECTORS[] = {
        {"29C12345", "29C-123.45"},     {"29C112345", "29C1-123.45"}, {"29LD01234", "29LD-012.34"},
        {"80NG112345", "80NG1-123.45"}, {"15C1234", "15C-1234"},      {"29LD1234", "29LD-1234"}};

    (void)state;
    is_painted(VECTORS, COUNT_OF(VECTORS));
}

static void chinese_plates_have_a_dot_behind_the_letter(void **state)
{
    static const struct vector VECTORS[] = {{"桂F12345", "桂F·12345"},
                                            {"桂FA1234", "桂F·A1234"},
                                            {"粤BD12345", "粤B·D12345"},
                                            {"桂F1234挂", "桂F·1234挂"}};

    (void)state;
    is_painted(VECTORS, COUNT_OF(VECTORS));
}

static void anything_else_stays(void **state)
{
    static const struct vector VECTORS[] = {
        {"", ""},
        {"7", "7"},
        {"LSGGG54X8KS123456", "LSGGG54X8KS123456"},
        {"WHATEVER", "WHATEVER"},
        {"29C123", "29C123"},
        {"29C1234567", "29C1234567"},
        {"29ABC12345", "29ABC12345"},
        {"2912345", "2912345"},
        {"9C12345", "9C12345"},
        {"桂", "桂"},
        {"桂F", "桂F"},
        {"桂F1234", "桂F1234"},
        {"桂F1234567", "桂F1234567"},
        {"桂112345", "桂112345"},
        {"桂F12345挂", "桂F12345挂"},
        {"桂F123挂4", "桂F123挂4"},
    };

    (void)state;
    is_painted(VECTORS, COUNT_OF(VECTORS));
}

static void the_caption_can_draw_the_separators(void **state)
{
    (void)state;
    assert_true(font_has('-') && font_is_dark('-', 2, 3) && !font_is_dark('-', 2, 6));
    assert_true(font_has('.') && font_is_dark('.', 2, 6) && !font_is_dark('.', 2, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese_plates_have_a_dash_and_a_point),
        cmocka_unit_test(chinese_plates_have_a_dot_behind_the_letter),
        cmocka_unit_test(anything_else_stays),
        cmocka_unit_test(the_caption_can_draw_the_separators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
