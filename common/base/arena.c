/* SPDX-License-Identifier: MIT */
#include "common/base/arena.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"

/* The first chunk is small: an open stream keeps no more than its request all day long. */
enum { FIRST_BYTES = 1024, CHUNK_BYTES = 4096, ALIGNMENT = 16 };

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    _Alignas(ALIGNMENT) char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*cleanup)(void *object);
    void *object;
};

struct arena {
    struct chunk *chunks; /* the one in use first */
    struct deferred *deferred;
};

static struct chunk *chunk_new(size_t size)
{
    struct chunk *chunk = malloc(sizeof *chunk + size);

    CHECK(chunk);
    *chunk = (struct chunk){.size = size};
    return chunk;
}

struct arena *arena_new(void)
{
    struct chunk *chunk = chunk_new(FIRST_BYTES);
    struct arena *arena = (struct arena *)(void *)chunk->bytes;

    chunk->used = (sizeof *arena + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    *arena = (struct arena){.chunks = chunk};
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->deferred) {
        struct deferred *first = arena->deferred;
        arena->deferred = first->next;
        first->cleanup(first->object);
    }
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next; /* the arena itself lies in the last chunk */
        free(chunk);
    }
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    CHECK(rounded >= size);
    if (chunk->size - chunk->used < rounded) {
        struct chunk *fresh = chunk_new(rounded > CHUNK_BYTES ? rounded : CHUNK_BYTES);
        fresh->next = chunk;
        arena->chunks = chunk = fresh;
    }
    void *place = chunk->bytes + chunk->used;
    chunk->used += rounded;
    return memset(place, 0, size);
}

struct span arena_copy(struct arena *arena, struct span text)
{
    char *copy = arena_alloc(arena, text.size + 1);

    if (text.size)
        memcpy(copy, text.at, text.size);
    return (struct span){.at = copy, .size = text.size};
}

struct span arena_vprint(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    CHECK(size >= 0);
    char *text = arena_alloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    return (struct span){.at = text, .size = (size_t)size};
}

struct span arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct span text = arena_vprint(arena, format, arguments);
    va_end(arguments);
    return text;
}

void arena_defer(struct arena *arena, void (*cleanup)(void *object), void *object)
{
    struct deferred *deferred = arena_alloc(arena, sizeof *deferred);

    *deferred = (struct deferred){.next = arena->deferred, .cleanup = cleanup, .object = object};
    arena->deferred = deferred;
}
