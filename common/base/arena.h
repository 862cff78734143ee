/* SPDX-License-Identifier: MIT
 * Memory that lives as long as one request. Allocation never fails (out of memory ends the
 * process); nothing is freed alone. No recycling, no statistics, no thread safety.
 */
#ifndef COMMON_BASE_ARENA_H
#define COMMON_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "common/base/span.h"

struct arena;

/* An empty one; arena_free() ends it. */
struct arena *arena_new(void);
/* Runs the deferred cleanups, last first, then frees all that the arena gave out. NULL is fine. */
void arena_free(struct arena *arena);

/* size bytes, zeroed, aligned for any type; the arena keeps them. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy of text with a NUL behind it that is not counted; the arena keeps it. */
struct span arena_copy(struct arena *arena, struct span text);
/* printf into the arena; NUL-terminated, the NUL is not counted. */
struct span arena_print(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same with a va_list, which is used up. */
struct span arena_vprint(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* Calls cleanup(object) when the arena is freed: the way foreign objects are owned by a request. */
void arena_defer(struct arena *arena, void (*cleanup)(void *object), void *object);

#endif
