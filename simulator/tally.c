/* SPDX-License-Identifier: MIT */
#include "simulator/tally.h"

const char *const FATE_NAMES[FATE_COUNT] = {
    "awaited",   "outside", "queued",      "inside",  "exited",
    "cancelled", "expired", "turned_back", "no_show",
};

void tally_init(struct tally *tally, const struct scenario *scenario, struct spreads *spreads)
{
    *tally = (struct tally){.days = scenario->days, .spreads = spreads};
    for (int g = 0; g < GATES_MAX; g++)
        tally->gates[g].last_exit_ms = -1;
}

static bool is_measured(const struct tally *tally, int64_t at_ms)
{
    return at_ms >= 0 && at_ms < (int64_t)tally->days * DAY_MS;
}

void tally_arrival(struct tally *tally, unsigned gate, int64_t at_ms)
{
    if (is_measured(tally, at_ms))
        tally->gates[gate].arrivals_by_hour[at_ms % DAY_MS / HOUR_MS]++;
}

void tally_exit(struct tally *tally, unsigned gate, unsigned direction, int64_t at_ms, bool is_open)
{
    struct gate_tally *g = &tally->gates[gate];

    if (!is_measured(tally, at_ms))
        return;
    g->exits[direction]++;
    g->late_exits += !is_open;
    g->exits_by_day[at_ms / DAY_MS]++;
    g->exits_by_hour[at_ms % DAY_MS / HOUR_MS]++;
    if (at_ms / DAY_MS == tally->days - 1)
        g->last_exit_ms = at_ms % DAY_MS;
}

void tally_wait(struct tally *tally, unsigned direction, unsigned class, int64_t at_ms,
                int64_t waited_ms)
{
    if (!tally->spreads || !is_measured(tally, at_ms))
        return;
    latency_add(&tally->spreads->waits[direction][class], waited_ms);
    tally->spreads->wait_sum_ms += (double)waited_ms;
    tally->spreads->wait_count++;
}

void tally_stay(struct tally *tally, unsigned direction, int64_t at_ms, int64_t stayed_ms)
{
    if (tally->spreads && is_measured(tally, at_ms))
        latency_add(&tally->spreads->stays[direction], stayed_ms);
}

double tally_exits(const struct tally *tally)
{
    double sum = 0;

    for (int g = 0; g < GATES_MAX; g++)
        for (unsigned d = 0; d < DIRECTION_COUNT; d++)
            sum += tally->gates[g].exits[d];
    return sum / tally->days;
}
