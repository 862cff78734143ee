/* SPDX-License-Identifier: MIT
 * Means and their 95 % confidence intervals over replications (Welford's sums, Student's t).
 */
#ifndef SIMULATOR_STATISTICS_H
#define SIMULATOR_STATISTICS_H

#include <stdint.h>

struct statistic {
    uint64_t count;
    double mean;
    double squares; /* sum of squared deviations */
};

/* {0} holds nothing. */
void statistic_add(struct statistic *statistic, double value);
/* Half the width of the interval of the mean; 0 for fewer than two values. */
double statistic_half_width(const struct statistic *statistic);

#endif
