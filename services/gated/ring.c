/* SPDX-License-Identifier: MIT */
#include "services/gated/ring.h"

#include <stdlib.h>

#include "common/base/check.h"

struct ring {
    int64_t last; /* seq of the newest; 0 with count 0: none yet */
    int count;
    size_t bytes;
    struct feed_event *events[RING_EVENTS_MAX]; /* by seq modulo the room */
};

struct ring *ring_new(void)
{
    struct ring *ring = calloc(1, sizeof *ring);

    CHECK(ring);
    return ring;
}

void ring_free(struct ring *ring)
{
    if (!ring)
        return;
    ring_clear(ring);
    free(ring);
}

static void drop_oldest(struct ring *ring)
{
    struct feed_event **place = &ring->events[(ring->last - ring->count + 1) % RING_EVENTS_MAX];

    ring->bytes -= (*place)->size;
    ring->count--;
    feed_event_free(*place);
    *place = NULL;
}

void ring_clear(struct ring *ring)
{
    while (ring->count)
        drop_oldest(ring);
}

void ring_push(struct ring *ring, struct feed_event *event)
{
    if (ring->count && event->seq != ring->last + 1)
        ring_clear(ring);
    while (ring->count == RING_EVENTS_MAX ||
           (ring->count && ring->bytes + event->size > RING_BYTES_MAX))
        drop_oldest(ring);
    ring->events[event->seq % RING_EVENTS_MAX] = event;
    ring->last = event->seq;
    ring->count++;
    ring->bytes += event->size;
}

const struct feed_event *ring_find(const struct ring *ring, int64_t seq)
{
    if (seq > ring->last || seq <= ring->last - ring->count)
        return NULL;
    return ring->events[seq % RING_EVENTS_MAX];
}

int ring_count(const struct ring *ring)
{
    return ring->count;
}

size_t ring_bytes(const struct ring *ring)
{
    return ring->bytes;
}
