/* SPDX-License-Identifier: MIT
 * The pace of calls and of service that the service would have learnt, and what it would have
 * promised from them: the same formulas as sql/apply/050_queue.sql.
 */
#ifndef SIMULATOR_BENCH_HISTORY_PACE_H
#define SIMULATOR_BENCH_HISTORY_PACE_H

#include <stdint.h>

#include "simulator/bench/history/facts.h"

struct pace {
    int64_t calls, last_ms;
    double gap_s, gap_var;
};

struct service_pace {
    int64_t exits;
    double log_mean, log_var;
};

struct interval {
    int p50_s, p90_s;
};

void pace_learn(struct pace *pace, int64_t now_ms);
void service_learn(struct service_pace *pace, int64_t took_ms);
struct interval pace_interval(const struct pace *pace, int ahead);
/* Only from five exits on. */
struct interval service_interval(const struct service_pace *pace);

#endif
