/* SPDX-License-Identifier: MIT
 * What the commands of one batch touch: a small set of hashes (idempotency key,
 * crossing, plates, declaration). Fixed size, no removal of single members. Two different things
 * with the same hash only cost a wait.
 */
#ifndef SERVICES_GATED_TOUCHES_H
#define SERVICES_GATED_TOUCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/span.h"

enum { TOUCHES_SLOTS = 2048, TOUCHES_MAX = 1024 };

struct touches {
    uint64_t slots[TOUCHES_SLOTS]; /* 0: free */
    int count;
};

/* The touch of a thing of that kind ("plate", "29C12345"); never 0. */
uint64_t touch_of(const char *kind, struct span name);

/* Takes all out. */
void touches_clear(struct touches *touches);
/* True when so many more can be added. */
bool touches_have_room(const struct touches *touches, int more);
/* Adds all; false when one of them was there already (the others are added all the same). */
bool touches_add(struct touches *touches, const uint64_t *added, int count);

#endif
