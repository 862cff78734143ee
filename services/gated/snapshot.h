/* SPDX-License-Identifier: MIT
 * Reads of a gate that many ask for: the board, the figures. One copy of each is shared by all, and
 * read again when it is too old and the ledger has grown or some time has passed, once for all who
 * wait. While the database does not answer, the last copy is given for a while; its own "at" says
 * how old it is.
 */
#ifndef SERVICES_GATED_SNAPSHOT_H
#define SERVICES_GATED_SNAPSHOT_H

#include <jansson.h>

#include "services/gated/request.h"

enum snapshot_kind { SNAPSHOT_BOARD, SNAPSHOT_STATS, SNAPSHOT_COUNT };

struct snapshots;

/* One copy, counted by reference. */
struct snapshot {
    int references;
    struct span text; /* JSON */
    json_t *tree;     /* the same, read; not to be changed */
    int64_t version;  /* last event of the ledger in it */
    int64_t now_ms;   /* the time it speaks of */
    int64_t taken_ms; /* steady */
};

/* Embedded by who waits for a copy. */
struct snapshot_waiter {
    /* Exactly once, never from inside snapshot_ask(). snapshot: NULL with a fault; borrowed. */
    void (*done)(struct snapshot_waiter *waiter, enum fault fault, struct snapshot *snapshot);
    int64_t now_ms; /* the time to speak of */
    bool is_exact;  /* that time and the ledger's last event, whatever it costs (Gate-Time) */
    struct snapshot_waiter *next;
};

/* No copy is taken before one is asked for. Borrows the server. */
struct snapshots *snapshots_open(struct server *server);
/* After the loop has ended. */
void snapshots_free(struct snapshots *snapshots);

/* A copy that will do, or a new one; whoever asks meanwhile gets the same. waiter is borrowed until
 * its done was called. */
void snapshot_ask(struct snapshots *snapshots, enum snapshot_kind kind, int ledger,
                  struct snapshot_waiter *waiter);
/* Keeps it beyond done: each hold has its release. Returns snapshot. */
struct snapshot *snapshot_hold(struct snapshot *snapshot);
void snapshot_release(struct snapshot *snapshot); /* NULL is fine */

/* The asks of GET /v1/gates/{gate}/board and /stats. */
MUST_USE enum fault board_ask(struct request *r);
MUST_USE enum fault stats_ask(struct request *r);

#endif
