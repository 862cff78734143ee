/* SPDX-License-Identifier: MIT
 * The life of one libpq connection on the loop: connecting with a deadline of its own (libpq's
 * connect_timeout does not count in this mode), watching the socket, writing what is pending before
 * the loop sleeps, and coming back after a loss. What travels over it is the owner's: a pipeline
 * (conn.c) or LISTEN (listen.c).
 *
 * Backoff: 100 ms doubled to 5 s, +-20 % jitter; after a failure the next host is tried first.
 */
#ifndef COMMON_DB_LINK_H
#define COMMON_DB_LINK_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/db/target.h"

struct link;

struct link_events {
    /* Connected, not blocking. The connect deadline runs on until link_settle(). */
    void (*on_up)(struct link *link);
    /* Input has been read: take out what is complete, never blocking. */
    void (*on_input)(struct link *link);
    /* The connection, or the attempt, is over and pg is NULL; another attempt follows by itself. */
    void (*on_down)(struct link *link);
    /* After link_close(): nothing of the link is in use any more. */
    void (*on_closed)(struct link *link);
    /* May an attempt begin now? Asked again after the same delay. NULL: always. */
    bool (*may_connect)(struct link *link);
};

enum link_state { LINK_DOWN, LINK_CONNECTING, LINK_UP, LINK_CLOSED };

/* Embedded; outside link.c only pg, state and why are read. */
struct link {
    PGconn *pg; /* NULL unless CONNECTING or UP */
    enum link_state state;
    char why[256]; /* the last loss, one line; "" after link_settle() */

    uv_loop_t *loop;
    const struct link_events *events;
    struct target *target;
    int64_t connect_timeout_ms;
    uv_timer_t timer;  /* DOWN: the next attempt; else the connect deadline */
    uv_idle_t pending; /* writes, or ends a broken link, before the loop sleeps */
    struct watch *watch;
    int64_t delay_ms; /* before the next attempt */
    int64_t up_since_ms;
    int attempts; /* failed ones since the last success */
    int open_handles;
    bool is_broken;
};

/* Starts the first attempt on the loop's next turn. Takes the target. */
void link_open(struct link *link, uv_loop_t *loop, struct target *target,
               int64_t connect_timeout_ms, const struct link_events *events);
/* Ends the connection at once, without on_down. */
void link_close(struct link *link);

/* From on_up or later: the session is usable, the connect deadline ends. */
void link_settle(struct link *link);
/* Something was put into libpq's buffer: flush it before the loop sleeps. */
void link_flush_soon(struct link *link);
/* Reads what has arrived; on_input (and on_down) may run inside. */
void link_read(struct link *link);
/* Drops the connection: on_down runs inside. why may be NULL: libpq's own text. */
void link_drop(struct link *link, const char *why);
/* The same, but before the loop sleeps instead of now. */
void link_drop_soon(struct link *link);
/* When down: try at once. */
void link_hurry(struct link *link);

#endif
