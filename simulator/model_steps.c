/* SPDX-License-Identifier: MIT
 * What each crossing does next: the published procedure says what may be, practice says when it
 * begins, the day says how long it takes.
 */
#include "simulator/model_parts.h"

struct model_gate *gate_of(struct model *m, const struct crossing *x)
{
    return &m->gates[x->passage->gate];
}

uint32_t index_of(const struct model *m, const struct crossing *x)
{
    return (uint32_t)(x - m->crossings);
}

static bool is_live(const struct crossing *x)
{
    return x->fate == FATE_AWAITED;
}

/* Of those of its declaration that have not ended without exit. */
static struct across across_of(const struct model *m, const struct crossing *x)
{
    const struct crossing *main = &m->crossings[x->passage->main];
    struct across across = {.all_receiving = ~UINT32_C(0), .every_main = ~UINT32_C(0)};

    for (unsigned i = 0; i <= main->passage->receiving; i++) {
        const struct crossing *other = main + i;
        bool is_receiving = i > 0;
        if (!is_live(other) && other->fate != FATE_EXITED)
            continue;
        uint32_t fulfilled = other->done | ~other->required;
        if (is_receiving) {
            across.any_receiving |= other->done;
            across.all_receiving &= fulfilled;
            across.receiving++;
        } else {
            across.any_main |= other->done;
            across.every_main &= fulfilled;
        }
    }
    return across;
}

void crossing_advance(struct model *m, struct crossing *x)
{
    const struct passage *p = x->passage;
    struct across across = {0};

    if (!is_live(x) || !x->is_declared)
        return;
    if (p->receiving || p->role == ROLE_RECEIVING)
        across = across_of(m, x);
    uint32_t open =
        procedure_open(p->role, p->direction, x->required, x->done, &across) & ~x->begun;
    open = procedure_startable(p->role, p->direction, open, x->done, x->there);
    x->begun |= open;
    for (; open; open &= open - 1)
        station_ask(m, x, (enum step)__builtin_ctz(open));
}

/* The others of its declaration may have waited for it. */
static void mates_advance(struct model *m, struct crossing *x)
{
    struct crossing *main = &m->crossings[x->passage->main];

    for (unsigned i = 0; main->passage->receiving && i <= main->passage->receiving; i++)
        if (main + i != x)
            crossing_advance(m, main + i);
}

/* Within its window it joins as of the window's start, else as of now; the window's clock stands
 * still while the gate is closed. */
static int64_t joins_ms(const struct model *m, const struct model_gate *gate,
                        const struct crossing *x)
{
    if (x->window_ms == NEVER_MS || m->now_ms < x->window_ms)
        return m->now_ms;
    if (m->now_ms < x->window_ms + WINDOW_MS ||
        calendar_open_ms(&gate->calendar, x->window_ms, m->now_ms) <= WINDOW_MS)
        return x->window_ms;
    return m->now_ms;
}

static void join(struct model *m, struct crossing *x)
{
    struct model_gate *gate = gate_of(m, x);
    int64_t joined_ms = joins_ms(m, gate, x);

    x->place.crossing = x->number ? x->number : index_of(m, x);
    x->place.class = x->passage->class;
    x->place.filed_ms = x->passage->declared_ms;
    x->place.rank_ms = joined_ms - m->scenario->credit_ms[x->passage->class];
    x->is_queued = true;
    model_tell(m, x,
               (struct note){.kind = NOTE_STEP,
                             .step = STEP_YARD_IN,
                             .is_joining = true,
                             .joined_ms = joined_ms,
                             .rank_ms = x->place.rank_ms});
    queue_join(&gate->queues[x->passage->direction], &x->place);
    lanes_call(m, gate);
}

static void leave_inside(struct model *m, struct crossing *x)
{
    struct model_gate *gate = gate_of(m, x);

    if (!x->is_inside)
        return;
    x->is_inside = false;
    gate->inside--;
    station_drain(m, gate, STATION_ENTRY);
    lanes_call(m, gate);
}

void crossing_end(struct model *m, struct crossing *x, enum fate fate)
{
    struct model_gate *gate = gate_of(m, x);
    const struct passage *p = x->passage;

    if (x->is_queued) {
        queue_leave(&gate->queues[p->direction], &x->place);
        x->is_queued = false;
    }
    if (p->role == ROLE_MAIN && (x->there & THERE_ARRIVED)) {
        gate->present--;
        gate->waiting -= !(x->done & STEP_BIT(STEP_CALLED));
    }
    x->fate = (uint8_t)fate;
    if (fate != FATE_EXITED && fate != FATE_NO_SHOW)
        model_tell(m, x, (struct note){.kind = NOTE_ENDED, .fate = fate});
    leave_inside(m, x);
    mates_advance(m, x);
}

static void exit_gate(struct model *m, struct crossing *x)
{
    const struct passage *p = x->passage;
    struct gate_tally *tally = &m->tally->gates[p->gate];

    if (p->role == ROLE_RECEIVING) {
        tally->receiving_exits += m->now_ms >= 0;
    } else {
        tally_exit(m->tally, p->gate, p->direction, m->now_ms,
                   calendar_is_open(&gate_of(m, x)->calendar, m->now_ms));
        tally_stay(m->tally, p->direction, m->now_ms, m->now_ms - x->entered_ms);
    }
    crossing_end(m, x, FATE_EXITED);
}

/* The barrier refuses it: what was kept for it is free again. */
static void turn_back(struct model *m, struct crossing *x)
{
    if (x->passage->direction == DIRECTION_EXPORT)
        lane_forget(m, x);
    gate_of(m, x)->reserved -= x->passage->receiving;
    crossing_end(m, x, FATE_TURNED_BACK);
}

static void confirm(struct model *m, struct crossing *x, enum step step)
{
    x->done |= STEP_BIT(step);
    if (step != STEP_YARD_IN)
        model_tell(m, x, (struct note){.kind = NOTE_STEP, .step = step});
    if (step == STEP_GATE_IN) {
        x->entered_ms = m->now_ms;
        if (x->passage->direction == DIRECTION_EXPORT)
            lane_enter(m, x);
    }
    if (step == STEP_EXIT) {
        exit_gate(m, x);
        return;
    }
    if (step == STEP_YARD_IN)
        join(m, x);
    crossing_advance(m, x);
    mates_advance(m, x);
}

void crossing_step(struct model *m, struct crossing *x, enum step step)
{
    const struct passage *p = x->passage;

    station_release(m, x, step);
    if (!is_live(x))
        return;
    if (step == STEP_GATE_IN && p->is_turned_back) {
        turn_back(m, x);
        return;
    }
    if (step == p->hold_step && !x->has_held) {
        x->has_held = true;
        if (x->is_queued)
            queue_hold(&gate_of(m, x)->queues[p->direction], &x->place, true);
        x->place.is_held = true;
        model_tell(m, x, (struct note){.kind = NOTE_STEP, .step = step, .is_hold = true});
        events_add(&m->events, m->now_ms + p->hold_ms, EVENT_HOLD_OVER, index_of(m, x), step);
        return;
    }
    confirm(m, x, step);
}

void crossing_hold_over(struct model *m, struct crossing *x, enum step step)
{
    struct model_gate *gate = gate_of(m, x);

    if (x->is_queued)
        queue_hold(&gate->queues[x->passage->direction], &x->place, false);
    x->place.is_held = false;
    confirm(m, x, step);
    lanes_call(m, gate);
}
