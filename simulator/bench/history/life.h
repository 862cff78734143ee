/* SPDX-License-Identifier: MIT
 * One vehicle of the history, from its filing to its exit.
 */
#ifndef SIMULATOR_BENCH_HISTORY_LIFE_H
#define SIMULATOR_BENCH_HISTORY_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "simulator/bench/history/facts.h"
#include "simulator/bench/history/pace.h"
#include "simulator/random.h"

enum { PLATE_ROOM = 12, DOCUMENT_ROOM = 1024, FLEET = 40000 };

struct life {
    unsigned number; /* in the history */
    int gate;        /* of the ledger */
    enum direction direction;
    enum class class;
    const struct firm_facts *firm;
    char plate[PLATE_ROOM];
    const char *channel; /* NULL: none said */
    int64_t id, declaration;
    int64_t filed_ms, planned_ms, window_ms, joined_ms, rank_ms, called_ms, begun_ms;
    int64_t done_ms[STEPS];
    int lane;
    int required, done, held, version;
    int64_t last_seq, last_ms;
    int last_by;
    struct interval promised;
    int ahead;
    unsigned char script[STEPS]; /* steps in the order in which they come */
    unsigned steps, next;
    unsigned holds; /* before its customs finish */
    bool is_parked; /* its next step waits for the call */
};

/* Draws the vehicle; filed_ms and planned_ms are the caller's. */
void life_draw(struct life *life, const struct facts *facts, unsigned number, double holds,
               struct random *random);
/* The next step needs a call that did not come yet. */
bool life_waits(const struct life *life);
/* The derived state, as gate.state_of() has it for main vehicles. */
const char *life_state(const struct life *life);
/* What the firm filed, as jsonb prints it. */
void life_document(const struct life *life, const struct facts *facts, char text[DOCUMENT_ROOM]);

#endif
