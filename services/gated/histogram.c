/* SPDX-License-Identifier: MIT */
#include "services/gated/histogram.h"

const struct histogram_bounds HISTOGRAM_LATENCY = {
    .count = 14,
    .at = {250, 500, 1000, 2000, 3000, 5000, 10000, 20000, 50000, 100000, 250000, 1000000, 2500000,
           10000000},
    .unit = 1e-6,
};

const struct histogram_bounds HISTOGRAM_SIZE = {
    .count = 9,
    .at = {1, 2, 4, 8, 16, 32, 64, 96, 128},
    .unit = 1.0,
};

void histogram_add(struct histogram *histogram, const struct histogram_bounds *bounds,
                   int64_t value)
{
    int i = 0;

    while (i < bounds->count && value > bounds->at[i])
        i++;
    histogram->counts[i]++;
    histogram->sum += value;
}

void histogram_print(const struct histogram *histogram, const struct histogram_bounds *bounds,
                     const char *name, const char *labels, struct buffer *out)
{
    const char *comma = *labels ? "," : "";
    uint64_t total = 0;

    for (int i = 0; i < bounds->count; i++) {
        total += histogram->counts[i];
        buffer_print(out, "%s_bucket{%s%sle=\"%g\"} %llu\n", name, labels, comma,
                     (double)bounds->at[i] * bounds->unit, (unsigned long long)total);
    }
    total += histogram->counts[bounds->count];
    buffer_print(out, "%s_bucket{%s%sle=\"+Inf\"} %llu\n", name, labels, comma,
                 (unsigned long long)total);
    buffer_print(out, "%s_sum{%s} %g\n", name, labels, (double)histogram->sum * bounds->unit);
    buffer_print(out, "%s_count{%s} %llu\n", name, labels, (unsigned long long)total);
}
