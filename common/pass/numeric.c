/* SPDX-License-Identifier: MIT */
#include "common/pass/numeric.h"

/* Digits of a group by its bytes: those of 256^n - 1. All differ, so a width tells its length. */
static const uint8_t WIDTHS[NUMERIC_GROUP_BYTES + 1] = {0,  3,  5,  8,
                                                        10, 13, 15, NUMERIC_GROUP_DIGITS};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t numeric_digits(size_t size)
{
    return size / NUMERIC_GROUP_BYTES * NUMERIC_GROUP_DIGITS + WIDTHS[size % NUMERIC_GROUP_BYTES];
}

static void group_encode(const uint8_t *bytes, size_t size, char *digits)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    for (size_t i = WIDTHS[size]; i-- > 0; value /= 10)
        digits[i] = (char)('0' + value % 10);
}

void numeric_encode(struct bytes bytes, char *digits)
{
    while (bytes.size) {
        size_t size = smaller(bytes.size, NUMERIC_GROUP_BYTES);
        group_encode(bytes.at, size, digits);
        digits += WIDTHS[size];
        bytes.at += size;
        bytes.size -= size;
    }
}

/* Bytes of a group by its digits; 0 when no group is that wide. */
static size_t group_bytes(size_t digits)
{
    for (size_t size = 1; size <= NUMERIC_GROUP_BYTES; size++)
        if (WIDTHS[size] == digits)
            return size;
    return 0;
}

static bool group_decode(struct span digits, uint8_t *bytes, size_t size)
{
    uint64_t value;

    if (!span_to_number(digits, ((uint64_t)1 << 8 * size) - 1, &value))
        return false;
    for (size_t i = size; i-- > 0; value >>= 8)
        bytes[i] = (uint8_t)value;
    return true;
}

bool numeric_decode(struct span digits, uint8_t *bytes, size_t room, size_t *size)
{
    *size = 0;
    while (digits.size) {
        struct span group = {digits.at, smaller(digits.size, NUMERIC_GROUP_DIGITS)};
        size_t more = group_bytes(group.size);
        if (more == 0 || more > room - *size || !group_decode(group, bytes + *size, more))
            return false;
        *size += more;
        digits.at += group.size;
        digits.size -= group.size;
    }
    return true;
}
