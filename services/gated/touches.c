/* SPDX-License-Identifier: MIT */
#include "services/gated/touches.h"

#include <string.h>

/* FNV-1a, 64 bits: keys are not chosen to collide to anybody's gain, a clash only waits. */
static uint64_t hash_more(uint64_t hash, struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

uint64_t touch_of(const char *kind, struct span name)
{
    uint64_t hash = hash_more(UINT64_C(0xcbf29ce484222325), span_of(kind));

    hash = hash_more(hash_more(hash, SPAN(":")), name);
    return hash ? hash : 1;
}

void touches_clear(struct touches *touches)
{
    if (touches->count)
        memset(touches->slots, 0, sizeof touches->slots);
    touches->count = 0;
}

bool touches_have_room(const struct touches *touches, int more)
{
    return touches->count + more <= TOUCHES_MAX;
}

/* False when it was there. A full set takes no more: its batch holds one command. */
static bool add_one(struct touches *touches, uint64_t touch)
{
    size_t slot = (size_t)((touch ^ touch >> 32) % TOUCHES_SLOTS);

    while (touches->slots[slot]) {
        if (touches->slots[slot] == touch)
            return false;
        slot = (slot + 1) % TOUCHES_SLOTS;
    }
    if (touches->count < TOUCHES_MAX) {
        touches->slots[slot] = touch;
        touches->count++;
    }
    return true;
}

bool touches_add(struct touches *touches, const uint64_t *added, int count)
{
    bool is_new = true;

    for (int i = 0; i < count; i++)
        is_new = add_one(touches, added[i]) && is_new;
    return is_new;
}
