/* SPDX-License-Identifier: MIT
 * Officers, places and the far side: a step begins when its station has somebody free.
 */
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/model_parts.h"

/* --- lines -------------------------------------------------------------------------------------
 */

static void line_grow(struct line *line)
{
    size_t room = line->room ? line->room * 2 : 64;
    uint32_t *at = malloc(room * sizeof *at);

    CHECK(at);
    for (size_t i = 0; i < line->count; i++)
        at[i] = line->at[(line->first + i) % line->room];
    free(line->at);
    line->at = at;
    line->first = 0;
    line->room = room;
}

void line_add(struct line *line, uint32_t crossing)
{
    if (line->count == line->room)
        line_grow(line);
    line->at[(line->first + line->count++) % line->room] = crossing;
}

uint32_t line_take(struct line *line)
{
    CHECK(line->count > 0);
    uint32_t crossing = line->at[line->first];
    line->first = (line->first + 1) % line->room;
    line->count--;
    return crossing;
}

void line_free(struct line *line)
{
    free(line->at);
    *line = (struct line){0};
}

/* --- stations ----------------------------------------------------------------------------------
 */

static const enum step STATION_STEPS[STATION_COUNT] = {
    [STATION_ENTRY] = STEP_GATE_IN,     [STATION_BARRIER] = STEP_GATE_IN,
    [STATION_STAGING] = STEP_YARD_IN,   [STATION_PLANT] = STEP_PLANT,
    [STATION_ANIMAL] = STEP_ANIMAL,     [STATION_INSPECTION] = STEP_INSPECTION,
    [STATION_DOCK] = STEP_TRANSSHIPPED, [STATION_FEE] = STEP_FEE_PAID,
    [STATION_FAR_SIDE] = STEP_EXIT,
};

static enum station_kind station_of(const struct passage *p, enum step step)
{
    switch (step) {
    case STEP_GATE_IN:
        return p->direction == DIRECTION_IMPORT && p->role == ROLE_MAIN ? STATION_ENTRY
                                                                        : STATION_BARRIER;
    case STEP_YARD_IN:
        return p->direction == DIRECTION_EXPORT ? STATION_STAGING : STATION_NONE;
    case STEP_PLANT:
        return STATION_PLANT;
    case STEP_ANIMAL:
        return STATION_ANIMAL;
    case STEP_INSPECTION:
        return STATION_INSPECTION;
    case STEP_TRANSSHIPPED:
        return STATION_DOCK;
    case STEP_FEE_PAID:
        return STATION_FEE;
    default:
        return STATION_NONE;
    }
}

static bool can_start(const struct model *m, const struct model_gate *gate, enum station_kind kind,
                      const struct crossing *x)
{
    const struct station *station = &gate->stations[kind];

    switch (kind) {
    case STATION_ENTRY:
        return calendar_lets_in(&gate->calendar, m->now_ms) &&
               gate_room(gate) >= 1 + x->passage->receiving;
    case STATION_BARRIER:
        return calendar_lets_in(&gate->calendar, m->now_ms);
    case STATION_STAGING:
        return gate->staging < gate->plan->staging;
    case STATION_FAR_SIDE:
        return station->busy < station->servers && calendar_is_open(&gate->calendar, m->now_ms);
    default:
        return station->servers == 0 || station->busy < station->servers;
    }
}

static void note_inside(struct model *m, struct model_gate *gate)
{
    uint32_t *most = &m->tally->gates[gate - m->gates].yard_max;

    if (m->now_ms >= 0 && gate->inside > (int)*most)
        *most = (uint32_t)gate->inside;
}

/* Room is taken when the vehicle begins to move in. */
static void take_room(struct model *m, struct model_gate *gate, enum station_kind kind,
                      struct crossing *x)
{
    if (kind == STATION_STAGING) {
        gate->staging++;
    } else if (kind == STATION_ENTRY) {
        gate->inside++;
        gate->reserved += x->passage->receiving;
        x->is_inside = true;
    } else if (kind == STATION_BARRIER && x->passage->role == ROLE_RECEIVING) {
        gate->inside++;
        gate->reserved--;
        x->is_inside = true;
    }
    note_inside(m, gate);
}

/* How much longer the far side takes at a time. */
static double far_factor(const struct gate_plan *plan, int64_t at_ms)
{
    int64_t clock_ms = (at_ms % DAY_MS + DAY_MS) % DAY_MS;

    return clock_ms >= plan->far_slow_from_ms && clock_ms < plan->far_slow_until_ms ? plan->far_slow
                                                                                    : 1;
}

static void start(struct model *m, struct model_gate *gate, enum station_kind kind,
                  struct crossing *x, enum step step)
{
    int64_t takes_ms = x->passage->took_ms[step];

    if (kind == STATION_FAR_SIDE)
        takes_ms = (int64_t)(x->passage->far_ms * far_factor(gate->plan, m->now_ms));
    gate->stations[kind].busy++;
    take_room(m, gate, kind, x);
    events_add(&m->events, m->now_ms + takes_ms, EVENT_STEP, index_of(m, x), step);
}

static void ask(struct model *m, struct crossing *x, enum station_kind kind, enum step step)
{
    struct model_gate *gate = gate_of(m, x);
    struct line *line = &gate->stations[kind].line;

    if (line->count == 0 && can_start(m, gate, kind, x))
        start(m, gate, kind, x, step);
    else
        line_add(line, index_of(m, x));
}

void station_ask(struct model *m, struct crossing *x, enum step step)
{
    if (step == STEP_EXIT && x->passage->far_ms)
        events_add(&m->events, m->now_ms + x->passage->took_ms[step], EVENT_FAR_SIDE,
                   index_of(m, x), 0);
    else
        ask(m, x, station_of(x->passage, step), step);
}

void station_far_side(struct model *m, struct crossing *x)
{
    ask(m, x, STATION_FAR_SIDE, STEP_EXIT);
}

void station_drain(struct model *m, struct model_gate *gate, enum station_kind kind)
{
    struct line *line = &gate->stations[kind].line;

    while (line->count) {
        struct crossing *x = &m->crossings[line->at[line->first]];
        bool is_over = x->fate != FATE_AWAITED;
        if (!is_over && !can_start(m, gate, kind, x))
            return;
        line_take(line);
        if (!is_over)
            start(m, gate, kind, x, STATION_STEPS[kind]);
    }
}

void station_release(struct model *m, struct crossing *x, enum step step)
{
    struct model_gate *gate = gate_of(m, x);
    enum station_kind kind =
        step == STEP_EXIT && x->passage->far_ms ? STATION_FAR_SIDE : station_of(x->passage, step);

    gate->stations[kind].busy--;
    station_drain(m, gate, kind);
}
