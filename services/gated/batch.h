/* SPDX-License-Identifier: MIT
 * Adaptive group commit of one ledger: while one batch is in flight, arriving commands
 * gather into the next. Alone, a command leaves at once; under load batches grow.
 *
 * This is the pure core: no socket, no clock, no timer. They stand behind struct batch_port, so
 * that tests drive it by a script. It deliberately does not read what a command says: what must
 * not share a batch is told by its touches.
 */
#ifndef SERVICES_GATED_BATCH_H
#define SERVICES_GATED_BATCH_H

#include "services/gated/request.h"

enum {
    BATCH_COMMANDS_MAX = 128,
    BATCH_BYTES_MAX = 256 * 1024, /* of command text; one larger command travels alone */
    BATCH_WAITING_MAX = 4096,     /* commands; the next one is OVERLOADED */
    BATCH_WAIT_MS = 10000,        /* a command that waited longer is OVERLOADED, or DB_LOST */
    BATCH_TRIES_MAX = 5,          /* of one batch that lost a race in the database */
    BATCH_AGAIN_MAX = 20,         /* times one command may be put off by the database */
    BATCH_TICK_MS = 1000,         /* between two ticks, at least */
    BATCH_PURGE_MS = 60000,       /* between two ticks that take away what is old */
};

struct batcher;

/* What the database said to one command of the batch. */
struct batch_row {
    bool is_present;
    struct span code; /* "ok", "again" or a code of fault.def */
    int status;
    struct span etag;
    struct span body;
    bool is_replayed;
};

/* What the database said to the whole call. */
struct batch_result {
    enum fault fault;     /* OK, RETRY (apply again), INTERNAL (poisoned), or what all shall get */
    const char *sqlstate; /* "" when there is none */
    int64_t next_due_ms;  /* of the ledger; INT64_MAX: nothing */
    int64_t seq;          /* last event of the ledger; 0: nothing was appended */
    struct batch_row rows[BATCH_COMMANDS_MAX]; /* by position in the call */
};

/* The world of a batcher. owner is the one given to batcher_new(). */
struct batch_port {
    bool (*is_ready)(void *owner);
    /* Sends a JSON array of commands; text stays until batcher_answered(), which must be called
     * exactly once, later. False: could not be sent. */
    bool (*send)(void *owner, struct span text, int count);
    /* Asks for batcher_run() after so many milliseconds (0: before the loop sleeps). Only the
     * latest wish counts; -1 withdraws it. */
    void (*wake)(void *owner, int64_t delay_ms);
    /* The ledger now ends with that event. */
    void (*committed)(void *owner, int64_t seq);
    int64_t (*steady_ms)(void *owner);
    /* The ledger's own time, for ticks (Gate-Time). */
    int64_t (*ledger_ms)(void *owner);
    /* 0 <= x < 1 */
    double (*random)(void *owner);
};

/* Of one ledger; port is borrowed and gets owner with each call. Free it with batcher_free(). */
struct batcher *batcher_new(int ledger, const struct batch_port *port, void *owner);
/* Nothing may be in flight. What waits is answered DRAINING. */
void batcher_free(struct batcher *batcher);

/* Takes the command; its done is called later, whatever happens. */
void batcher_submit(struct batcher *batcher, struct command *command);
/* Does what is to be done now: expiry, the next batch, a tick. Called when woken, and when the
 * connection changed its state. */
void batcher_run(struct batcher *batcher);
/* The call that the port has sent came back: tells its commands. result is borrowed. */
void batcher_answered(struct batcher *batcher, const struct batch_result *result);
/* When the ledger falls due next, as far as known; starts the ticks (at the server's start: 0). */
void batcher_expect(struct batcher *batcher, int64_t next_due_ms);

/* The process is about to stop: no more ticks, and while there is no connection nothing waits: it
 * is answered DB_LOST. */
void batcher_drain(struct batcher *batcher);

/* For /metrics and the stop: commands waiting, commands in flight, milliseconds the oldest waits.
 */
int batcher_waiting(const struct batcher *batcher);
int batcher_flying(const struct batcher *batcher);
int64_t batcher_oldest_ms(const struct batcher *batcher);

#endif
