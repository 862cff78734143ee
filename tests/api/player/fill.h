/* SPDX-License-Identifier: MIT
 * Variables, and what stands between ${ and } in a story.
 */
#ifndef TESTS_API_PLAYER_FILL_H
#define TESTS_API_PLAYER_FILL_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/buffer.h"

struct variable {
    struct variable *next;
    const char *name, *text;
};

/* {.arena = …} is a valid empty set. */
struct variables {
    struct arena *arena;
    struct variable *first;
};

/* Sets or changes. Both texts are copied. */
void variable_set(struct variables *variables, const char *name, struct span text);
/* Of the story, else of the environment; NULL when there is none. */
const char *variable_get(const struct variables *variables, const char *name);

/* Adds the text with everything between ${ and } filled in. False, with a line that says why on
 * standard output, when something there is unknown. */
bool fill(struct variables *variables, const char *text, struct buffer *to);
/* "500ms", "5s", "30m", "2h", "1d" as milliseconds; -1 when it is none. */
int64_t duration_read(const char *text);

#endif
