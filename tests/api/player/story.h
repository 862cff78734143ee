/* SPDX-License-Identifier: MIT
 * A story file as a list of steps. The format is described in tests/api/README.md.
 */
#ifndef TESTS_API_PLAYER_STORY_H
#define TESTS_API_PLAYER_STORY_H

#include <stdbool.h>

#include "common/base/arena.h"

enum { FIELDS_MAX = 16, CAPTURES_MAX = 16 };

enum step_kind {
    STEP_STORY,  /* name: title */
    STEP_SET,    /* name, text */
    STEP_AS,     /* name: of the variable with the bearer key, or "nobody" */
    STEP_AT,     /* name: of the variable with the address */
    STEP_WAIT,   /* number: milliseconds */
    STEP_REPEAT, /* number: times */
    STEP_END,
    STEP_REQUEST,
};

struct field {
    const char *name, *text;
};

struct step {
    struct step *next;
    enum step_kind kind;
    int line;
    const char *name, *text;
    const char *number; /* not yet filled in */
    /* of a request */
    const char *method, *target;
    struct field headers[FIELDS_MAX];
    int header_count;
    const char *body;     /* NULL: none */
    bool is_raw;          /* the body may be anything, escapes are undone */
    bool is_keyless;      /* no Idempotency-Key of its own */
    const char *within;   /* tried again for so long; NULL: once */
    const char *events;   /* so many server-sent events are the answer; NULL: an answer */
    const char *statuses; /* "201", "200|409" */
    struct field wanted[FIELDS_MAX];
    int wanted_count;
    const char *wanted_body; /* JSON; NULL: anything */
    struct field captures[CAPTURES_MAX];
    int capture_count;
};

/* The steps of the file; NULL when it cannot be read, with one line on standard error that names
 * file and line. */
struct step *story_read(struct arena *arena, const char *path);

#endif
