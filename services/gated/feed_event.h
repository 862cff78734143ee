/* SPDX-License-Identifier: MIT
 * One event of a ledger as it is kept for those who watch: in the parts that different readers
 * see, each the inner text of a JSON object, so that an item is only put together, not serialised.
 */
#ifndef SERVICES_GATED_FEED_EVENT_H
#define SERVICES_GATED_FEED_EVENT_H

#include <jansson.h>

#include "common/base/buffer.h"

/* Beside the public part, which everybody sees who sees the event at all. */
enum { PART_FIRM = 1, PART_OFFICER = 2 };

struct feed_event {
    int64_t seq;
    int64_t firm; /* whose it is; 0: nobody's */
    size_t size;  /* bytes it takes in memory */
    struct span type;
    struct span common;
    struct span firms;    /* what its firm and officers learn */
    struct span officers; /* what only officers learn */
    /* What the public board says of it (board_event.h): a name and a JSON object; or empty. */
    struct span board_name;
    struct span board;
};

/* One of the events of api.events_since(). NULL when it does not read as one. */
struct feed_event *feed_event_read(json_t *row);
/* NULL is fine. */
void feed_event_free(struct feed_event *event);
/* The JSON object that /v1/events has for it. parts: PART_... */
void feed_event_write(const struct feed_event *event, unsigned parts, struct buffer *out);

#endif
