/* SPDX-License-Identifier: MIT
 * The days as data: every vehicle that is filed, with all it will do and all its services will
 * take, drawn before anything runs. The model and a live run play the same list; only waiting is
 * left to happen. What one vehicle draws depends on the seed and its own place in its own stream,
 * so variants of a scenario meet the same vehicles.
 */
#ifndef SIMULATOR_DAY_H
#define SIMULATOR_DAY_H

#include "simulator/scenario.h"

enum { RECEIVING_MAX = 2 };

/* One vehicle under one declaration. Times in ms as words.h says; NEVER_MS: it does not happen. */
struct passage {
    uint64_t identity; /* of its draws */
    int64_t declared_ms;
    int64_t planned_ms; /* as filed, to the minute */
    int64_t arrives_ms;
    int64_t cancels_ms;
    int32_t took_ms[STEP_COUNT]; /* each step's service, without waiting; called: on its way to the
                                    lane */
    int32_t lane_ms;             /* its lane is busy with it */
    int32_t far_ms;              /* the far side is busy with it; 0: it does not go there */
    int32_t hold_ms;             /* the hold of hold_step */
    uint32_t main;               /* index of its declaration's main vehicle; its own for that */
    uint8_t receiving;           /* how many follow it in the list; of a main vehicle */
    uint8_t gate;                /* index into the scenario's gates */
    uint8_t direction, role, class, channel;
    uint8_t hold_step;    /* STEP_COUNT: no trouble */
    uint8_t missed_calls; /* of its first calls, so many it does not answer */
    bool is_turned_back;  /* at the barrier */
    bool is_bot;
};

struct day {
    struct passage *passages; /* in the order of filing; receiving vehicles behind their main one */
    size_t count;
};

/* The days of a scenario, warm-up and stock included. The caller frees with day_free. */
void day_draw(struct day *day, const struct scenario *scenario, uint64_t seed);
void day_free(struct day *day);

#endif
