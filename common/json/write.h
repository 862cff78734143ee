/* SPDX-License-Identifier: MIT
 * Writing JSON into a buffer, member by member. The comma before a member is found by looking at
 * what stands before it, so there is no state to keep. name is NULL for the items of an array.
 */
#ifndef COMMON_JSON_WRITE_H
#define COMMON_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/span.h"

/* Open and close must match; nothing checks it. */
void write_object(struct buffer *out, const char *name);
void write_object_end(struct buffer *out);
void write_array(struct buffer *out, const char *name);
void write_array_end(struct buffer *out);

/* Each writes a member, or with name NULL an item. text must be UTF-8. */
void write_text(struct buffer *out, const char *name, struct span text);
void write_integer(struct buffer *out, const char *name, int64_t number);
/* scaled * 10^-decimals, without needless zeros; not negative. */
void write_decimal(struct buffer *out, const char *name, int64_t scaled, int decimals);
void write_flag(struct buffer *out, const char *name, bool flag);
void write_null(struct buffer *out, const char *name);
/* json is JSON text already. */
void write_raw(struct buffer *out, const char *name, struct span json);
/* An instant as RFC 3339 with +07:00. */
void write_instant(struct buffer *out, const char *name, int64_t ms);

#endif
