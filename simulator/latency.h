/* SPDX-License-Identifier: MIT
 * Latencies in a log-linear histogram: 64 steps in each power of two, so a percentile is right to
 * 1.6 %. Values in microseconds; no subtraction, no correction (send times are intended times).
 */
#ifndef SIMULATOR_LATENCY_H
#define SIMULATOR_LATENCY_H

#include <stdint.h>

enum { LATENCY_STEPS = 64, LATENCY_BUCKETS = LATENCY_STEPS * 36 };

struct latency {
    uint64_t counts[LATENCY_BUCKETS];
    uint64_t total;
    int64_t maximum_us;
};

void latency_add(struct latency *latency, int64_t value_us);
/* The value below which the given share (0..1) of all lies; 0 when there is none. */
int64_t latency_at(const struct latency *latency, double share);

#endif
