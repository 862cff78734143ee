/* SPDX-License-Identifier: MIT */
#include "simulator/statistics.h"

#include <math.h>

#include "common/base/check.h"

void statistic_add(struct statistic *statistic, double value)
{
    double off = value - statistic->mean;

    statistic->count++;
    statistic->mean += off / (double)statistic->count;
    statistic->squares += off * (value - statistic->mean);
}

/* The two-sided 95 % quantile of Student's t: tabled up to 10, then by Cornish and Fisher's
 * expansion around the normal quantile. */
static double t_quantile(uint64_t freedom)
{
    static const double FEW[] = {0,     12.706, 4.303, 3.182, 2.776, 2.571,
                                 2.447, 2.365,  2.306, 2.262, 2.228};
    const double z = 1.959964;
    double n = (double)freedom;

    if (freedom < COUNT_OF(FEW))
        return FEW[freedom];
    return z + (pow(z, 3) + z) / (4 * n) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * n * n);
}

double statistic_half_width(const struct statistic *statistic)
{
    double n = (double)statistic->count;

    if (statistic->count < 2)
        return 0;
    return t_quantile(statistic->count - 1) * sqrt(statistic->squares / (n - 1) / n);
}
