/* SPDX-License-Identifier: MIT */
#include "simulator/laws.h"

#include <math.h>

#include "simulator/words.h"

static const double LONGEST_S = 7 * 86400.0;

int32_t law_draw_ms(const struct law *law, struct random *random)
{
    double drawn = law->middle_s;

    if (law->kind == LAW_LOG_NORMAL) {
        drawn *= exp(law->sigma * random_normal(random));
    } else {
        drawn *= -log(1 - random_unit(random));
        random_unit(random);
    }
    return (int32_t)((drawn < LONGEST_S ? drawn : LONGEST_S) * 1000);
}

double law_mean_s(const struct law *law)
{
    return law->kind == LAW_LOG_NORMAL ? law->middle_s * exp(law->sigma * law->sigma / 2)
                                       : law->middle_s;
}

/* The part of an hour that lies within the profile's cut. */
static double hour_share(const struct profile *profile, int hour)
{
    int32_t from = hour * HOUR_MS, until = from + HOUR_MS;

    if (from < profile->from_ms)
        from = profile->from_ms;
    if (until > profile->until_ms)
        until = profile->until_ms;
    return until > from ? (double)(until - from) / HOUR_MS : 0;
}

static double mass(const struct profile *profile)
{
    double sum = 0;

    for (int h = 0; h < 24; h++)
        sum += profile->hourly[h] * hour_share(profile, h);
    return sum;
}

double profile_rate(const struct profile *profile, double per_day, int64_t time_of_day_ms)
{
    if (time_of_day_ms < profile->from_ms || time_of_day_ms >= profile->until_ms)
        return 0;
    return per_day * profile->hourly[time_of_day_ms / HOUR_MS] / HOUR_MS / mass(profile);
}

int64_t profile_next(const struct profile *profile, double per_day, int64_t after_ms,
                     struct random *random)
{
    double highest = 0, total = mass(profile);
    double at = (double)(after_ms < profile->from_ms ? profile->from_ms : after_ms);

    for (int h = 0; h < 24; h++)
        if (hour_share(profile, h) > 0 && profile->hourly[h] > highest)
            highest = profile->hourly[h];
    if (highest <= 0 || per_day <= 0)
        return DAY_MS;
    double rate = per_day * highest / HOUR_MS / total;
    for (;;) {
        at += -log(1 - random_unit(random)) / rate;
        if (at >= profile->until_ms)
            return DAY_MS;
        if (random_is(random, profile->hourly[(int64_t)at / HOUR_MS] / highest))
            return (int64_t)at;
    }
}
