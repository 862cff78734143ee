/* SPDX-License-Identifier: MIT
 * Calls and lanes: a lane that has a vehicle less than it may have under way calls the first
 * eligible one (design: the queue).
 */
#include "common/base/check.h"
#include "simulator/model_parts.h"

int gate_room(const struct model_gate *gate)
{
    return gate->plan->inside - gate->inside - gate->reserved;
}

/* The first of a direction that the lane may call now. */
static struct place *first_of(struct model *m, struct model_gate *gate, const struct lane *lane,
                              enum direction direction)
{
    if (!(lane->plan.directions & (1U << direction)) || !gate->queues[direction].count ||
        (direction == DIRECTION_EXPORT && gate_room(gate) <= 0))
        return NULL;
    return queue_first(&gate->queues[direction], m->now_ms, lane->plan.classes, NEVER_MS);
}

/* A lane of both directions takes the one whose first has the lower rank. */
static struct place *choose(struct model *m, struct model_gate *gate, const struct lane *lane)
{
    struct place *in = first_of(m, gate, lane, DIRECTION_IMPORT);
    struct place *out = first_of(m, gate, lane, DIRECTION_EXPORT);

    if (!in || !out)
        return in ? in : out;
    return out->rank_ms < in->rank_ms ? out : in;
}

void lane_takes(struct model *m, struct model_gate *gate, unsigned number, struct crossing *x,
                int64_t at_ms)
{
    const struct passage *p = x->passage;
    uint32_t index = index_of(m, x);
    int64_t comes_ms = at_ms + p->took_ms[STEP_CALLED];

    x->done |= STEP_BIT(STEP_CALLED);
    x->lane = (uint8_t)number;
    x->calls++;
    x->called_ms = at_ms;
    gate->waiting--;
    model_tell(m, x, (struct note){.kind = NOTE_CALLED, .lane = number});
    m->tally->gates[p->gate].calls += m->now_ms >= 0;
    if (p->direction == DIRECTION_EXPORT) {
        gate->inside++;
        x->is_inside = true;
        gate->staging--;
        station_drain(m, gate, STATION_STAGING);
        events_add(&m->events, at_ms + m->scenario->grace_ms, EVENT_GRACE, index, x->calls);
    }
    if (p->direction == DIRECTION_IMPORT || x->calls > p->missed_calls)
        events_add(&m->events, comes_ms, EVENT_COME, index, x->calls);
    if (x->calls == 1)
        tally_wait(m->tally, p->direction, p->class, at_ms, at_ms - p->arrives_ms);
}

static void leave_queue(struct model_gate *gate, struct crossing *x)
{
    queue_leave(&gate->queues[x->passage->direction], &x->place);
    x->is_queued = false;
}

static void call(struct model *m, struct model_gate *gate, unsigned number, struct place *place)
{
    struct crossing *x = container_of(place, struct crossing, place);
    struct call call = {.gate = x->passage->gate,
                        .lane = number,
                        .direction = x->passage->direction,
                        .expected = index_of(m, x),
                        .at_ms = m->now_ms};

    leave_queue(gate, x);
    gate->lanes[number].assigned++;
    if (!m->caller) {
        lane_takes(m, gate, number, x, m->now_ms);
        return;
    }
    x->is_expected = true;
    m->caller(m->owner, &call);
}

static bool lanes_call_level(struct model *m, struct model_gate *gate, int assigned)
{
    bool has_called = false;

    for (unsigned n = 1; n < LANES_MAX; n++) {
        struct lane *lane = &gate->lanes[n];
        if (!lane->plan.directions || lane->assigned != assigned)
            continue;
        struct place *place = choose(m, gate, lane);
        if (place) {
            call(m, gate, n, place);
            has_called = true;
        }
    }
    return has_called;
}

void lanes_call(struct model *m, struct model_gate *gate)
{
    if ((!gate->queues[0].count && !gate->queues[1].count) ||
        !calendar_is_open(&gate->calendar, m->now_ms) || m->now_ms < gate->rests_ms)
        return;
    /* the emptiest lanes first */
    for (int assigned = 0; assigned <= m->scenario->called_ahead; assigned++)
        lanes_call_level(m, gate, assigned);
}

void lane_enter(struct model *m, struct crossing *x)
{
    struct model_gate *gate = gate_of(m, x);

    line_add(&gate->lanes[x->lane].line, index_of(m, x));
    lane_serve(m, gate, &gate->lanes[x->lane]);
}

static double outage_factor(const struct scenario *s, int64_t at_ms)
{
    int64_t clock_ms = at_ms % DAY_MS;

    return at_ms >= 0 && clock_ms >= s->outage_from_ms && clock_ms < s->outage_until_ms
               ? s->outage_slow
               : 1;
}

void lane_serve(struct model *m, struct model_gate *gate, struct lane *lane)
{
    if (lane->is_busy || !lane->line.count || !calendar_is_open(&gate->calendar, m->now_ms))
        return;
    lane->is_busy = true;
    lane->served = line_take(&lane->line);
    const struct passage *p = m->crossings[lane->served].passage;
    int64_t takes_ms = (int64_t)(p->lane_ms * outage_factor(m->scenario, m->now_ms));
    unsigned number = (unsigned)(lane - gate->lanes);
    if (m->now_ms >= 0)
        m->tally->gates[p->gate].lane_busy_ms[number] += takes_ms;
    events_add(&m->events, m->now_ms + takes_ms, EVENT_LANE, (uint32_t)(gate - m->gates), number);
}

void lane_served(struct model *m, struct model_gate *gate, unsigned number)
{
    struct lane *lane = &gate->lanes[number];
    struct crossing *x = &m->crossings[lane->served];

    lane->is_busy = false;
    lane->assigned--;
    x->there |= THERE_PASSED;
    crossing_advance(m, x);
    lane_serve(m, gate, lane);
    lanes_call(m, gate);
}

void lane_forget(struct model *m, struct crossing *x)
{
    gate_of(m, x)->lanes[x->lane].assigned--;
}

/* Back at its old rank, not to be called before its delay is over; after the last delay it ends. */
static void requeue(struct model *m, struct model_gate *gate, struct crossing *x)
{
    x->done &= ~STEP_BIT(STEP_CALLED);
    x->place.eligible_ms = m->now_ms + m->scenario->return_delay_ms[x->no_shows++];
    x->place.is_delayed = true;
    x->is_queued = true;
    gate->waiting++;
    gate->staging++;
    queue_join(&gate->queues[x->passage->direction], &x->place);
    events_add(&m->events, x->place.eligible_ms, EVENT_WAKE, (uint32_t)(gate - m->gates), 0);
}

void lane_grace_over(struct model *m, struct crossing *x, unsigned call_number)
{
    struct model_gate *gate = gate_of(m, x);

    if (x->fate != FATE_AWAITED || call_number != x->calls || (x->done & STEP_BIT(STEP_GATE_IN)) ||
        !(x->done & STEP_BIT(STEP_CALLED)))
        return;
    if (x->there & THERE_CAME)
        return; /* it stands at the barrier */
    /* the clock stands still while the gate is closed */
    int64_t left_ms =
        m->scenario->grace_ms - calendar_open_ms(&gate->calendar, x->called_ms, m->now_ms);
    if (left_ms > 0) {
        events_add(&m->events, m->now_ms + (left_ms > MINUTE_MS ? left_ms : MINUTE_MS), EVENT_GRACE,
                   index_of(m, x), call_number);
        return;
    }
    m->tally->gates[x->passage->gate].no_shows += m->now_ms >= 0;
    lane_forget(m, x);
    gate->inside--;
    x->is_inside = false;
    bool returns = x->no_shows < m->scenario->return_delays;
    model_tell(
        m, x,
        (struct note){.kind = NOTE_NO_SHOW,
                      .eligible_ms = returns ? m->now_ms + m->scenario->return_delay_ms[x->no_shows]
                                             : NEVER_MS});
    if (returns)
        requeue(m, gate, x);
    else
        crossing_end(m, x, FATE_NO_SHOW);
    lanes_call(m, gate);
}
