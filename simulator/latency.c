/* SPDX-License-Identifier: MIT */
#include "simulator/latency.h"

static unsigned bucket_of(uint64_t value)
{
    unsigned shift = 0;

    while ((value >> shift) >= 2 * LATENCY_STEPS)
        shift++;
    unsigned bucket = shift * LATENCY_STEPS + (unsigned)(value >> shift);
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

/* The middle of a bucket. */
static int64_t value_of(unsigned bucket)
{
    unsigned shift = bucket < 2 * LATENCY_STEPS ? 0 : bucket / LATENCY_STEPS - 1;
    uint64_t low = (uint64_t)(bucket - shift * LATENCY_STEPS) << shift;

    return (int64_t)(low + ((UINT64_C(1) << shift) >> 1));
}

void latency_add(struct latency *latency, int64_t value_us)
{
    latency->counts[bucket_of(value_us > 0 ? (uint64_t)value_us : 0)]++;
    latency->total++;
    if (value_us > latency->maximum_us)
        latency->maximum_us = value_us;
}

int64_t latency_at(const struct latency *latency, double share)
{
    uint64_t below = (uint64_t)((double)latency->total * share);
    uint64_t seen = 0;

    for (unsigned b = 0; b < LATENCY_BUCKETS; b++) {
        seen += latency->counts[b];
        if (seen > below)
            return value_of(b);
    }
    return latency->maximum_us;
}
