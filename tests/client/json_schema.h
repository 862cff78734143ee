/* SPDX-License-Identifier: MIT
 * JSON Schema (draft 2020-12) as far as the API's description uses it: $ref into the same document,
 * type, enum, const, properties, required, additionalProperties, minProperties, items, minItems,
 * maxItems, pattern, minLength, maxLength, minimum, maximum, oneOf, format date-time and date.
 *
 * Stricter in one point: an object whose schema names its properties and says nothing about others
 * may have no others. What an answer holds must be described.
 */
#ifndef TESTS_CLIENT_JSON_SCHEMA_H
#define TESTS_CLIENT_JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "common/base/buffer.h"

/* True when value is as schema says; else a line for each difference is added. root: the document
 * in which $ref looks. A keyword that is not in the list above is a difference, too. */
bool schema_check(json_t *root, json_t *schema, json_t *value, struct buffer *differences);

/* The value at a JSON pointer (RFC 6901), as "#/components/schemas/Step"; NULL when there is none.
 */
json_t *schema_at(json_t *root, const char *pointer);

#endif
