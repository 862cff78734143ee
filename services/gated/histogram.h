/* SPDX-License-Identifier: MIT
 * A histogram with fixed bounds, as Prometheus counts: each bucket holds what is not above its
 * bound. No percentiles here; the reader of /metrics computes them.
 */
#ifndef SERVICES_GATED_HISTOGRAM_H
#define SERVICES_GATED_HISTOGRAM_H

#include <stdint.h>

#include "common/base/buffer.h"

enum { HISTOGRAM_BOUNDS_MAX = 16 };

struct histogram_bounds {
    int count;
    int64_t at[HISTOGRAM_BOUNDS_MAX]; /* ascending */
    double unit;                      /* one count of a value, as exported (1e-6: us as seconds) */
};

struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS_MAX + 1]; /* the last: above all bounds */
    int64_t sum;
};

extern const struct histogram_bounds HISTOGRAM_LATENCY; /* microseconds, exported as seconds */
extern const struct histogram_bounds HISTOGRAM_SIZE;    /* commands of a batch */

/* Counts the value in its bucket. */
void histogram_add(struct histogram *histogram, const struct histogram_bounds *bounds,
                   int64_t value);
/* name_bucket, name_sum and name_count in Prometheus text form; labels without braces, may be "".
 */
void histogram_print(const struct histogram *histogram, const struct histogram_bounds *bounds,
                     const char *name, const char *labels, struct buffer *out);

#endif
