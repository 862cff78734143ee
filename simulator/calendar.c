/* SPDX-License-Identifier: MIT */
#include "simulator/calendar.h"

#include "common/base/check.h"

static void add(struct calendar *calendar, int64_t from_ms, int64_t until_ms)
{
    if (from_ms >= until_ms)
        return;
    CHECK(calendar->count < COUNT_OF(calendar->open));
    calendar->open[calendar->count++] = (struct stretch){from_ms, until_ms};
}

/* One stretch without the closures from the given one on. */
static void add_without(struct calendar *calendar, const struct gate_plan *gate, int closure,
                        int64_t from_ms, int64_t until_ms)
{
    for (; closure < gate->closure_count; closure++) {
        const struct closure *stop = &gate->closures[closure];
        if (stop->from_ms >= until_ms || stop->until_ms <= from_ms)
            continue;
        add_without(calendar, gate, closure + 1, from_ms, stop->from_ms);
        from_ms = stop->until_ms;
        if (from_ms >= until_ms)
            return;
    }
    add(calendar, from_ms, until_ms);
}

void calendar_init(struct calendar *calendar, const struct scenario *scenario,
                   const struct gate_plan *gate)
{
    calendar->begins_ms = -(int64_t)scenario->warmup_days * DAY_MS;
    calendar->ends_ms = (int64_t)scenario->days * DAY_MS;
    calendar->count = 0;
    for (int64_t day = calendar->begins_ms; day < calendar->ends_ms; day += DAY_MS)
        add_without(calendar, gate, 0, day + gate->opens_ms, day + gate->closes_ms);
}

/* The last stretch that began by then, by halving; NULL: none. */
static const struct stretch *stretch_at(const struct calendar *calendar, int64_t at_ms)
{
    size_t low = 0, high = calendar->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (calendar->open[middle].from_ms <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &calendar->open[low - 1] : NULL;
}

bool calendar_is_open(const struct calendar *calendar, int64_t at_ms)
{
    const struct stretch *stretch = stretch_at(calendar, at_ms);

    return stretch && at_ms < stretch->until_ms;
}

bool calendar_lets_in(const struct calendar *calendar, int64_t at_ms)
{
    return at_ms < calendar->begins_ms || calendar_is_open(calendar, at_ms);
}

int64_t calendar_open_ms(const struct calendar *calendar, int64_t from_ms, int64_t until_ms)
{
    int64_t sum = from_ms < calendar->begins_ms ? calendar->begins_ms - from_ms : 0;

    for (size_t i = 0; i < calendar->count; i++) {
        const struct stretch *s = &calendar->open[i];
        int64_t from = s->from_ms > from_ms ? s->from_ms : from_ms;
        int64_t until = s->until_ms < until_ms ? s->until_ms : until_ms;
        sum += until > from ? until - from : 0;
    }
    return sum;
}
