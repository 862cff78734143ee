/* SPDX-License-Identifier: MIT
 * The ring of recent events: without a gap, bounded in number and in bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "services/gated/ring.h"

static struct feed_event *event(int64_t seq, size_t size)
{
    struct feed_event *made = calloc(1, sizeof *made);

    made->seq = seq;
    made->size = size;
    return made;
}

static struct ring *ring_of(int64_t first, int64_t last, size_t size)
{
    struct ring *ring = ring_new();

    for (int64_t seq = first; seq <= last; seq++)
        ring_push(ring, event(seq, size));
    return ring;
}

static void it_finds_what_it_holds(void **state)
{
    struct ring *ring = ring_of(11, 20, 100);

    (void)state;
    assert_null(ring_find(ring, 10));
    assert_int_equal(ring_find(ring, 11)->seq, 11);
    assert_int_equal(ring_find(ring, 20)->seq, 20);
    assert_null(ring_find(ring, 21));
    assert_int_equal(ring_count(ring), 10);
    assert_int_equal(ring_bytes(ring), 1000);
    ring_free(ring);
}

static void an_empty_one_holds_nothing(void **state)
{
    struct ring *ring = ring_new();

    (void)state;
    assert_null(ring_find(ring, 0));
    assert_null(ring_find(ring, 1));
    ring_free(ring);
    ring_free(NULL);
}

static void the_oldest_go_first(void **state)
{
    struct ring *ring = ring_of(1, RING_EVENTS_MAX + 5, 10);

    (void)state;
    assert_int_equal(ring_count(ring), RING_EVENTS_MAX);
    assert_null(ring_find(ring, 5));
    assert_int_equal(ring_find(ring, 6)->seq, 6);
    assert_int_equal(ring_find(ring, RING_EVENTS_MAX + 5)->seq, RING_EVENTS_MAX + 5);
    ring_free(ring);
}

static void its_bytes_are_bounded(void **state)
{
    struct ring *ring = ring_of(1, 100, RING_BYTES_MAX / 10);

    (void)state;
    assert_int_equal(ring_count(ring), 10);
    assert_true(ring_bytes(ring) <= RING_BYTES_MAX);
    assert_null(ring_find(ring, 90));
    assert_non_null(ring_find(ring, 91));
    ring_free(ring);
}

static void one_event_is_held_whatever_its_size(void **state)
{
    struct ring *ring = ring_of(1, 3, RING_BYTES_MAX + 1);

    (void)state;
    assert_int_equal(ring_count(ring), 1);
    assert_non_null(ring_find(ring, 3));
    ring_free(ring);
}

static void a_gap_empties_it(void **state)
{
    struct ring *ring = ring_of(1, 5, 10);

    (void)state;
    ring_push(ring, event(9, 10));
    assert_int_equal(ring_count(ring), 1);
    assert_null(ring_find(ring, 5));
    assert_non_null(ring_find(ring, 9));
    ring_free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_it_holds),
        cmocka_unit_test(an_empty_one_holds_nothing),
        cmocka_unit_test(the_oldest_go_first),
        cmocka_unit_test(its_bytes_are_bounded),
        cmocka_unit_test(one_event_is_held_whatever_its_size),
        cmocka_unit_test(a_gap_empties_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
