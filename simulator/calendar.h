/* SPDX-License-Identifier: MIT
 * When a gate is open over the days of a run: daily hours without the closures. Before the first
 * day it lets trucks come in, but calls nobody: they are the stock.
 */
#ifndef SIMULATOR_CALENDAR_H
#define SIMULATOR_CALENDAR_H

#include "simulator/scenario.h"

struct stretch {
    int64_t from_ms;
    int64_t until_ms;
};

struct calendar {
    int64_t begins_ms; /* midnight of the first day played, warm-up included */
    int64_t ends_ms;   /* midnight after the last */
    size_t count;
    struct stretch open[90 * (CLOSURES_MAX + 1)];
};

void calendar_init(struct calendar *calendar, const struct scenario *scenario,
                   const struct gate_plan *gate);
/* Open for calls, services and exits. */
bool calendar_is_open(const struct calendar *calendar, int64_t at_ms);
/* Open for trucks to come in. */
bool calendar_lets_in(const struct calendar *calendar, int64_t at_ms);
/* How long it was open between two instants: no-shows and windows count this time only. */
int64_t calendar_open_ms(const struct calendar *calendar, int64_t from_ms, int64_t until_ms);

#endif
