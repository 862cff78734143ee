/* SPDX-License-Identifier: MIT
 * The laws a day is drawn from: times of service and the coming of trucks.
 */
#ifndef SIMULATOR_LAWS_H
#define SIMULATOR_LAWS_H

#include <stdint.h>

#include "simulator/random.h"

enum law_kind { LAW_LOG_NORMAL, LAW_EXPONENTIAL };

/* Log-normal: median and sigma of the logarithm. Exponential: the middle is its mean. */
struct law {
    enum law_kind kind;
    double middle_s;
    double sigma;
};

/* Milliseconds, at most a week; always takes two numbers, whatever the law. */
int32_t law_draw_ms(const struct law *law, struct random *random);
double law_mean_s(const struct law *law);

/* How arrivals spread over the day: the share of each hour, cut to [from, until) of the day. */
struct profile {
    double hourly[24];
    int32_t from_ms;
    int32_t until_ms;
};

/* Arrivals per millisecond at a time of the day when per_day come in all. */
double profile_rate(const struct profile *profile, double per_day, int64_t time_of_day_ms);
/* The next arrival after a time of the day (ms; -1 to begin) of a non-homogeneous Poisson process
 * of this profile, by thinning (Lewis and Shedler 1979); DAY_MS or more: no more today. */
int64_t profile_next(const struct profile *profile, double per_day, int64_t after_ms,
                     struct random *random);

#endif
