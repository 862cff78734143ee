/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/pace.h"

#include <math.h>

static const double LEAST_WEIGHT = 0.023; /* half-life 30 */
static const double P90 = 1.2816, LONGEST_S = 604800;

static double weight_of(int64_t seen)
{
    return fmax(LEAST_WEIGHT, 1.0 / (double)(seen + 1));
}

void pace_learn(struct pace *pace, int64_t now_ms)
{
    if (pace->last_ms) {
        double gap = (double)(now_ms - pace->last_ms) / 1000, weight = weight_of(pace->calls);
        double off = gap - pace->gap_s;
        pace->gap_s += weight * off;
        pace->gap_var = (1 - weight) * (pace->gap_var + weight * off * off);
        pace->calls++;
    }
    pace->last_ms = now_ms;
}

void service_learn(struct service_pace *pace, int64_t took_ms)
{
    double took = log(fmax((double)took_ms / 1000, 1)), weight = weight_of(pace->exits);
    double off = took - pace->log_mean;

    if (pace->exits++ == 0) {
        pace->log_mean = took;
        pace->log_var = 0.16;
        return;
    }
    pace->log_mean += weight * off;
    pace->log_var = (1 - weight) * (pace->log_var + weight * off * off);
}

struct interval pace_interval(const struct pace *pace, int ahead)
{
    double n = ahead + 1, gap = pace->gap_s;
    double spread = sqrt(n * fmax(pace->gap_var, gap * gap * 0.25));

    return (struct interval){(int)fmin(n * gap, LONGEST_S),
                             (int)fmin(n * gap + P90 * spread, LONGEST_S)};
}

struct interval service_interval(const struct service_pace *pace)
{
    return (struct interval){(int)fmin(exp(pace->log_mean), LONGEST_S),
                             (int)fmin(exp(pace->log_mean + P90 * sqrt(pace->log_var)), LONGEST_S)};
}
