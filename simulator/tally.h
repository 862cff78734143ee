/* SPDX-License-Identifier: MIT
 * What one run of the days is counted into, whoever plays them: the model or the live service.
 * Main vehicles only, unless said otherwise: they are what the published figures count.
 */
#ifndef SIMULATOR_TALLY_H
#define SIMULATOR_TALLY_H

#include "simulator/latency.h"
#include "simulator/scenario.h"

enum { TALLY_DAYS_MAX = 60 };

/* Where a crossing stands when all is over: each is in exactly one. */
enum fate {
    FATE_AWAITED, /* declared, has not come */
    FATE_OUTSIDE, /* has come, is not admitted yet */
    FATE_QUEUED,
    FATE_INSIDE, /* called or in the yard */
    FATE_EXITED,
    FATE_CANCELLED,
    FATE_EXPIRED,
    FATE_TURNED_BACK,
    FATE_NO_SHOW,
    FATE_COUNT
};

extern const char *const FATE_NAMES[FATE_COUNT];

struct gate_tally {
    uint32_t declared;               /* crossings of any role, over the whole run */
    uint32_t fates[FATE_COUNT];      /* of them, at the end */
    uint32_t exits[DIRECTION_COUNT]; /* within the measured days */
    uint32_t late_exits;             /* of them, while the gate was closed */
    uint32_t receiving_exits;
    uint32_t exits_by_day[TALLY_DAYS_MAX];
    uint32_t stock_by_day[TALLY_DAYS_MAX]; /* present at closing, not gone */
    uint32_t arrivals_by_hour[24], exits_by_hour[24];
    uint32_t waiting_by_hour[24], inside_by_hour[24]; /* at the hour's begin, summed over days */
    int64_t lane_busy_ms[LANES_MAX];
    int64_t open_ms;
    uint32_t yard_max; /* vehicles of any role inside */
    uint32_t calls, no_shows, overtakes;
    int64_t last_exit_ms; /* time of the last measured day; -1: none */
};

/* Spreads over all runs: values in ms. */
struct spreads {
    struct latency waits[DIRECTION_COUNT][CLASS_COUNT]; /* come -> called */
    struct latency stays[DIRECTION_COUNT];              /* through the barrier -> exit */
    double wait_sum_ms;
    uint64_t wait_count;
};

struct tally {
    struct gate_tally gates[GATES_MAX];
    int32_t days;
    struct spreads *spreads; /* the caller's; may be shared by runs; NULL: not wanted */
};

void tally_init(struct tally *tally, const struct scenario *scenario, struct spreads *spreads);
void tally_arrival(struct tally *tally, unsigned gate, int64_t at_ms);
/* is_open: within the opening hours. */
void tally_exit(struct tally *tally, unsigned gate, unsigned direction, int64_t at_ms,
                bool is_open);
void tally_wait(struct tally *tally, unsigned direction, unsigned class, int64_t at_ms,
                int64_t waited_ms);
void tally_stay(struct tally *tally, unsigned direction, int64_t at_ms, int64_t stayed_ms);
/* Exits a day, over all gates. */
double tally_exits(const struct tally *tally);

#endif
