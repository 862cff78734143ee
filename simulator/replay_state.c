/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/check.h"
#include "simulator/replay_parts.h"

struct replay *replay_new(void)
{
    struct replay *replay = calloc(1, sizeof *replay);

    CHECK(replay);
    replay->last_seq = -1;
    return replay;
}

void replay_free(struct replay *replay)
{
    if (!replay)
        return;
    for (size_t i = 0; i < replay->crossing_room; i++)
        free(replay->crossings[i]);
    for (unsigned i = 0; i < replay->queue_count; i++)
        queue_free(&replay->queues[i].queue);
    free(replay->crossings);
    free(replay->pasts);
    json_decref(replay->calendar);
    free(replay);
}

const struct replay_result *replay_result(const struct replay *replay)
{
    return &replay->result;
}

static struct seen **slot_of(struct seen **crossings, size_t room, uint64_t id)
{
    size_t i = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);

    while (crossings[i] && crossings[i]->id != id)
        i = (i + 1) & (room - 1);
    return &crossings[i];
}

static void grow(struct replay *replay)
{
    size_t room = replay->crossing_room ? replay->crossing_room * 2 : 4096;
    struct seen **crossings = calloc(room, sizeof(struct seen *));

    CHECK(crossings);
    for (size_t i = 0; i < replay->crossing_room; i++)
        if (replay->crossings[i])
            *slot_of(crossings, room, replay->crossings[i]->id) = replay->crossings[i];
    free(replay->crossings);
    replay->crossings = crossings;
    replay->crossing_room = room;
}

struct seen *seen_of(struct replay *replay, uint64_t id)
{
    if (replay->crossing_count * 2 >= replay->crossing_room)
        grow(replay);
    struct seen **slot = slot_of(replay->crossings, replay->crossing_room, id);
    if (!*slot) {
        *slot = calloc(1, sizeof **slot);
        CHECK(*slot);
        (*slot)->id = id;
        (*slot)->direction = DIRECTION_COUNT;
        (*slot)->place.crossing = id;
        replay->crossing_count++;
    }
    return *slot;
}

const struct seen *seen_mate(const struct replay *replay, const struct seen *seen)
{
    for (size_t i = 0; i < replay->crossing_room; i++) {
        const struct seen *other = replay->crossings[i];
        if (other && other != seen && other->declaration == seen->declaration &&
            other->direction < DIRECTION_COUNT)
            return other;
    }
    return NULL;
}

struct queue *queue_of(struct replay *replay, const struct seen *seen)
{
    for (unsigned i = 0; i < replay->queue_count; i++) {
        struct route_queue *q = &replay->queues[i];
        if (q->direction == seen->direction && !strcmp(q->route, seen->route))
            return &q->queue;
    }
    if (replay->queue_count == ROUTES_MAX)
        return NULL;
    struct route_queue *q = &replay->queues[replay->queue_count++];
    q->direction = seen->direction;
    snprintf(q->route, sizeof q->route, "%s", seen->route);
    queue_init(&q->queue);
    return &q->queue;
}

void past_add(struct replay *replay, struct past past)
{
    if (replay->past_count == replay->past_room) {
        replay->past_room = replay->past_room ? replay->past_room * 2 : 4096;
        replay->pasts = realloc(replay->pasts, replay->past_room * sizeof past);
        CHECK(replay->pasts);
    }
    replay->pasts[replay->past_count++] = past;
}

const struct past *past_of(const struct replay *replay, uint64_t seq)
{
    size_t low = 0, high = replay->past_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (replay->pasts[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low < replay->past_count && replay->pasts[low].seq == seq ? &replay->pasts[low] : NULL;
}

int64_t instant_of(const json_t *text)
{
    struct tm tm = {0};
    int ms, hours, minutes;
    char sign;

    if (!json_is_string(text) ||
        sscanf(json_string_value(text), "%4d-%2d-%2dT%2d:%2d:%2d.%3d%c%2d:%2d", &tm.tm_year,
               &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms, &sign, &hours,
               &minutes) != 10)
        return -1;
    tm.tm_year -= 1900;
    tm.tm_mon--;
    int64_t offset_s = (hours * 60 + minutes) * INT64_C(60) * (sign == '-' ? -1 : 1);
    return ((int64_t)timegm(&tm) - offset_s) * 1000 + ms;
}
