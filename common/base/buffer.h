/* SPDX-License-Identifier: MIT
 * A growing text: what replies, commands and metrics are written into. Never fails.
 */
#ifndef COMMON_BASE_BUFFER_H
#define COMMON_BASE_BUFFER_H

#include <stddef.h>

#include "common/base/span.h"

struct buffer {
    char *at;
    size_t size;
    size_t room;
};

/* {0} is a valid empty buffer. Frees what it holds and makes it empty again. */
void buffer_free(struct buffer *buffer);
/* Each appends to what is there and keeps a NUL behind it. */
void buffer_add(struct buffer *buffer, struct span text);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes: escapes ", \ and control bytes; text must be UTF-8. */
void buffer_add_json(struct buffer *buffer, struct span text);
/* What was written so far; valid until the next change. */
struct span buffer_span(const struct buffer *buffer);
/* Moves the text out (malloc'd, NUL-terminated); the caller frees it, the buffer is empty. */
char *buffer_steal(struct buffer *buffer, size_t *size);

#endif
