/* SPDX-License-Identifier: MIT
 * The recent events of one ledger, without a gap: bounded in number and in bytes, the oldest go
 * first.
 */
#ifndef SERVICES_GATED_RING_H
#define SERVICES_GATED_RING_H

#include "services/gated/feed_event.h"

enum { RING_EVENTS_MAX = 4096, RING_BYTES_MAX = 4 << 20 };

struct ring;

/* Empty; owns the events it is given. */
struct ring *ring_new(void);
void ring_free(struct ring *ring); /* NULL is fine */
/* Takes the event. One that does not follow the last empties the ring first. */
void ring_push(struct ring *ring, struct feed_event *event);
/* Frees all events. */
void ring_clear(struct ring *ring);
/* NULL when it is not held. */
const struct feed_event *ring_find(const struct ring *ring, int64_t seq);
/* Events held, and their bytes. */
int ring_count(const struct ring *ring);
size_t ring_bytes(const struct ring *ring);

#endif
