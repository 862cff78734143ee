/* SPDX-License-Identifier: MIT
 * Clients of server-sent events, whatever they watch: their beginning and end, sets of them that
 * get the same blocks, the heartbeat (HTML, server-sent events).
 *
 * One that reads too slowly is dropped; it comes back with its Last-Event-ID and is told what it
 * missed from the ring or the database, at its own pace.
 */
#ifndef SERVICES_GATED_WATCH_H
#define SERVICES_GATED_WATCH_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

enum {
    WATCH_BEAT_S = 15,
    WATCH_RETRY_MS = 2000,
};

struct http_block;
struct watch_set;

/* Counts of one kind of streams, for /metrics. */
struct watch_tally {
    int64_t open;
    int64_t started; /* since the process did */
    int64_t dropped; /* too slow */
};

/* Embedded in what watches. */
struct watch {
    struct follower follower;
    struct exchange *exchange;
    struct watch_tally *tally;
    struct watch_set *set; /* NULL: in none */
    struct watch *prev, *next;
    int slot; /* the second of the beat in which it is sent its own */
    bool is_lost;
    /* The stream is over: free what it is part of. */
    void (*on_gone)(struct watch *watch);
    /* All that was queued is sent; may be NULL. */
    void (*on_room)(struct watch *watch);
};

struct watch_set {
    struct watch *first;
    int count;
};

/* Answers the request with a stream and begins it with retry and, when id is not empty, an id.
 * False when the client has hung up: watch is not used. Ends the request. */
bool watch_start(struct watch *watch, struct request *r, struct watch_tally *tally,
                 size_t queue_max, struct span id);
/* Into that set, out of the one it is in; NULL: only out. */
void watch_move(struct watch *watch, struct watch_set *set);
/* False when it was lost; on_gone follows. */
bool watch_send(struct watch *watch, struct http_block *block);
/* The same with a text, which is taken out of the buffer. */
bool watch_send_text(struct watch *watch, struct buffer *text);
/* Ends the stream after what is queued. */
void watch_end(struct watch *watch);

/* The same block to all; those that are lost leave the set. */
void watch_set_send(struct watch_set *set, struct http_block *block);
/* One second of the heartbeat: those whose turn it is. id: where they are; may be empty. */
void watch_set_beat(struct watch_set *set, int64_t second, struct span id);
/* Ends all, each with a retry of its own, so that they do not come back in one crowd. */
void watch_set_end(struct watch_set *set);

/* The parts of an event, each a line; id may be empty. data: without line feeds. */
void sse_write(struct buffer *out, struct span name, struct span id, struct span data);

#endif
