/* SPDX-License-Identifier: MIT */
#include "services/gated/gate_time.h"

#include "common/form/instant.h"

enum fault gate_time_read(const char *header, bool is_sandbox, int64_t *given_ms)
{
    *given_ms = 0;
    if (!header)
        return OK;
    if (!is_sandbox)
        return FAULT_GATE_TIME_REFUSED;
    if (instant_read(span_of(header), given_ms) != MESSAGE_NONE || *given_ms <= 0)
        return FAULT_GATE_TIME_INVALID;
    return OK;
}

int64_t gate_clock_now(const struct gate_clock *clock, int64_t wall_ms)
{
    return clock->is_driven || clock->last_ms > wall_ms ? clock->last_ms : wall_ms;
}

int64_t gate_clock_move(struct gate_clock *clock, int64_t given_ms, int64_t wall_ms)
{
    if (given_ms) {
        /* The first driven time may lie before the wall clock: the day starts where it says. */
        if (!clock->is_driven || given_ms > clock->last_ms)
            clock->last_ms = given_ms;
        clock->is_driven = true;
        return clock->last_ms;
    }
    clock->last_ms = gate_clock_now(clock, wall_ms);
    return clock->last_ms;
}
