/* SPDX-License-Identifier: MIT */
#include "common/pass/cbor.h"

#include <string.h>

#include <cbor.h>

#include "common/base/check.h"

enum { HEAD_BYTES = 9 }; /* the longest head: one byte and a 64-bit argument */

enum kind { KIND_OTHER, KIND_UINT, KIND_NEGATIVE, KIND_BYTES, KIND_TEXT, KIND_ARRAY, KIND_MAP };

/* One item as libcbor reports it. argument is the number of its head: the value, -1 - value, the
 * length or the count. */
struct item {
    enum kind kind;
    uint64_t argument;
    const uint8_t *at;
};

static size_t head_encode(enum kind kind, uint64_t argument, uint8_t head[HEAD_BYTES])
{
    switch (kind) {
    case KIND_UINT:
        return cbor_encode_uint(argument, head, HEAD_BYTES);
    case KIND_NEGATIVE:
        return cbor_encode_negint(argument, head, HEAD_BYTES);
    case KIND_BYTES:
        return cbor_encode_bytestring_start(argument, head, HEAD_BYTES);
    case KIND_TEXT:
        return cbor_encode_string_start(argument, head, HEAD_BYTES);
    case KIND_ARRAY:
        return cbor_encode_array_start(argument, head, HEAD_BYTES);
    case KIND_MAP:
        return cbor_encode_map_start(argument, head, HEAD_BYTES);
    case KIND_OTHER:
        break;
    }
    return 0;
}

static void write_raw(struct canon_writer *writer, const void *at, size_t size)
{
    if (writer->is_full || size > writer->room - writer->size) {
        writer->is_full = true;
        return;
    }
    if (size)
        memcpy(writer->at + writer->size, at, size);
    writer->size += size;
}

static void write_head(struct canon_writer *writer, enum kind kind, uint64_t argument)
{
    uint8_t head[HEAD_BYTES];

    write_raw(writer, head, head_encode(kind, argument, head));
}

void canon_write_uint(struct canon_writer *writer, uint64_t value)
{
    write_head(writer, KIND_UINT, value);
}

void canon_write_negative(struct canon_writer *writer, int64_t value)
{
    CHECK(value < 0);
    write_head(writer, KIND_NEGATIVE, ~(uint64_t)value); /* -1 - value */
}

void canon_write_bytes(struct canon_writer *writer, struct bytes value)
{
    write_head(writer, KIND_BYTES, value.size);
    write_raw(writer, value.at, value.size);
}

void canon_write_text(struct canon_writer *writer, struct bytes value)
{
    write_head(writer, KIND_TEXT, value.size);
    write_raw(writer, value.at, value.size);
}

void canon_write_array(struct canon_writer *writer, size_t count)
{
    write_head(writer, KIND_ARRAY, count);
}

void canon_write_map(struct canon_writer *writer, size_t count)
{
    write_head(writer, KIND_MAP, count);
}

static void on_item(struct item *item, enum kind kind, uint64_t argument)
{
    item->kind = kind;
    item->argument = argument;
}

static void on_uint8(void *item, uint8_t value)
{
    on_item(item, KIND_UINT, value);
}

static void on_uint16(void *item, uint16_t value)
{
    on_item(item, KIND_UINT, value);
}

static void on_uint32(void *item, uint32_t value)
{
    on_item(item, KIND_UINT, value);
}

static void on_uint64(void *item, uint64_t value)
{
    on_item(item, KIND_UINT, value);
}

static void on_negative8(void *item, uint8_t value)
{
    on_item(item, KIND_NEGATIVE, value);
}

static void on_negative16(void *item, uint16_t value)
{
    on_item(item, KIND_NEGATIVE, value);
}

static void on_negative32(void *item, uint32_t value)
{
    on_item(item, KIND_NEGATIVE, value);
}

static void on_negative64(void *item, uint64_t value)
{
    on_item(item, KIND_NEGATIVE, value);
}

/* libcbor up to 0.8 gives lengths as size_t, later as uint64_t: one type where we build (LP64). */
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "lengths of libcbor are 64 bits");

static void on_bytes(void *item, cbor_data at, size_t size)
{
    on_item(item, KIND_BYTES, size);
    ((struct item *)item)->at = at;
}

static void on_text(void *item, cbor_data at, size_t size)
{
    on_item(item, KIND_TEXT, size);
    ((struct item *)item)->at = at;
}

static void on_array(void *item, size_t count)
{
    on_item(item, KIND_ARRAY, count);
}

static void on_map(void *item, size_t count)
{
    on_item(item, KIND_MAP, count);
}

/* What is not named here stays a no-op, so the item stays KIND_OTHER and is refused. */
static struct cbor_callbacks callbacks(void)
{
    struct cbor_callbacks on = cbor_empty_callbacks;

    on.uint8 = on_uint8;
    on.uint16 = on_uint16;
    on.uint32 = on_uint32;
    on.uint64 = on_uint64;
    on.negint8 = on_negative8;
    on.negint16 = on_negative16;
    on.negint32 = on_negative32;
    on.negint64 = on_negative64;
    on.byte_string = on_bytes;
    on.string = on_text;
    on.array_start = on_array;
    on.map_start = on_map;
    return on;
}

/* Bytes of the next item when it is of that kind, whole, and its head the shortest possible; else
 * 0.
 */
static size_t item_decode(const struct canon_reader *reader, enum kind kind, struct item *item)
{
    struct cbor_callbacks on = callbacks();
    uint8_t head[HEAD_BYTES];

    if (reader->is_bad || reader->left == 0)
        return 0;
    struct cbor_decoder_result result = cbor_stream_decode(reader->at, reader->left, &on, item);
    if (result.status != CBOR_DECODER_FINISHED || item->kind != kind)
        return 0;
    size_t size = head_encode(kind, item->argument, head) + (item->at ? item->argument : 0);
    return size == result.read && size <= reader->left ? size : 0;
}

static struct item read_item(struct canon_reader *reader, enum kind kind)
{
    struct item item = {0};
    size_t size = item_decode(reader, kind, &item);

    if (size == 0) {
        reader->is_bad = true;
        return (struct item){0};
    }
    reader->at += size;
    reader->left -= size;
    return item;
}

uint64_t canon_read_uint(struct canon_reader *reader, uint64_t maximum)
{
    struct item item = read_item(reader, KIND_UINT);

    if (item.argument <= maximum)
        return item.argument;
    reader->is_bad = true;
    return 0;
}

void canon_expect_integer(struct canon_reader *reader, int64_t value)
{
    struct item item = read_item(reader, value < 0 ? KIND_NEGATIVE : KIND_UINT);

    if (item.argument != (value < 0 ? ~(uint64_t)value : (uint64_t)value))
        reader->is_bad = true;
}

struct bytes canon_read_bytes(struct canon_reader *reader)
{
    struct item item = read_item(reader, KIND_BYTES);

    return (struct bytes){.at = item.at, .size = item.argument};
}

struct bytes canon_read_text(struct canon_reader *reader)
{
    struct item item = read_item(reader, KIND_TEXT);

    return (struct bytes){.at = item.at, .size = item.argument};
}

size_t canon_read_array(struct canon_reader *reader)
{
    struct item item = read_item(reader, KIND_ARRAY);

    if (item.argument <= reader->left) /* every item takes a byte at least */
        return item.argument;
    reader->is_bad = true;
    return 0;
}

void canon_expect_array(struct canon_reader *reader, size_t count)
{
    if (read_item(reader, KIND_ARRAY).argument != count)
        reader->is_bad = true;
}

void canon_expect_map(struct canon_reader *reader, size_t count)
{
    if (read_item(reader, KIND_MAP).argument != count)
        reader->is_bad = true;
}

bool canon_is_done(const struct canon_reader *reader)
{
    return !reader->is_bad && reader->left == 0;
}
