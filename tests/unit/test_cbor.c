/* SPDX-License-Identifier: MIT
 * Deterministic CBOR: the examples of RFC 8949 appendix A that we use, and what must be refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "common/base/check.h"
#include "common/pass/cbor.h"

#define READER(literal)                                                                            \
    ((struct canon_reader){.at = (const uint8_t *)(literal), .left = sizeof(literal) - 1})

static void integers_take_their_shortest_form(void **state)
{
    static const struct {
        uint64_t value;
        struct bytes bytes;
    } CASES[] = {
        {0, {(const uint8_t *)"\x00", 1}},
        {23, {(const uint8_t *)"\x17", 1}},
        {24, {(const uint8_t *)"\x18\x18", 2}},
        {255, {(const uint8_t *)"\x18\xff", 2}},
        {1000, {(const uint8_t *)"\x19\x03\xe8", 3}},
        {1000000, {(const uint8_t *)"\x1a\x00\x0f\x42\x40", 5}},
        {1000000000000, {(const uint8_t *)"\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00", 9}},
        {UINT64_MAX, {(const uint8_t *)"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9}},
    };
    uint8_t room[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct canon_writer writer = {.at = room, .room = sizeof room};
        canon_write_uint(&writer, CASES[i].value);
        assert_int_equal(writer.size, CASES[i].bytes.size);
        assert_memory_equal(room, CASES[i].bytes.at, writer.size);
        struct canon_reader reader = {.at = room, .left = writer.size};
        assert_true(canon_read_uint(&reader, UINT64_MAX) == CASES[i].value);
        assert_true(canon_is_done(&reader));
    }
}

static void negative_integers_are_written_and_expected(void **state)
{
    static const int64_t VALUES[] = {-1, -8, -24, -25, -65537, -65538, -4294967297, INT64_MIN};
    uint8_t room[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
        struct canon_writer writer = {.at = room, .room = sizeof room};
        canon_write_negative(&writer, VALUES[i]);
        struct canon_reader reader = {.at = room, .left = writer.size}, again = reader;
        canon_expect_integer(&reader, VALUES[i]);
        assert_true(canon_is_done(&reader));
        canon_expect_integer(&again, VALUES[i] == -1 ? -2 : -1);
        assert_true(again.is_bad);
    }
    assert_int_equal(room[0], 0x3b);
}

static void longer_heads_than_needed_are_refused(void **state)
{
    struct canon_reader uints[] = {READER("\x18\x17"), READER("\x19\x00\xff"),
                                   READER("\x1a\x00\x00\xff\xff"),
                                   READER("\x1b\x00\x00\x00\x00\xff\xff\xff\xff")};
    struct canon_reader bytes = READER("\x58\x01"
                                       "a");
    struct canon_reader text = READER("\x78\x01"
                                      "a");
    struct canon_reader array = READER("\x98\x01\x00"), map = READER("\xb8\x00");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(uints); i++) {
        assert_int_equal(canon_read_uint(&uints[i], UINT64_MAX), 0);
        assert_true(uints[i].is_bad);
    }
    canon_read_bytes(&bytes);
    canon_read_text(&text);
    canon_read_array(&array);
    canon_expect_map(&map, 0);
    assert_true(bytes.is_bad && text.is_bad && array.is_bad && map.is_bad);
}

static void other_kinds_are_refused(void **state)
{
    struct canon_reader readers[] = {READER("\x9f\xff"), READER("\xbf\xff"), READER("\x5f\xff"),
                                     READER("\x7f\xff"), READER("\xc1\x00"), READER("\xf9\x3c\x00"),
                                     READER("\xf4"),     READER("\xf6"),     READER("\xf7"),
                                     READER("\xff"),     READER("\xf8\x20"), READER("\x1c"),
                                     READER("\xe0"),     READER("")};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        struct canon_reader a = readers[i], b = readers[i], c = readers[i], d = readers[i];
        canon_read_uint(&a, UINT64_MAX);
        canon_read_bytes(&b);
        canon_read_array(&c);
        canon_expect_map(&d, 0);
        assert_true(a.is_bad && b.is_bad && c.is_bad && d.is_bad);
        assert_false(canon_is_done(&a));
    }
}

static void lengths_beyond_the_end_are_refused(void **state)
{
    struct canon_reader bytes = READER("\x43"
                                       "ab");
    struct canon_reader huge = READER("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"
                                      "ab");
    struct canon_reader array = READER("\x9b\x00\xff\xff\xff\xff\xff\xff\xff");
    struct canon_reader cut = READER("\x19\x03");

    (void)state;
    assert_int_equal(canon_read_bytes(&bytes).size, 0);
    assert_int_equal(canon_read_bytes(&huge).size, 0);
    assert_int_equal(canon_read_array(&array), 0);
    canon_read_uint(&cut, UINT64_MAX);
    assert_true(bytes.is_bad && huge.is_bad && array.is_bad && cut.is_bad);
}

static void a_failure_stays(void **state)
{
    struct canon_reader reader = READER("\x61"
                                        "a\x01");

    (void)state;
    assert_int_equal(canon_read_uint(&reader, 9), 0);
    assert_int_equal(canon_read_text(&reader).size, 0);
    assert_int_equal(canon_read_uint(&reader, 9), 0);
    assert_false(canon_is_done(&reader));
}

static void bounds_and_counts_are_checked(void **state)
{
    struct canon_reader above = READER("\x0a"), array = READER("\x82\x00\x00");
    struct canon_reader left = READER("\x01\x02");

    (void)state;
    assert_int_equal(canon_read_uint(&above, 9), 0);
    canon_expect_array(&array, 3);
    assert_true(above.is_bad && array.is_bad);
    assert_int_equal(canon_read_uint(&left, 9), 1);
    assert_false(canon_is_done(&left));
}

static void a_full_writer_writes_nothing_more(void **state)
{
    uint8_t room[3] = {0};
    struct canon_writer writer = {.at = room, .room = 2};

    (void)state;
    canon_write_uint(&writer, 1000);
    canon_write_uint(&writer, 1);
    assert_true(writer.is_full);
    assert_int_equal(writer.size, 0);
    assert_int_equal(room[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_take_their_shortest_form),
        cmocka_unit_test(negative_integers_are_written_and_expected),
        cmocka_unit_test(longer_heads_than_needed_are_refused),
        cmocka_unit_test(other_kinds_are_refused),
        cmocka_unit_test(lengths_beyond_the_end_are_refused),
        cmocka_unit_test(a_failure_stays),
        cmocka_unit_test(bounds_and_counts_are_checked),
        cmocka_unit_test(a_full_writer_writes_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
