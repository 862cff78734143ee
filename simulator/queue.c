/* SPDX-License-Identifier: MIT */
#include "simulator/queue.h"

#include <stdlib.h>

#include "common/base/check.h"

static bool is_ranked_before(const struct place *a, const struct place *b)
{
    return a->rank_ms != b->rank_ms ? a->rank_ms < b->rank_ms : a->crossing < b->crossing;
}

static bool is_before(const struct heap *heap, const struct place *a, const struct place *b)
{
    if (heap->is_parked && a->eligible_ms != b->eligible_ms)
        return a->eligible_ms < b->eligible_ms;
    return is_ranked_before(a, b);
}

static void heap_put(struct heap *heap, size_t index, struct place *place)
{
    heap->places[index] = place;
    place->index = index;
}

static void heap_rise(struct heap *heap, struct place *place)
{
    size_t i = place->index;

    for (; i > 0 && is_before(heap, place, heap->places[(i - 1) / 2]); i = (i - 1) / 2)
        heap_put(heap, i, heap->places[(i - 1) / 2]);
    heap_put(heap, i, place);
}

static void heap_sink(struct heap *heap, struct place *place)
{
    size_t i = place->index;

    for (size_t child; (child = 2 * i + 1) < heap->count; i = child) {
        if (child + 1 < heap->count &&
            is_before(heap, heap->places[child + 1], heap->places[child]))
            child++;
        if (!is_before(heap, heap->places[child], place))
            break;
        heap_put(heap, i, heap->places[child]);
    }
    heap_put(heap, i, place);
}

static void heap_add(struct heap *heap, struct place *place)
{
    if (heap->count == heap->room) {
        heap->room = heap->room ? heap->room * 2 : 64;
        heap->places = realloc(heap->places, heap->room * sizeof(struct place *));
        CHECK(heap->places);
    }
    place->heap = heap;
    heap_put(heap, heap->count++, place);
    heap_rise(heap, place);
}

static void heap_drop(struct place *place)
{
    struct heap *heap = place->heap;
    struct place *last = heap->places[--heap->count];

    place->heap = NULL;
    if (last == place)
        return;
    heap_put(heap, place->index, last);
    heap_rise(heap, last);
    heap_sink(heap, last);
}

void queue_init(struct queue *queue)
{
    *queue = (struct queue){.parked = {.is_parked = true}};
}

void queue_free(struct queue *queue)
{
    for (unsigned c = 0; c < CLASS_COUNT; c++)
        free(queue->classes[c].places);
    free(queue->parked.places);
    queue_init(queue);
}

static void queue_stand(struct queue *queue, struct place *place)
{
    if (!place->is_held)
        heap_add(place->is_delayed ? &queue->parked : &queue->classes[place->class], place);
}

void queue_join(struct queue *queue, struct place *place)
{
    CHECK(!place->heap);
    queue->count++;
    queue_stand(queue, place);
}

void queue_leave(struct queue *queue, struct place *place)
{
    CHECK(queue->count > 0);
    queue->count--;
    if (place->heap)
        heap_drop(place);
}

void queue_hold(struct queue *queue, struct place *place, bool is_held)
{
    if (place->is_held == is_held)
        return;
    place->is_held = is_held;
    if (place->heap)
        heap_drop(place);
    queue_stand(queue, place);
}

static void queue_wake(struct queue *queue, int64_t now_ms)
{
    while (queue->parked.count && queue->parked.places[0]->eligible_ms <= now_ms) {
        struct place *place = queue->parked.places[0];
        heap_drop(place);
        place->is_delayed = false;
        queue_stand(queue, place);
    }
}

/* While only those filed before an instant may pass, the heaps' order helps little: look at all. */
static struct place *heap_first(const struct heap *heap, int64_t filed_before_ms)
{
    struct place *first = NULL;

    if (filed_before_ms == NEVER_MS)
        return heap->count ? heap->places[0] : NULL;
    for (size_t i = 0; i < heap->count; i++)
        if (heap->places[i]->filed_ms < filed_before_ms &&
            (!first || is_ranked_before(heap->places[i], first)))
            first = heap->places[i];
    return first;
}

struct place *queue_first(struct queue *queue, int64_t now_ms, unsigned classes,
                          int64_t filed_before_ms)
{
    struct place *first = NULL;

    queue_wake(queue, now_ms);
    for (unsigned c = 0; c < CLASS_COUNT; c++) {
        struct place *other =
            classes & (1U << c) ? heap_first(&queue->classes[c], filed_before_ms) : NULL;
        if (other && (!first || is_ranked_before(other, first)))
            first = other;
    }
    return first;
}

size_t queue_before(struct queue *queue, int64_t now_ms, unsigned classes, int64_t filed_before_ms,
                    const struct place *place)
{
    bool is_last =
        (place->is_delayed && place->eligible_ms > now_ms) || place->filed_ms >= filed_before_ms;
    size_t count = 0;

    queue_wake(queue, now_ms);
    for (unsigned c = 0; c < CLASS_COUNT; c++) {
        const struct heap *heap = &queue->classes[c];
        for (size_t i = 0; classes & (1U << c) && i < heap->count; i++)
            count += heap->places[i] != place && heap->places[i]->filed_ms < filed_before_ms &&
                     (is_last || is_ranked_before(heap->places[i], place));
    }
    return count;
}

int64_t queue_wakes_ms(const struct queue *queue)
{
    return queue->parked.count ? queue->parked.places[0]->eligible_ms : NEVER_MS;
}
