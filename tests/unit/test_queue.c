/* SPDX-License-Identifier: MIT */
#include "simulator/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/check.h"
#include "simulator/random.h"

enum { MANY = 300, EVERYBODY = QUEUE_ALL_CLASSES };

static struct queue queue;

static int set_up(void **state)
{
    (void)state;
    queue_init(&queue);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    queue_free(&queue);
    return 0;
}

static uint64_t first(int64_t now_ms, unsigned classes, int64_t before_ms)
{
    struct place *place = queue_first(&queue, now_ms, classes, before_ms);

    return place ? place->crossing : 0;
}

static void the_lowest_rank_is_called_first_then_the_lower_crossing(void **state)
{
    struct place places[] = {
        {.crossing = 3, .rank_ms = 20},
        {.crossing = 2, .rank_ms = 10},
        {.crossing = 1, .rank_ms = 20, .class = CLASS_GENERAL},
        {.crossing = 4, .rank_ms = -5},
    };
    const uint64_t order[] = {4, 2, 1, 3};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        queue_join(&queue, &places[i]);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        struct place *place = queue_first(&queue, 0, EVERYBODY, NEVER_MS);
        assert_int_equal(place->crossing, order[i]);
        assert_int_equal(queue_before(&queue, 0, EVERYBODY, NEVER_MS, place), 0);
        queue_leave(&queue, place);
    }
    assert_null(queue_first(&queue, 0, EVERYBODY, NEVER_MS));
    assert_int_equal(queue.count, 0);
}

static void the_held_and_the_delayed_stand_aside_and_keep_their_rank(void **state)
{
    struct place a = {.crossing = 1, .rank_ms = 1};
    struct place b = {.crossing = 2, .rank_ms = 2, .is_delayed = true, .eligible_ms = 500};
    struct place c = {.crossing = 3, .rank_ms = 3};

    (void)state;
    queue_join(&queue, &a);
    queue_join(&queue, &b);
    queue_join(&queue, &c);
    queue_hold(&queue, &a, true);
    assert_int_equal(first(0, EVERYBODY, NEVER_MS), 3);
    assert_int_equal(queue_wakes_ms(&queue), 500);
    assert_int_equal(queue_before(&queue, 0, EVERYBODY, NEVER_MS, &b), 1); /* a call would pass c */
    assert_int_equal(first(500, EVERYBODY, NEVER_MS), 2);
    assert_int_equal(queue_wakes_ms(&queue), NEVER_MS);
    queue_hold(&queue, &a, false);
    assert_int_equal(first(500, EVERYBODY, NEVER_MS), 1);
    assert_int_equal(queue_before(&queue, 500, EVERYBODY, NEVER_MS, &c), 2);
    assert_int_equal(queue.count, 3);
}

static void lanes_of_some_classes_and_pre_registered_routes_pass_over_others(void **state)
{
    struct place a = {.crossing = 1, .rank_ms = 1, .class = CLASS_GENERAL, .filed_ms = 100};
    struct place b = {.crossing = 2, .rank_ms = 2, .class = CLASS_PERISHABLE, .filed_ms = 50};

    (void)state;
    queue_join(&queue, &a);
    queue_join(&queue, &b);
    assert_int_equal(first(0, 1U << CLASS_PERISHABLE, NEVER_MS), 2);
    assert_int_equal(first(0, EVERYBODY, 100), 2);
    assert_int_equal(first(0, 1U << CLASS_GENERAL, 100), 0);
    assert_int_equal(queue_before(&queue, 0, EVERYBODY, 100, &b), 0);
}

/* Against the plainest queue there is: look at everybody. */
static const struct place *plain_first(const struct place *places, const bool *waits,
                                       int64_t now_ms)
{
    const struct place *best = NULL;

    for (int i = 0; i < MANY; i++) {
        const struct place *p = &places[i];
        if (!waits[i] || p->is_held || (p->is_delayed && p->eligible_ms > now_ms))
            continue;
        if (!best || p->rank_ms < best->rank_ms ||
            (p->rank_ms == best->rank_ms && p->crossing < best->crossing))
            best = p;
    }
    return best;
}

static void any_sequence_agrees_with_looking_at_everybody(void **state)
{
    static struct place places[MANY];
    static bool waits[MANY];
    struct random random = random_stream(1, 1, 1);

    (void)state;
    for (int64_t now_ms = 0; now_ms < 20000; now_ms++) {
        int i = (int)(random_next(&random) % MANY);
        if (!waits[i]) {
            places[i] =
                (struct place){.crossing = (uint64_t)i + 1,
                               .rank_ms = (int64_t)(random_next(&random) % 100),
                               .class = random_next(&random) % CLASS_COUNT,
                               .is_delayed = random_is(&random, 0.2),
                               .eligible_ms = now_ms + (int64_t)(random_next(&random) % 500)};
            queue_join(&queue, &places[i]);
            waits[i] = true;
        } else if (random_is(&random, 0.5)) {
            queue_hold(&queue, &places[i], !places[i].is_held);
        } else {
            queue_leave(&queue, &places[i]);
            waits[i] = false;
        }
        assert_ptr_equal(plain_first(places, waits, now_ms),
                         queue_first(&queue, now_ms, EVERYBODY, NEVER_MS));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_lowest_rank_is_called_first_then_the_lower_crossing),
        TEST(the_held_and_the_delayed_stand_aside_and_keep_their_rank),
        TEST(lanes_of_some_classes_and_pre_registered_routes_pass_over_others),
        TEST(any_sequence_agrees_with_looking_at_everybody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
