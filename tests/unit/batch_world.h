/* SPDX-License-Identifier: MIT
 * A batcher driven by a script: database, clock and timers are this world's.
 */
#ifndef TESTS_UNIT_BATCH_WORLD_H
#define TESTS_UNIT_BATCH_WORLD_H

#include "common/base/buffer.h"
#include "services/gated/batch.h"

/* One command of a test and what became of it. */
struct deed {
    struct batch_world *world;
    struct command command;
    char text[32];
    uint64_t touches[2];
    int answers;
    int calls; /* that had been sent when it was answered */
    enum fault fault;
};

struct batch_world {
    struct batcher *batcher; /* of ledger 1 */
    bool is_ready;           /* the database takes a call */
    bool refuses;            /* the next send */
    int64_t now_ms;
    int64_t ledger_ms;
    int64_t wake_ms;    /* as last wished; -1: none */
    struct buffer sent; /* the last call, and how many commands it held */
    int sent_count;
    int calls;
    int64_t seq; /* as last told */
    struct deed *deeds;
};

/* What cmocka runs before and after each test; *state is the world. */
int batch_world_open(void **state);
int batch_world_close(void **state);

/* Submits command number i, which touches the thing t (0: nothing), at time at_ms of its ledger. */
struct deed *world_submit(struct batch_world *w, int i, uint64_t t, int64_t at_ms);
/* The call in flight ends so, with no answer of its own for any command. */
void world_answer_with(struct batch_world *w, enum fault fault, const char *sqlstate);
/* It ends well: each command with the code at its place in codes (NULL, there or as a whole: ok).
 */
void world_answer_ok(struct batch_world *w, int64_t next_due_ms, const char *const *codes);
/* Fails the test unless the last call was this text. */
void assert_sent(const struct batch_world *w, const char *text);

#endif
