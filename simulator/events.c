/* SPDX-License-Identifier: MIT */
#include "simulator/events.h"

#include <stdlib.h>

#include "common/base/check.h"

static bool is_before(const struct event *a, const struct event *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void events_free(struct events *events)
{
    free(events->at);
    *events = (struct events){0};
}

void events_add(struct events *events, int64_t at_ms, unsigned kind, uint32_t subject,
                unsigned detail)
{
    if (events->count == events->room) {
        events->room = events->room ? events->room * 2 : 8192;
        events->at = realloc(events->at, events->room * sizeof(struct event));
        CHECK(events->at);
    }
    struct event event = {at_ms, events->added++, subject, (uint16_t)kind, (uint16_t)detail};
    size_t i = events->count++;
    for (; i > 0 && is_before(&event, &events->at[(i - 1) / 2]); i = (i - 1) / 2)
        events->at[i] = events->at[(i - 1) / 2];
    events->at[i] = event;
}

bool events_take(struct events *events, struct event *event)
{
    if (events->count == 0)
        return false;
    *event = events->at[0];
    struct event last = events->at[--events->count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < events->count; i = child) {
        if (child + 1 < events->count && is_before(&events->at[child + 1], &events->at[child]))
            child++;
        if (!is_before(&events->at[child], &last))
            break;
        events->at[i] = events->at[child];
    }
    events->at[i] = last;
    return true;
}
