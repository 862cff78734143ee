/* SPDX-License-Identifier: MIT
 * The events of the ledgers as they come, read once for all who watch. A ledger is read only while
 * somebody follows it, or did a minute ago: behind its last seq, when it grew by this process's or
 * another's doing, and at least once a second all heads are looked at. The ledger is the truth,
 * notices are hints.
 */
#ifndef SERVICES_GATED_FEED_H
#define SERVICES_GATED_FEED_H

#include "services/gated/cursor.h"
#include "services/gated/feed_event.h"

struct feed;

/* Embedded by who listens; what it does not care for is NULL. */
struct feed_listener {
    /* The next event of a ledger that is followed. */
    void (*on_event)(struct feed_listener *listener, int ledger, const struct feed_event *event);
    /* Some events were given; no more for the moment, or a page of them. */
    void (*on_page)(struct feed_listener *listener, int ledger);
    /* There is a ledger of which nobody knew; called before its first event is read. */
    void (*on_ledger)(struct feed_listener *listener, int ledger);
    /* The ledger ends with a later event than was known; followed or not. */
    void (*on_growth)(struct feed_listener *listener, int ledger);
    /* Once a second. */
    void (*on_second)(struct feed_listener *listener, int64_t second);
    struct feed_listener *next;
};

struct feed *feed_open(struct server *server);
void feed_close(struct feed *feed);
/* After the loop has ended. */
void feed_free(struct feed *feed);

void feed_listen(struct feed *feed, struct feed_listener *listener);
/* Counted: each follow has its unfollow. */
void feed_follow(struct feed *feed, int ledger);
void feed_unfollow(struct feed *feed, int ledger);

/* False until the heads were read for the first time. */
bool feed_is_ready(const struct feed *feed);
/* True when there is such a ledger. */
bool feed_knows(const struct feed *feed, int ledger);
/* The last event that the ledger is known to hold. */
int64_t feed_head(const struct feed *feed, int ledger);
/* The last event that was given, of a ledger that is followed. */
int64_t feed_position(const struct feed *feed, int ledger);
/* A recent event of a ledger that is followed; NULL when it is not held any more. */
const struct feed_event *feed_find(const struct feed *feed, int ledger, int64_t seq);

#endif
