/* SPDX-License-Identifier: MIT
 * Whether what came is what a story wants: objects may have more members, the rest must be equal,
 * and texts in angle brackets are rules (tests/api/README.md).
 */
#ifndef TESTS_API_PLAYER_MATCH_H
#define TESTS_API_PLAYER_MATCH_H

#include <jansson.h>
#include <stdbool.h>

#include "common/base/buffer.h"

/* got may be NULL: absent. Adds a line for each difference. */
bool match_json(const json_t *wanted, const json_t *got, struct buffer *differences);
/* The same for a header field. */
bool match_text(const char *name, const char *wanted, const char *got, struct buffer *differences);
/* The value at a JSON pointer (RFC 6901); NULL when there is none. */
json_t *json_at(json_t *json, const char *pointer);

#endif
