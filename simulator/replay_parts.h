/* SPDX-License-Identifier: MIT
 * What the files of the replay share. replay.c: the events; replay_state.c: what is remembered.
 */
#ifndef SIMULATOR_REPLAY_PARTS_H
#define SIMULATOR_REPLAY_PARTS_H

#include "simulator/queue.h"
#include "simulator/replay.h"

enum { ROUTES_MAX = 16, CREDITS_MAX = 256, LANE_NUMBERS = 100, ROUTE_ROOM = 24 };

struct seen {
    uint64_t id; /* 0: free */
    uint64_t declaration;
    struct place place;
    unsigned direction; /* DIRECTION_COUNT: not known yet */
    char route[ROUTE_ROOM];
    uint32_t done, held;
    bool is_ranked, is_waiting, has_ended;
};

/* A step or call that may be undone later. */
struct past {
    uint64_t seq;
    enum step step;
    bool is_pass, is_hold, is_joining;
};

struct route_queue {
    unsigned direction;
    char route[ROUTE_ROOM];
    struct queue queue;
};

struct credit {
    json_int_t rule;
    unsigned class;
    int64_t credit_ms;
};

struct replay {
    struct replay_result result;
    struct seen **crossings; /* open addressing */
    size_t crossing_count, crossing_room;
    struct past *pasts; /* by seq */
    size_t past_count, past_room;
    struct route_queue queues[ROUTES_MAX];
    unsigned queue_count;
    struct credit credits[CREDITS_MAX];
    unsigned credit_count;
    unsigned lane_classes[LANE_NUMBERS]; /* 0: all */
    json_t *calendar;                    /* entries in force; NULL: none */
    int64_t calendar_ms;                 /* since when */
    json_int_t last_seq;
};

/* The crossing of an id, made when it is new. */
struct seen *seen_of(struct replay *replay, uint64_t id);
/* Another crossing of the same declaration whose direction is known; NULL: none. */
const struct seen *seen_mate(const struct replay *replay, const struct seen *seen);
struct queue *queue_of(struct replay *replay, const struct seen *seen);
void past_add(struct replay *replay, struct past past);
const struct past *past_of(const struct replay *replay, uint64_t seq);
/* Milliseconds since 1970 of "2026-11-22T08:30:00.000+07:00"; -1: none. */
int64_t instant_of(const json_t *text);

#endif
