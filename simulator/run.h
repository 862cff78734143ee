/* SPDX-License-Identifier: MIT
 * Replications of a scenario by the model, alone or in pairs.
 */
#ifndef SIMULATOR_RUN_H
#define SIMULATOR_RUN_H

#include "simulator/outcome.h"

/* The seed of the n-th replication. */
uint64_t run_seed(uint64_t seed, uint32_t replication);
/* Runs them and adds each to the outcome; false when stopped early. */
bool run_model(struct outcome *outcome, uint32_t replications);

/* Two scenarios over the same seeds (common random numbers). */
struct pair {
    struct outcome a, b;
    struct statistic differences[GATES_MAX + 1][FIGURE_COUNT]; /* b - a, run by run */
};

/* Both outcomes must be initialised, with scenarios of the same gates in the same order. */
bool run_pair(struct pair *pair, uint32_t replications);

#endif
