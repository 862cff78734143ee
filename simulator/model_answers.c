/* SPDX-License-Identifier: MIT
 * What a live run learns from the service: who was called, and who is over.
 */
#include "simulator/model_parts.h"

enum { REST_MS = 30 * SECOND_MS }; /* after a call that found nobody */

void model_ask(struct model *m, model_caller *caller)
{
    m->caller = caller;
}

/* One that was expected and not called stands where it stood. */
static void stand_again(struct model_gate *gate, struct crossing *x)
{
    x->is_expected = false;
    if (x->fate != FATE_AWAITED)
        return;
    x->is_queued = true;
    queue_join(&gate->queues[x->passage->direction], &x->place);
}

static void rest(struct model *m, struct model_gate *gate, struct lane *lane)
{
    lane->assigned--;
    gate->rests_ms = m->now_ms + REST_MS;
    events_add(&m->events, gate->rests_ms, EVENT_WAKE, (uint32_t)(gate - m->gates), 0);
}

void model_called(struct model *m, const struct call *call, uint32_t called)
{
    struct model_gate *gate = &m->gates[call->gate];
    struct crossing *expected = &m->crossings[call->expected];
    struct crossing *x = called == NOBODY ? NULL : &m->crossings[called];

    if (x != expected)
        stand_again(gate, expected);
    if (x && x->is_queued) {
        queue_leave(&gate->queues[x->passage->direction], &x->place);
        x->is_queued = false;
        x->is_expected = true;
    }
    if (!x || !x->is_expected || x->fate != FATE_AWAITED) {
        rest(m, gate, &gate->lanes[call->lane]);
        return;
    }
    x->is_expected = false;
    lane_takes(m, gate, call->lane, x, call->at_ms);
}

void model_lost(struct model *m, uint32_t crossing, enum fate fate)
{
    struct crossing *x = &m->crossings[crossing];
    struct model_gate *gate = gate_of(m, x);

    if (x->fate != FATE_AWAITED)
        return;
    if (x->passage->direction == DIRECTION_EXPORT && (x->is_queued || x->is_expected))
        gate->staging--;
    if ((x->done & STEP_BIT(STEP_CALLED)) && !(x->there & THERE_CAME))
        lane_forget(m, x);
    crossing_end(m, x, fate);
    station_drain(m, gate, STATION_STAGING);
}
