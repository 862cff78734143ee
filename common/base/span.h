/* SPDX-License-Identifier: MIT
 * A span: bytes and their length, owned by somebody else. Not necessarily NUL-terminated.
 */
#ifndef COMMON_BASE_SPAN_H
#define COMMON_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *at;
    size_t size;
};

#define SPAN(literal) ((struct span){.at = (literal), .size = sizeof(literal) - 1})
/* For printf: printf("%.*s", SPAN_ARG(s)). */
#define SPAN_ARG(s) (int)(s).size, (s).at

/* The span of a C string; NULL gives the empty span. */
struct span span_of(const char *text);
/* The same bytes; two empty spans are equal, wherever they point. */
bool span_is_equal(struct span a, struct span b);
/* True when s equals the C string text. */
bool span_is(struct span s, const char *text);
/* True for an empty prefix. */
bool span_starts_with(struct span s, struct span prefix);
/* Cuts s at the first separator: the part before it is returned, s becomes the part after it
 * (empty when there was no separator). */
struct span span_take(struct span *s, char separator);
/* Without the blanks and tabs at its ends. */
struct span span_trim(struct span s);
/* Decimal digits only, no sign, no blanks; false when empty, not a number or above maximum. */
bool span_to_number(struct span s, uint64_t maximum, uint64_t *number);

#endif
