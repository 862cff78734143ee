/* SPDX-License-Identifier: MIT
 * The state tables' rows of a vehicle: each written once, as it is at its end.
 */
#ifndef SIMULATOR_BENCH_HISTORY_ROWS_H
#define SIMULATOR_BENCH_HISTORY_ROWS_H

#include "simulator/bench/history/world.h"

#define OVERTAKE_REASON "Hàng dễ hỏng"

/* The stored answer of a write, while its 48 hours last. */
void rows_reply(struct world *world, const struct life *life, int64_t at_ms);
/* The promises that a call settles and makes, and its overtake. */
void rows_called(struct world *world, const struct life *life, int passed, int delay_s);
/* Declaration, crossing, and what is left of its pass and window. */
void rows_end(struct world *world, struct life *life);

#endif
