/* SPDX-License-Identifier: MIT */
#include "simulator/model.h"

#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/model_parts.h"

void model_tell(struct model *m, const struct crossing *x, struct note note)
{
    if (!m->listener)
        return;
    note.at_ms = m->now_ms;
    note.passage = x->passage;
    note.crossing = index_of(m, x);
    m->listener(m->owner, &note);
}

/* --- windows -----------------------------------------------------------------------------------
 */

/* The window's count, NULL when it lies out of reach. */
static uint16_t *window_at(struct model_gate *gate, unsigned direction, int64_t starts_ms)
{
    int64_t index = starts_ms / WINDOW_MS + WINDOWS_BEFORE_DAYS * 48;

    return index >= 0 && index < WINDOWS_COUNT ? &gate->windows[direction][index] : NULL;
}

/* The window of the planned time, if it is not over, begins while the gate is open and has a place
 * left. */
static void window_take(struct model *m, struct crossing *x)
{
    struct model_gate *gate = gate_of(m, x);
    unsigned direction = x->passage->direction;
    int64_t planned_ms = x->passage->planned_ms;
    int64_t starts_ms = planned_ms - ((planned_ms % WINDOW_MS) + WINDOW_MS) % WINDOW_MS;
    uint16_t *booked = window_at(gate, direction, starts_ms);

    x->window_ms = NEVER_MS;
    if (!booked || x->passage->role == ROLE_RECEIVING || starts_ms + WINDOW_MS <= m->now_ms ||
        !calendar_lets_in(&gate->calendar, starts_ms) ||
        *booked >= gate->plan->windows[direction])
        return;
    (*booked)++;
    x->window_ms = starts_ms;
}

static void window_give_back(struct model *m, struct crossing *x)
{
    uint16_t *booked;

    if (x->window_ms == NEVER_MS || x->window_ms <= m->now_ms)
        return;
    booked = window_at(gate_of(m, x), x->passage->direction, x->window_ms);
    if (booked && *booked)
        (*booked)--;
}

/* --- what happens to crossings -----------------------------------------------------------------
 */

static void declare(struct model *m, struct crossing *x)
{
    const struct passage *p = x->passage;
    uint32_t index = index_of(m, x);

    x->is_declared = true;
    x->required = procedure_required(p->role, p->direction, p->class, p->channel != CHANNEL_GREEN,
                                     p->receiving > 0);
    m->tally->gates[p->gate].declared++;
    window_take(m, x);
    model_tell(m, x, (struct note){.kind = NOTE_DECLARED});
    events_add(&m->events, p->planned_ms + m->scenario->claim_ms, EVENT_EXPIRE, index, 0);
    if (p->cancels_ms != NEVER_MS)
        events_add(&m->events, p->cancels_ms > m->now_ms ? p->cancels_ms : m->now_ms, EVENT_CANCEL,
                   index, 0);
    if (p->arrives_ms != NEVER_MS)
        events_add(&m->events, p->arrives_ms, EVENT_ARRIVE, index, 0);
    crossing_advance(m, x);
}

static void arrive(struct model *m, struct crossing *x)
{
    struct model_gate *gate = gate_of(m, x);

    if (x->fate != FATE_AWAITED)
        return;
    x->there |= THERE_ARRIVED;
    if (x->passage->role == ROLE_MAIN) {
        gate->waiting++;
        gate->present++;
        tally_arrival(m->tally, x->passage->gate, m->now_ms);
    }
    crossing_advance(m, x);
}

static void come(struct model *m, struct crossing *x, unsigned call)
{
    if (x->fate != FATE_AWAITED || call != x->calls || !(x->done & STEP_BIT(STEP_CALLED)))
        return; /* too late: its place was taken back */
    x->there |= THERE_CAME;
    if (x->passage->direction == DIRECTION_IMPORT)
        lane_enter(m, x);
    else
        crossing_advance(m, x);
}

static void give_up(struct model *m, struct crossing *x, enum fate fate)
{
    const uint32_t begun = STEP_BIT(STEP_GATE_IN) | STEP_BIT(STEP_YARD_IN);

    if (x->fate != FATE_AWAITED || (x->done & begun))
        return;
    /* on its way through the barrier: the officer who sees it keeps the claim */
    if (x->is_inside || ((x->begun & begun) && (x->there & THERE_ARRIVED) && fate == FATE_EXPIRED &&
                         x->passage->role == ROLE_MAIN))
        return;
    window_give_back(m, x);
    crossing_end(m, x, fate);
}

/* --- what happens to gates ---------------------------------------------------------------------
 */

static void gate_open(struct model *m, struct model_gate *gate)
{
    for (enum station_kind kind = STATION_NONE; kind < STATION_COUNT; kind++)
        station_drain(m, gate, kind);
    for (unsigned n = 1; n < LANES_MAX; n++)
        lane_serve(m, gate, &gate->lanes[n]);
    lanes_call(m, gate);
}

static void gate_close(struct model *m, struct model_gate *gate)
{
    struct gate_tally *tally = &m->tally->gates[gate - m->gates];

    tally->stock_by_day[(m->now_ms - 1) / DAY_MS] = gate->present;
}

static void hour(struct model *m)
{
    int64_t h = m->now_ms % DAY_MS / HOUR_MS;

    for (int g = 0; g < m->scenario->gate_count; g++) {
        m->tally->gates[g].waiting_by_hour[h] += m->gates[g].waiting;
        m->tally->gates[g].inside_by_hour[h] += (uint32_t)m->gates[g].inside;
    }
}

static void gate_happen(struct model *m, struct model_gate *gate, const struct event *event)
{
    if (event->kind == EVENT_OPEN)
        gate_open(m, gate);
    else if (event->kind == EVENT_CLOSE)
        gate_close(m, gate);
    else if (event->kind == EVENT_LANE)
        lane_served(m, gate, event->detail);
    else
        lanes_call(m, gate);
}

static void happen(struct model *m, const struct event *event)
{
    struct crossing *x = &m->crossings[event->subject];

    switch ((enum event_kind)event->kind) {
    case EVENT_OPEN:
    case EVENT_CLOSE:
    case EVENT_WAKE:
    case EVENT_LANE:
        gate_happen(m, &m->gates[event->subject], event);
        break;
    case EVENT_HOUR:
        hour(m);
        break;
    case EVENT_DECLARE:
        declare(m, x);
        break;
    case EVENT_CANCEL:
        give_up(m, x, FATE_CANCELLED);
        break;
    case EVENT_EXPIRE:
        give_up(m, x, FATE_EXPIRED);
        break;
    case EVENT_ARRIVE:
        arrive(m, x);
        break;
    case EVENT_STEP:
        crossing_step(m, x, event->detail);
        break;
    case EVENT_HOLD_OVER:
        crossing_hold_over(m, x, event->detail);
        break;
    case EVENT_FAR_SIDE:
        station_far_side(m, x);
        break;
    case EVENT_COME:
        come(m, x, event->detail);
        break;
    case EVENT_GRACE:
        lane_grace_over(m, x, event->detail);
        break;
    }
}

/* --- the run -----------------------------------------------------------------------------------
 */

static void gate_init(struct model *m, unsigned index)
{
    struct model_gate *gate = &m->gates[index];
    const struct gate_plan *plan = &m->scenario->gates[index];

    gate->plan = plan;
    gate->rests_ms = INT64_MIN;
    calendar_init(&gate->calendar, m->scenario, plan);
    queue_init(&gate->queues[DIRECTION_IMPORT]);
    queue_init(&gate->queues[DIRECTION_EXPORT]);
    gate->stations[STATION_PLANT].servers = plan->plant_officers;
    gate->stations[STATION_ANIMAL].servers = plan->animal_officers;
    gate->stations[STATION_INSPECTION].servers = plan->inspection_bays;
    gate->stations[STATION_DOCK].servers = plan->docks;
    gate->stations[STATION_FEE].servers = plan->fee_desks;
    gate->stations[STATION_FAR_SIDE].servers = plan->far_lanes;
    for (unsigned n = 1; n < LANES_MAX; n++)
        gate->lanes[n].plan = plan->lanes[n];
    for (size_t i = 0; i < gate->calendar.count; i++)
        events_add(&m->events, gate->calendar.open[i].from_ms, EVENT_OPEN, index, 0);
    for (int day = 0; day < m->scenario->days; day++)
        events_add(&m->events, (int64_t)day * DAY_MS + plan->closes_ms, EVENT_CLOSE, index, 0);
    m->tally->gates[index].open_ms = calendar_open_ms(&gate->calendar, 0, gate->calendar.ends_ms);
}

static void model_init(struct model *m)
{
    m->crossings = calloc(m->day->count + 1, sizeof *m->crossings);
    CHECK(m->crossings);
    m->now_ms = INT64_MIN;
    for (unsigned g = 0; g < (unsigned)m->scenario->gate_count; g++)
        gate_init(m, g);
    for (int64_t at = 0; at < (int64_t)m->scenario->days * DAY_MS; at += HOUR_MS)
        events_add(&m->events, at, EVENT_HOUR, 0, 0);
    for (size_t i = 0; i < m->day->count; i++) {
        m->crossings[i].passage = &m->day->passages[i];
        events_add(&m->events, m->day->passages[i].declared_ms, EVENT_DECLARE, (uint32_t)i, 0);
    }
}

static enum fate fate_of(const struct crossing *x)
{
    if (x->fate != FATE_AWAITED)
        return x->fate;
    if (x->is_queued)
        return FATE_QUEUED;
    if (x->is_inside)
        return FATE_INSIDE;
    return x->there & THERE_ARRIVED ? FATE_OUTSIDE : FATE_AWAITED;
}

void model_free(struct model *m)
{
    for (size_t i = 0; i < m->day->count; i++)
        if (m->crossings[i].is_declared)
            m->tally->gates[m->day->passages[i].gate].fates[fate_of(&m->crossings[i])]++;
    for (int g = 0; g < m->scenario->gate_count; g++) {
        struct model_gate *gate = &m->gates[g];
        queue_free(&gate->queues[DIRECTION_IMPORT]);
        queue_free(&gate->queues[DIRECTION_EXPORT]);
        for (unsigned n = 0; n < LANES_MAX; n++)
            line_free(&gate->lanes[n].line);
        for (unsigned s = 0; s < STATION_COUNT; s++)
            line_free(&gate->stations[s].line);
    }
    events_free(&m->events);
    free(m->crossings);
    free(m);
}

struct model *model_new(const struct scenario *scenario, const struct day *day, struct tally *tally,
                        model_listener *listener, void *owner)
{
    struct model *m = calloc(1, sizeof *m);

    CHECK(m);
    m->scenario = scenario;
    m->day = day;
    m->tally = tally;
    m->listener = listener;
    m->owner = owner;
    m->ends_ms = (int64_t)scenario->days * DAY_MS;
    model_init(m);
    return m;
}

int64_t model_next_ms(const struct model *m)
{
    int64_t next_ms = m->events.count ? m->events.at[0].at_ms : NEVER_MS;

    return next_ms <= m->ends_ms ? next_ms : NEVER_MS;
}

void model_step(struct model *m)
{
    struct event event;

    if (!events_take(&m->events, &event))
        return;
    /* what was answered late may lie a little before what was played */
    m->now_ms = event.at_ms > m->now_ms || !m->caller ? event.at_ms : m->now_ms;
    happen(m, &event);
}

int64_t model_now_ms(const struct model *m)
{
    return m->now_ms;
}

void model_name(struct model *m, uint32_t crossing, uint64_t number)
{
    m->crossings[crossing].number = number;
}

void model_run(const struct scenario *scenario, const struct day *day, struct tally *tally)
{
    model_run_told(scenario, day, tally, NULL, NULL);
}

void model_run_told(const struct scenario *scenario, const struct day *day, struct tally *tally,
                    model_listener *listener, void *owner)
{
    struct model *m = model_new(scenario, day, tally, listener, owner);

    while (model_next_ms(m) != NEVER_MS)
        model_step(m);
    model_free(m);
}
