/* SPDX-License-Identifier: MIT
 * What happens to a vehicle, with its event and, at the end, its rows: as sql/apply writes them.
 */
#ifndef SIMULATOR_BENCH_HISTORY_DEEDS_H
#define SIMULATOR_BENCH_HISTORY_DEEDS_H

#include "simulator/bench/history/world.h"

void deed_declare(struct world *world, struct life *life, int64_t at_ms);
/* result "pass" or "hold". Joining makes it wait; the exit writes the rows of the crossing. */
void deed_step(struct world *world, struct life *life, enum step step, const char *result,
               int64_t at_ms);
/* passed: how many that were before it it was called before, by so many seconds. */
void deed_call(struct world *world, struct life *life, int passed, int delay_s, int64_t at_ms);

#endif
