/* SPDX-License-Identifier: MIT
 * Deterministic CBOR (RFC 8949 §4.2.1), the few kinds that passes are made of: unsigned and
 * negative integers, byte and text strings, definite arrays and maps. libcbor codes each item; this
 * adds the strictness: shortest heads only, nothing indefinite, no tags, floats or simple values.
 *
 * Both sides are sticky: after the first failure every further call is harmless, and the caller
 * looks once, at the end. Nothing is allocated. Map keys are the caller's care: it reads them in
 * the one order the encoding allows.
 */
#ifndef COMMON_PASS_CBOR_H
#define COMMON_PASS_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes owned by somebody else. */
struct bytes {
    const uint8_t *at;
    size_t size;
};

struct canon_writer {
    uint8_t *at; /* the caller's memory */
    size_t room;
    size_t size; /* written so far */
    bool is_full;
};

/* Each writes one item in its shortest form (RFC 8949 §4.2.1). The writer's memory must have room.
 */
void canon_write_uint(struct canon_writer *writer, uint64_t value);
/* value < 0 */
void canon_write_negative(struct canon_writer *writer, int64_t value);
void canon_write_bytes(struct canon_writer *writer, struct bytes value);
/* value must be UTF-8 */
void canon_write_text(struct canon_writer *writer, struct bytes value);
/* The heads; count items, or pairs, follow. */
void canon_write_array(struct canon_writer *writer, size_t count);
void canon_write_map(struct canon_writer *writer, size_t count);

struct canon_reader {
    const uint8_t *at;
    size_t left;
    bool is_bad; /* wrong kind, out of range, not deterministic, or cut off */
};

/* 0 when the next item is no unsigned integer of at most maximum. */
uint64_t canon_read_uint(struct canon_reader *reader, uint64_t maximum);
/* The next item must be exactly this integer: map keys and constants. */
void canon_expect_integer(struct canon_reader *reader, int64_t value);
/* Empty when the next item is another kind. Points into what is read. Text is not checked for
 * UTF-8 here. */
struct bytes canon_read_bytes(struct canon_reader *reader);
struct bytes canon_read_text(struct canon_reader *reader);
/* The number of items that follow; never more than the bytes left. */
size_t canon_read_array(struct canon_reader *reader);
/* The next item must be the head of one with exactly so many items, or pairs. */
void canon_expect_array(struct canon_reader *reader, size_t count);
void canon_expect_map(struct canon_reader *reader, size_t count);
/* True when everything was read, to the last byte, and nothing was bad. */
bool canon_is_done(const struct canon_reader *reader);

#endif
