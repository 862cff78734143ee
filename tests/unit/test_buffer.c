/* SPDX-License-Identifier: MIT */
#include "common/base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void grows_with_what_is_added(void **state)
{
    struct buffer buffer = {0};

    (void)state;
    assert_string_equal(buffer_span(&buffer).at, "");
    for (int i = 0; i < 1000; i++)
        buffer_print(&buffer, "%03d", i);
    assert_int_equal(buffer.size, 3000);
    assert_memory_equal(buffer.at + 2997, "999", 4);
    buffer_free(&buffer);
    assert_null(buffer.at);
}

static void escapes_what_json_must_not_hold(void **state)
{
    struct buffer buffer = {0};

    (void)state;
    buffer_add_json(&buffer, SPAN("a\"b\\c\n\0\x1f/é桂"));
    assert_string_equal(buffer.at, "\"a\\\"b\\\\c\\u000a\\u0000\\u001f/é桂\"");
    buffer_free(&buffer);
    buffer_add_json(&buffer, SPAN(""));
    assert_string_equal(buffer.at, "\"\"");
    buffer_free(&buffer);
}

static void gives_its_text_away(void **state)
{
    struct buffer buffer = {0};
    size_t size;

    (void)state;
    buffer_add_text(&buffer, "text");
    char *text = buffer_steal(&buffer, &size);
    assert_string_equal(text, "text");
    assert_int_equal(size, 4);
    assert_null(buffer.at);
    free(text);
    text = buffer_steal(&buffer, NULL);
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_with_what_is_added),
        cmocka_unit_test(escapes_what_json_must_not_hold),
        cmocka_unit_test(gives_its_text_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
