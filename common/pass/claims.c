/* SPDX-License-Identifier: MIT */
#include "common/pass/claims.h"

#include <string.h>

enum {
    FIELDS = 7,
    HAN_FIRST = 0x4e00, /* CJK unified ideographs: provinces and the trailer's 挂 */
    HAN_LAST = 0x9fff,
    HAN_BYTES = 3,
};

static bool is_latin(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z');
}

/* at has HAN_BYTES bytes at least. The range makes overlong forms and surrogates impossible. */
static bool is_han(const unsigned char *at)
{
    unsigned point = (at[0] & 15u) << 12 | (at[1] & 63u) << 6 | (at[2] & 63u);

    return at[0] >> 4 == 14 && at[1] >> 6 == 2 && at[2] >> 6 == 2 && point >= HAN_FIRST &&
           point <= HAN_LAST;
}

static bool plate_is_possible(const char *plate, size_t size)
{
    const unsigned char *at = (const unsigned char *)plate;

    if (size == 0 || size > PASS_PLATE_BYTES)
        return false;
    for (size_t i = 0; i < size;) {
        if (is_latin(at[i]))
            i++;
        else if (size - i >= HAN_BYTES && is_han(at + i))
            i += HAN_BYTES;
        else
            return false;
    }
    return true;
}

bool claims_are_possible(const struct pass_claims *claims)
{
    size_t plate_size = strnlen(claims->plate, sizeof claims->plate);

    return claims->crossing <= CROSSING_MAX && claims->version >= 1 &&
           claims->version <= PASS_VERSION_MAX && plate_is_possible(claims->plate, plate_size) &&
           claims->gate >= 1 && claims->gate <= PASS_GATE_MAX &&
           (claims->direction == PASS_IMPORT || claims->direction == PASS_EXPORT) &&
           claims->class <= PASS_CLASS_MAX && claims->not_before_s >= 0 &&
           claims->not_before_s < claims->expires_s && claims->expires_s <= PASS_TIME_MAX;
}

void claims_write(const struct pass_claims *claims, struct canon_writer *writer)
{
    struct bytes plate = {(const uint8_t *)claims->plate, strlen(claims->plate)};

    CHECK(claims_are_possible(claims));
    canon_write_map(writer, 2);
    canon_write_uint(writer, CLAIM_EXPIRES);
    canon_write_uint(writer, (uint64_t)claims->expires_s);
    canon_write_negative(writer, CLAIM_PASS);
    canon_write_array(writer, FIELDS);
    canon_write_uint(writer, claims->crossing);
    canon_write_uint(writer, claims->version);
    canon_write_text(writer, plate);
    canon_write_uint(writer, claims->gate);
    canon_write_uint(writer, claims->direction);
    canon_write_uint(writer, claims->class);
    canon_write_uint(writer, (uint64_t)claims->not_before_s);
}

static void plate_read(struct canon_reader *reader, char plate[PASS_PLATE_BYTES + 1])
{
    struct bytes text = canon_read_text(reader);

    if (text.size == 0 || text.size > PASS_PLATE_BYTES || memchr(text.at, 0, text.size))
        reader->is_bad = true; /* a NUL would end the C string early */
    else
        memcpy(plate, text.at, text.size);
}

static void fields_read(struct canon_reader *reader, struct pass_claims *claims)
{
    canon_expect_array(reader, FIELDS);
    claims->crossing = canon_read_uint(reader, CROSSING_MAX);
    claims->version = (uint32_t)canon_read_uint(reader, PASS_VERSION_MAX);
    plate_read(reader, claims->plate);
    claims->gate = (uint8_t)canon_read_uint(reader, PASS_GATE_MAX);
    claims->direction = (enum pass_direction)canon_read_uint(reader, PASS_EXPORT);
    claims->class = (uint8_t)canon_read_uint(reader, PASS_CLASS_MAX);
    claims->not_before_s = (int64_t)canon_read_uint(reader, PASS_TIME_MAX);
}

bool claims_read(struct bytes bytes, struct pass_claims *claims)
{
    struct canon_reader reader = {.at = bytes.at, .left = bytes.size};

    *claims = (struct pass_claims){0};
    canon_expect_map(&reader, 2);
    canon_expect_integer(&reader, CLAIM_EXPIRES);
    claims->expires_s = (int64_t)canon_read_uint(&reader, PASS_TIME_MAX);
    canon_expect_integer(&reader, CLAIM_PASS);
    fields_read(&reader, claims);
    if (canon_is_done(&reader) && claims_are_possible(claims))
        return true;
    *claims = (struct pass_claims){0};
    return false;
}
