/* SPDX-License-Identifier: MIT
 * Cursors: what is written is read again, SQL's own are read, and nothing else is taken for one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "services/gated/cursor.h"

static const struct span LIST = {"events:f12:called,step", 22};

/* base64url of a plain text, as SQL makes it. */
static struct span encoded(const char *plain)
{
    static char text[2048];

    sodium_bin2base64(text, sizeof text, (const unsigned char *)plain, strlen(plain),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return span_of(text);
}

static bool is_read(const char *plain)
{
    struct cursor cursor;

    return cursor_read(encoded(plain), LIST, &cursor);
}

static void what_is_written_is_read_again(void **state)
{
    struct cursor cursor, read;
    struct buffer text = {0};

    (void)state;
    cursor_clear(&cursor);
    cursor.seqs[0] = 0;
    cursor.seqs[1] = 1234567890123;
    cursor.seqs[99] = 7;
    cursor_write(&cursor, LIST, &text);
    assert_true(cursor_read(buffer_span(&text), LIST, &read));
    assert_memory_equal(cursor.seqs, read.seqs, sizeof cursor.seqs);
    buffer_free(&text);
}

static void every_ledger_may_be_named(void **state)
{
    struct cursor cursor, read;
    struct buffer text = {0};

    (void)state;
    for (int i = 0; i < LEDGER_COUNT; i++)
        cursor.seqs[i] = 1000000000000000 - i;
    cursor_write(&cursor, LIST, &text);
    assert_true(cursor_read(buffer_span(&text), LIST, &read));
    assert_memory_equal(cursor.seqs, read.seqs, sizeof cursor.seqs);
    buffer_free(&text);
}

static void sql_spelling_is_read(void **state)
{
    struct cursor cursor;

    (void)state;
    assert_true(
        cursor_read(encoded("events:f12:called,step {\"1\": 120, \"2\": 7}"), LIST, &cursor));
    assert_int_equal(cursor.seqs[0], -1);
    assert_int_equal(cursor.seqs[1], 120);
    assert_int_equal(cursor.seqs[2], 7);
    assert_true(is_read("events:f12:called,step {}"));
}

static void a_cursor_belongs_to_its_list(void **state)
{
    (void)state;
    assert_false(is_read("events:f1:called,step {\"1\": 1}"));
    assert_false(is_read("events:f12:called,steps {\"1\": 1}"));
    assert_false(is_read("events:f12:called {\"1\": 1}"));
    assert_false(is_read("events:f12:called,step"));
}

static void nothing_else_is_a_cursor(void **state)
{
    static const char *const VECTORS[] = {
        "",
        "{",
        "[]",
        "{\"1\":1,}",
        "{\"1\":1}x",
        "{\"1\":1 \"2\":2}",
        "{\"1\":-1}",
        "{\"1\":1.5}",
        "{\"1\":\"1\"}",
        "{\"1\":null}",
        "{1:1}",
        "{\"\":1}",
        "{\"1\":}",
        "{\"100\":1}",
        "{\"1\":1,\"1\":2}",
        "{\"1\":1000000000000001}",
        "{\"1\":99999999999999999999999}",
        "{\"x\":1}",
    };
    char plain[128];

    (void)state;
    for (size_t i = 0; i < sizeof VECTORS / sizeof *VECTORS; i++) {
        strcpy(plain, "events:f12:called,step ");
        strcat(plain, VECTORS[i]);
        if (is_read(plain))
            fail_msg("%s was read", VECTORS[i]);
    }
}

static void broken_text_is_none(void **state)
{
    struct cursor cursor;
    char *large = malloc(10000);

    (void)state;
    memset(large, 'A', 10000);
    assert_false(cursor_read(SPAN(""), LIST, &cursor));
    assert_false(cursor_read(SPAN("***"), LIST, &cursor));
    assert_false(cursor_read(SPAN("ZXZlbnRzOg=="), LIST, &cursor));
    assert_false(cursor_read((struct span){large, 10000}, LIST, &cursor));
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(every_ledger_may_be_named),
        cmocka_unit_test(sql_spelling_is_read),
        cmocka_unit_test(a_cursor_belongs_to_its_list),
        cmocka_unit_test(nothing_else_is_a_cursor),
        cmocka_unit_test(broken_text_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
