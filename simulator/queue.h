/* SPDX-License-Identifier: MIT
 * The queue of one gate, route and direction by the published rule: lowest rank_at first
 * (rank_at = joined_at - credit of the class), then the lower crossing; held ones and those not
 * yet eligible stand aside. The model, the live day and the replay of a ledger all call by it.
 */
#ifndef SIMULATOR_QUEUE_H
#define SIMULATOR_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simulator/words.h"

enum { QUEUE_ALL_CLASSES = (1 << CLASS_COUNT) - 1 };

/* A place in a queue, embedded in whoever waits; all zero: waits nowhere. */
struct place {
    uint64_t crossing; /* breaks ties */
    int64_t rank_ms;
    int64_t filed_ms;    /* when its declaration was filed */
    int64_t eligible_ms; /* not to be called before, while delayed */
    enum goods_class class;
    bool is_held;
    bool is_delayed;   /* by a no-show */
    struct heap *heap; /* where it stands; NULL: nowhere */
    size_t index;
};

/* Places by a key, the lowest on top. */
struct heap {
    struct place **places;
    size_t count;
    size_t room;
    bool is_parked; /* ordered by eligible_ms instead of rank */
};

struct queue {
    struct heap classes[CLASS_COUNT]; /* who may be called */
    struct heap parked;               /* who may not yet */
    size_t count;                     /* all of these, and the held */
};

/* {0} is an empty queue but for this. */
void queue_init(struct queue *queue);
void queue_free(struct queue *queue);
/* Joins with what the place says; it must not wait already. */
void queue_join(struct queue *queue, struct place *place);
/* Leaves: called, cancelled, gone. */
void queue_leave(struct queue *queue, struct place *place);
/* A hold begins or ends; the place keeps its rank. */
void queue_hold(struct queue *queue, struct place *place, bool is_held);
/* Who is to be called at a time: of the classes in the mask, filed before an instant (NEVER_MS:
 * whenever). NULL: nobody. */
struct place *queue_first(struct queue *queue, int64_t now_ms, unsigned classes,
                          int64_t filed_before_ms);
/* How many of those stand before a place: those a call of it would pass. One that is none of them
 * stands behind them all. */
size_t queue_before(struct queue *queue, int64_t now_ms, unsigned classes, int64_t filed_before_ms,
                    const struct place *place);
/* The earliest time at which a parked one may be called; NEVER_MS: none is parked. */
int64_t queue_wakes_ms(const struct queue *queue);

#endif
