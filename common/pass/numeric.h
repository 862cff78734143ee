/* SPDX-License-Identifier: MIT
 * Bytes as decimal digits (FORMAT.md §4): each 7 bytes, read as one big-endian number, become 17
 * digits; a shorter last group has the fixed width of its length. Digits survive a keyboard scanner
 * under any input method, and a QR code's numeric mode stores them in 10 bits per three.
 */
#ifndef COMMON_PASS_NUMERIC_H
#define COMMON_PASS_NUMERIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/base/span.h"
#include "common/pass/cbor.h"

enum { NUMERIC_GROUP_BYTES = 7, NUMERIC_GROUP_DIGITS = 17 };

/* How many digits size bytes become. */
size_t numeric_digits(size_t size);
/* Writes numeric_digits(bytes.size) digits; no NUL. */
void numeric_encode(struct bytes bytes, char *digits);
/* Strict inverse: false when a character is no digit, the length is that of no byte string, a group
 * is above what its bytes can hold, or the bytes do not fit into room. */
MUST_USE bool numeric_decode(struct span digits, uint8_t *bytes, size_t room, size_t *size);

#endif
