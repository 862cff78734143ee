/* SPDX-License-Identifier: MIT
 * Strict reading of a JSON body (RFC 8259): whole text checked first, then typed getters that
 * collect every failure with its JSON pointer (RFC 6901) and go on. An `ask` reads like this:
 *
 *     struct object body;
 *     TRY(body_open(text, &failures, &body));
 *     read_choice(&body, "result", REQUIRED, RESULTS, &step.result);
 *     read_note(&body, "note", OPTIONAL, 500, &step.note);
 *     object_close(&body);                          // members nobody asked for are failures
 *     TRY(failures_fault(&failures));
 *
 * Every getter returns true when the member is there and good; *out is untouched otherwise. null
 * counts as absent, and so does a text that is empty after trimming. Texts point into the parsed
 * body, which the arena of the failures keeps.
 */
#ifndef COMMON_JSON_READ_H
#define COMMON_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/message.h"
#include "common/base/span.h"
#include "common/form/failures.h"

enum {
    BODY_DEPTH_MAX = 16,
    OBJECT_MEMBERS_MAX = 40, /* different members one object may be asked for */
};

enum presence { OPTIONAL, REQUIRED };

/* The way from the body to a value; lives on the stack of who reads. */
struct place {
    const struct place *parent; /* NULL: the body itself */
    const char *name;           /* NULL: an item of an array */
    size_t index;
};

struct object {
    struct place place;
    json_t *json;
    struct failures *failures;
    const char *asked[OBJECT_MEMBERS_MAX];
    size_t asked_count;
    size_t found_count; /* members asked for that were there, null included */
};

struct array {
    struct place place;
    json_t *json;
    struct failures *failures;
    size_t size; /* 0 when the member is absent or wrong */
};

/* Parses text as one object. FAULT_BAD_JSON with one failure that names the cause, line and column;
 * FAULT_INVALID_FIELDS when it is not an object. Refused: nesting deeper than BODY_DEPTH_MAX,
 * members that occur twice, broken UTF-8, numbers that do not fit, NUL, anything after it. */
MUST_USE enum fault body_open(struct span text, struct failures *failures, struct object *body);
/* The same for text that the service itself wrote and stored; it must parse. */
void body_open_stored(struct span text, struct failures *failures, struct object *body);
/* Adds unknown_field for each member that was never asked for. */
void object_close(struct object *object);

/* True when the member is there, neither null nor an empty text; counts as asking for it. */
bool object_has(struct object *object, const char *name);
/* True when the member is there and null: in an amendment, "remove it". */
bool object_has_null(struct object *object, const char *name);
/* Adds a failure at the member. */
void object_fail(const struct object *object, const char *name, enum message code);
/* The pointer of the member (of the object itself when name is NULL), in the failures' arena. */
struct span object_pointer(const struct object *object, const char *name);
/* The pointer of an item. */
struct span array_pointer(const struct array *array, size_t index);

/* One line, or text with line feeds; at most that many characters, trimmed. */
bool read_text(struct object *object, const char *name, enum presence presence,
               size_t characters_max, struct span *text);
bool read_note(struct object *object, const char *name, enum presence presence,
               size_t characters_max, struct span *text);
/* Letters, digits and . _ / - only. */
bool read_code(struct object *object, const char *name, enum presence presence, size_t size_max,
               struct span *code);
/* One of the texts of choices, which ends with NULL; *choice is its index. */
bool read_choice(struct object *object, const char *name, enum presence presence,
                 const char *const *choices, int *choice);
/* A whole number within minimum and maximum, both included. */
bool read_integer(struct object *object, const char *name, enum presence presence, int64_t minimum,
                  int64_t maximum, int64_t *number);
/* A number from 0 to maximum as a whole number of 10^-decimals; more decimals are a failure. */
bool read_decimal(struct object *object, const char *name, enum presence presence, int decimals,
                  int64_t maximum, int64_t *scaled);
/* true or false. */
bool read_flag(struct object *object, const char *name, enum presence presence, bool *flag);
/* RFC 3339 with offset, as milliseconds since 1970. */
bool read_instant(struct object *object, const char *name, enum presence presence, int64_t *ms);

/* An object inside; close it too. It points at the outer one, which must outlive it. */
bool read_object(struct object *object, const char *name, enum presence presence,
                 struct object *inner);
/* An array of at most items_max. REQUIRED: at least one item. */
bool read_array(struct object *object, const char *name, enum presence presence, size_t items_max,
                struct array *array);
/* Its item as an object, which must be closed; false (and a failure) when it is none. */
bool array_object(const struct array *array, size_t index, struct object *item);
/* Its item as a line of text. */
bool array_text(const struct array *array, size_t index, size_t characters_max, struct span *text);

#endif
