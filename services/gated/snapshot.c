/* SPDX-License-Identifier: MIT */
#include "services/gated/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/base/clock.h"
#include "services/gated/ask.h"
#include "services/gated/feed.h"
#include "services/gated/reads.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum {
    UNCHANGED_MS = 5000, /* a copy of a ledger that did not grow: waits and hours move on */
    LAST_MS = 30000,     /* how long a copy stands in for a database that does not answer */
    ARGUMENT_ROOM = 64,
};

static const struct {
    const char *read;
    int max_age_s;
} KINDS[SNAPSHOT_COUNT] = {{"board", 1}, {"stats", 2}};

/* The copy of one read of one gate. */
struct shelf {
    struct own_read read;
    struct snapshots *snapshots;
    enum snapshot_kind kind;
    int ledger;
    struct snapshot *copy; /* NULL: none yet */
    bool is_reading;
    int64_t asked_ms;                /* steady: when the read under way was sent */
    int64_t now_ms;                  /* the time it speaks of */
    struct snapshot_waiter *reading; /* are content with what is being read */
    struct snapshot_waiter *waiting; /* for the one after */
    char argument[ARGUMENT_ROOM];
};

struct snapshots {
    struct server *server;
    struct shelf shelves[SNAPSHOT_COUNT][LEDGER_COUNT];
};

/* --- copies ---------------------------------------------------------------------------------- */

static struct snapshot *snapshot_new(const struct shelf *shelf, struct span text)
{
    struct snapshot *snapshot = malloc(sizeof *snapshot + text.size);
    json_t *tree = json_loadb(text.at, text.size, 0, NULL);

    CHECK(snapshot);
    memcpy(snapshot + 1, text.at, text.size);
    *snapshot = (struct snapshot){
        .references = 1,
        .text = {(const char *)(snapshot + 1), text.size},
        .tree = tree,
        .version = json_integer_value(json_object_get(tree, "version")),
        .now_ms = shelf->now_ms,
        .taken_ms = shelf->asked_ms,
    };
    return snapshot;
}

struct snapshot *snapshot_hold(struct snapshot *snapshot)
{
    snapshot->references++;
    return snapshot;
}

void snapshot_release(struct snapshot *snapshot)
{
    if (!snapshot || --snapshot->references)
        return;
    json_decref(snapshot->tree);
    free(snapshot);
}

/* --- reading --------------------------------------------------------------------------------- */

static struct shelf *shelf_of(struct snapshots *snapshots, enum snapshot_kind kind, int ledger)
{
    return &snapshots->shelves[kind][ledger];
}

static void shelf_read(struct shelf *shelf);

static void tell(struct snapshot_waiter *list, enum fault fault, struct snapshot *copy)
{
    while (list) {
        struct snapshot_waiter *first = list;
        list = first->next;
        first->done(first, fault, copy);
    }
}

static bool can_stand_in(const struct shelf *shelf)
{
    return shelf->copy && clock_steady_ms() - shelf->copy->taken_ms < LAST_MS;
}

static void on_read(struct own_read *read, const struct answer *answer)
{
    struct shelf *shelf = container_of(read, struct shelf, read);
    struct snapshot_waiter *list = shelf->reading;
    enum fault fault = answer->fault;

    shelf->is_reading = false;
    shelf->reading = NULL;
    if (fault == OK) {
        snapshot_release(shelf->copy);
        shelf->copy = snapshot_new(shelf, answer->body);
    } else if (can_stand_in(shelf)) {
        fault = OK;
    }
    struct snapshot *copy = fault ? NULL : snapshot_hold(shelf->copy);
    tell(list, fault, copy);
    snapshot_release(copy);
    if (shelf->waiting && !shelf->is_reading)
        shelf_read(shelf);
}

/* Those who asked for a time of their own wait for a read of their own. */
static void take_turn(struct shelf *shelf)
{
    struct snapshot_waiter *waiter, *next;

    LL_FOREACH_SAFE(shelf->waiting, waiter, next)
    if (waiter->now_ms == shelf->now_ms || !waiter->is_exact) {
        LL_DELETE(shelf->waiting, waiter);
        LL_PREPEND(shelf->reading, waiter);
    }
}

static void shelf_read(struct shelf *shelf)
{
    shelf->now_ms = shelf->waiting->now_ms;
    shelf->asked_ms = clock_steady_ms();
    shelf->is_reading = true;
    take_turn(shelf);
    snprintf(shelf->argument, sizeof shelf->argument, "{\"now\":%lld,\"actor\":null,\"gate\":%d}",
             (long long)shelf->now_ms, shelf->ledger);
    shelf->read.done = on_read;
    reads_ask(shelf->snapshots->server->reads, &shelf->read, KINDS[shelf->kind].read,
              shelf->argument);
}

/* --- asking ---------------------------------------------------------------------------------- */

/* The copy, if it will do; else NULL: ask. */
static struct snapshot *fresh(struct snapshots *snapshots, enum snapshot_kind kind, int ledger,
                              int64_t now_ms, bool is_exact)
{
    struct snapshot *copy = shelf_of(snapshots, kind, ledger)->copy;

    if (!copy)
        return NULL;
    bool is_last = copy->version >= feed_head(snapshots->server->feed, ledger);
    int64_t age_ms = clock_steady_ms() - copy->taken_ms;
    if (is_exact)
        return is_last && copy->now_ms == now_ms && age_ms < UNCHANGED_MS ? copy : NULL;
    return age_ms < (is_last ? UNCHANGED_MS : KINDS[kind].max_age_s * 1000) ? copy : NULL;
}

void snapshot_ask(struct snapshots *snapshots, enum snapshot_kind kind, int ledger,
                  struct snapshot_waiter *waiter)
{
    struct shelf *shelf = shelf_of(snapshots, kind, ledger);

    if (shelf->is_reading && !waiter->is_exact) {
        LL_PREPEND(shelf->reading, waiter);
        return;
    }
    LL_APPEND(shelf->waiting, waiter);
    if (!shelf->is_reading)
        shelf_read(shelf);
}

struct snapshots *snapshots_open(struct server *server)
{
    struct snapshots *snapshots = calloc(1, sizeof *snapshots);

    CHECK(snapshots);
    snapshots->server = server;
    for (int kind = 0; kind < SNAPSHOT_COUNT; kind++)
        for (int i = 0; i < LEDGER_COUNT; i++) {
            struct shelf *shelf = &snapshots->shelves[kind][i];
            shelf->snapshots = snapshots;
            shelf->kind = (enum snapshot_kind)kind;
            shelf->ledger = i;
        }
    return snapshots;
}

void snapshots_free(struct snapshots *snapshots)
{
    for (int kind = 0; kind < SNAPSHOT_COUNT; kind++)
        for (int i = 0; i < LEDGER_COUNT; i++)
            snapshot_release(snapshots->shelves[kind][i].copy);
    free(snapshots);
}

/* --- over HTTP ------------------------------------------------------------------------------- */

struct asked {
    struct snapshot_waiter waiter;
    struct request *request;
    enum snapshot_kind kind;
};

/* The same event and the same time give the same text, on every server. */
static void reply_copy(struct request *r, enum snapshot_kind kind, const struct snapshot *copy)
{
    const struct answer answer = {
        .status = 200,
        .etag = arena_print(r->arena, "%lld-%llx", (long long)copy->version,
                            (unsigned long long)copy->now_ms),
        .body = copy->text,
    };

    reply_shared(r, &answer, KINDS[kind].max_age_s,
                 (clock_steady_ms() - copy->taken_ms) / 1000);
    request_end(r);
}

static void on_copy(struct snapshot_waiter *waiter, enum fault fault, struct snapshot *copy)
{
    struct asked *asked = container_of(waiter, struct asked, waiter);
    struct request *r = asked->request;

    if (!fault) {
        reply_copy(r, asked->kind, copy);
        return;
    }
    reply_fault(r, fault);
    request_end(r);
}

static enum fault ask_copy(struct request *r, enum snapshot_kind kind)
{
    struct snapshots *snapshots = r->server->snapshots;
    struct buffer ignored = {0};
    bool is_exact = r->given_ms != 0;
    int ledger;

    TRY(ask_gate(r, &ledger));
    TRY(ask_filters(r, NULL, 0, &ignored));
    struct snapshot *copy = fresh(snapshots, kind, ledger, r->now_ms, is_exact);
    if (copy) {
        reply_copy(r, kind, copy);
        return OK;
    }
    struct asked *asked = arena_alloc(r->arena, sizeof *asked);
    *asked = (struct asked){
        .waiter = {.done = on_copy, .now_ms = r->now_ms, .is_exact = is_exact},
        .request = r,
        .kind = kind,
    };
    snapshot_ask(snapshots, kind, ledger, &asked->waiter);
    return OK;
}

enum fault board_ask(struct request *r)
{
    return ask_copy(r, SNAPSHOT_BOARD);
}

enum fault stats_ask(struct request *r)
{
    return ask_copy(r, SNAPSHOT_STATS);
}
