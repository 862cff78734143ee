/* SPDX-License-Identifier: MIT
 * The gates of the history: their ledgers, queues, windows and clocks.
 */
#ifndef SIMULATOR_BENCH_HISTORY_WORLD_H
#define SIMULATOR_BENCH_HISTORY_WORLD_H

#include "simulator/bench/history/book.h"
#include "simulator/bench/history/life.h"

enum { WAITING_MAX = 4096, WINDOW_MS = 1800000 };

struct gate_world {
    struct book book;
    int64_t serial;
    int64_t day; /* YYYYMMDD of the last filing */
    int day_count;
    struct pace pace[DIRECTIONS];
    struct service_pace service[DIRECTIONS][CLASSES];
    struct life *waiting[DIRECTIONS][WAITING_MAX];
    int waiting_count[DIRECTIONS];
    uint16_t *booked[DIRECTIONS]; /* by window since the beginning */
};

/* Something that happens: a vehicle's next step, or, without one, a call at a gate. */
struct turn {
    int64_t at_ms;
    uint64_t order; /* of those at once, the one planned first */
    struct life *life;
    int gate;
    enum direction direction;
};

struct world {
    const struct facts *facts;
    struct tables tables;
    struct gate_world gates[GATES + 1]; /* by ledger; 0 unused */
    struct random random;
    int64_t begin_ms, until_ms; /* windows count from begin_ms */
    int64_t windows;
    struct turn *turns; /* a binary heap */
    size_t turn_count, turn_room;
    uint64_t orders;
    unsigned crossings, wanted;
    double holds; /* of a vehicle, on average */
};

struct plan {
    unsigned crossings;
    int64_t events; /* about so many, as far as holds can make them more; 0: as they come */
    int64_t until_ms;
    uint64_t seed;
};

/* Lives through all of it; the tables are open. */
void world_run(struct world *world, const struct plan *plan, const struct facts *facts);
/* Writes windows, heads and paces; after world_run, before the tables are closed for windows and
 * after it for the rest. */
void world_write_windows(struct world *world);
void world_write_heads(const struct world *world, PGconn *db);
void world_free(struct world *world);

#endif
