/* SPDX-License-Identifier: MIT
 * What came out of one or many runs of a scenario, as named figures per gate and over all gates,
 * and as JSON: the table, the report and the comparison of two runs all read that.
 */
#ifndef SIMULATOR_OUTCOME_H
#define SIMULATOR_OUTCOME_H

#include <jansson.h>

#include "simulator/statistics.h"
#include "simulator/tally.h"

enum figure {
    FIGURE_EXITS,
    FIGURE_EXITS_IN_HOURS, /* what the target counts */
    FIGURE_EXITS_IMPORT,
    FIGURE_EXITS_EXPORT,
    FIGURE_RECEIVING,
    FIGURE_STOCK,
    FIGURE_LANES,
    FIGURE_YARD_MAX,
    FIGURE_CALLS,
    FIGURE_NO_SHOWS,
    FIGURE_OVERTAKES,
    FIGURE_LAST_EXIT,
    FIGURE_COUNT
};

enum { OUTCOME_ALL = GATES_MAX }; /* the row over all gates */

typedef double figures[GATES_MAX + 1][FIGURE_COUNT];

struct outcome {
    const struct scenario *scenario;
    uint64_t seed;
    int32_t target;
    uint32_t runs;   /* done */
    uint32_t passes; /* of them, those that made the target */
    int64_t took_ms; /* machine time of all runs */
    struct statistic figures[GATES_MAX + 1][FIGURE_COUNT];
    struct gate_tally sums[GATES_MAX]; /* by hour, by day, by lane: over all runs */
    struct spreads spreads;
};

/* The scenario must stay. */
void outcome_init(struct outcome *outcome, const struct scenario *scenario, uint64_t seed,
                  int32_t target);
/* The figures of one run. */
void figures_read(const struct scenario *scenario, const struct tally *tally, figures all);
void outcome_add(struct outcome *outcome, const struct tally *tally);
bool outcome_passes(const struct outcome *outcome);

extern const char *const FIGURE_NAMES[FIGURE_COUNT];
extern const char *const FIGURE_UNITS[FIGURE_COUNT];

/* The caller owns the reference. */
json_t *outcome_json(const struct outcome *outcome);

#endif
