/* SPDX-License-Identifier: MIT
 * The batcher while all goes well: what leaves together, in which order, and when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/batch_world.h"

static void alone_a_command_leaves_at_once_and_done_runs_later(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 5);

    assert_int_equal(w->wake_ms, 0);
    assert_int_equal(w->calls, 0); /* not from inside the submit */
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":5,\"n\":1}]");
    assert_int_equal(deed->answers, 0);
    world_answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(deed->answers, 1);
    assert_int_equal(deed->fault, OK);
    assert_int_equal(w->seq, 7);
}

static void commands_gather_while_one_is_in_flight(void **state)
{
    struct batch_world *w = *state;

    world_submit(w, 1, 0, 1);
    batcher_run(w->batcher);
    for (int i = 2; i <= 200; i++)
        world_submit(w, i, 0, i);
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 1);
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, BATCH_COMMANDS_MAX);
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 199 - BATCH_COMMANDS_MAX);
    world_answer_ok(w, INT64_MAX, NULL);
    for (int i = 1; i <= 200; i++)
        assert_int_equal(w->deeds[i].answers, 1);
}

static void what_touches_the_same_thing_waits_in_order(void **state)
{
    struct batch_world *w = *state;

    world_submit(w, 1, 11, 1);
    world_submit(w, 2, 11, 1);
    world_submit(w, 3, 12, 1);
    world_submit(w, 4, 11, 1);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":1},{\"now\":1,\"n\":3}]");
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":2}]");
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":4}]");
    world_answer_ok(w, INT64_MAX, NULL);
}

static void what_names_one_thing_twice_still_goes(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 11, 1);

    deed->touches[1] = 11;
    deed->command.touch_count = 2;
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 1);
    world_answer_ok(w, INT64_MAX, NULL);
}

static void time_never_goes_back(void **state)
{
    struct batch_world *w = *state;

    world_submit(w, 1, 0, 9);
    world_submit(w, 2, 0, 4);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":9,\"n\":1},{\"now\":9,\"n\":2}]");
    world_answer_ok(w, INT64_MAX, NULL);
    world_submit(w, 3, 0, 5);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":9,\"n\":3}]");
    world_answer_ok(w, INT64_MAX, NULL);
}

static void a_batch_ends_before_what_falls_due(void **state)
{
    struct batch_world *w = *state;

    world_submit(w, 1, 0, 1);
    batcher_run(w->batcher);
    world_answer_ok(w, 10, NULL); /* something falls due at 10 */
    world_submit(w, 2, 0, 8);
    world_submit(w, 3, 0, 10);
    world_submit(w, 4, 0, 10);
    world_submit(w, 5, 0, 12);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":8,\"n\":2}]");
    world_answer_ok(w, 10, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":10,\"n\":3},{\"now\":10,\"n\":4}]");
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":12,\"n\":5}]");
    world_answer_ok(w, INT64_MAX, NULL);
}

static void when_nothing_comes_a_tick_does_once_a_second(void **state)
{
    struct batch_world *w = *state;

    world_submit(w, 1, 0, 100);
    batcher_run(w->batcher);
    world_answer_ok(w, 900, NULL);
    w->ledger_ms = 200;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 1);
    assert_int_equal(w->wake_ms, 700);
    w->ledger_ms = 900;
    w->now_ms += 700;
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":900,\"verb\":\"tick\"}]");
    world_answer_ok(w, 901, NULL); /* and the next thing is due */
    w->ledger_ms = 950;
    w->now_ms += 50;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 2);
    assert_int_equal(w->wake_ms, BATCH_TICK_MS - 50);
    w->now_ms += BATCH_TICK_MS;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 3);
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->wake_ms, BATCH_PURGE_MS - 750 - BATCH_TICK_MS); /* nothing but the purge */
}

static void old_answers_are_purged_by_a_tick_that_rides_along_once_a_minute(void **state)
{
    struct batch_world *w = *state;

    w->now_ms += BATCH_PURGE_MS;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 0); /* the ledger's time is not known yet */
    world_submit(w, 1, 0, 5);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 1);
    world_submit(w, 2, 0, 6);
    w->ledger_ms = 7;
    world_answer_ok(w, INT64_MAX, NULL);
    assert_sent(w, "[{\"now\":6,\"n\":2},{\"now\":7,\"verb\":\"tick\"}]");
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 2);
    assert_int_equal(w->wake_ms, BATCH_PURGE_MS);
    w->now_ms += BATCH_PURGE_MS;
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":7,\"verb\":\"tick\"}]"); /* alone when nothing else comes */
    world_answer_with(w, FAULT_INTERNAL, "XX000");
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 3);
    w->now_ms += BATCH_PURGE_MS;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 4); /* a failure is tried again the next minute */
    world_answer_ok(w, INT64_MAX, NULL);
}

static void the_next_batch_leaves_before_the_last_is_answered(void **state)
{
    struct batch_world *w = *state;
    const struct deed *first = world_submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    const struct deed *second = world_submit(w, 2, 0, 1);
    world_answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(first->calls, 2);
    assert_int_equal(second->answers, 0);
    world_answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(second->calls, 2);
}

static void who_waits_too_long_is_told_so(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    struct deed *next = world_submit(w, 2, 0, 1);
    w->now_ms += BATCH_WAIT_MS;
    batcher_run(w->batcher);
    assert_int_equal(next->fault, FAULT_OVERLOADED); /* behind a batch that does not end */
    world_answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(deed->fault, OK);
    struct deed *last = world_submit(w, 3, 0, 1);
    w->is_ready = false;
    batcher_run(w->batcher);
    assert_int_equal(w->wake_ms, BATCH_WAIT_MS);
    w->now_ms += BATCH_WAIT_MS;
    batcher_run(w->batcher);
    assert_int_equal(last->fault, FAULT_DB_LOST); /* behind no connection */
    assert_int_equal(batcher_waiting(w->batcher), 0);
}

static void a_full_queue_refuses_the_next(void **state)
{
    struct batch_world *w = *state;

    w->is_ready = false;
    for (int i = 0; i <= BATCH_WAITING_MAX; i++)
        world_submit(w, i, 0, 1);
    assert_int_equal(w->deeds[BATCH_WAITING_MAX].answers, 0);
    batcher_run(w->batcher);
    assert_int_equal(w->deeds[BATCH_WAITING_MAX].fault, FAULT_OVERLOADED);
    assert_int_equal(w->deeds[BATCH_WAITING_MAX].answers, 1);
    assert_int_equal(w->deeds[0].answers, 0);
}

static void large_commands_travel_alone(void **state)
{
    struct batch_world *w = *state;
    char *text = malloc(BATCH_BYTES_MAX + 1);
    struct deed *deed = world_submit(w, 1, 0, 1);

    memset(text, ' ', BATCH_BYTES_MAX);
    text[BATCH_BYTES_MAX] = '}';
    deed->command.text = (struct span){text, BATCH_BYTES_MAX + 1};
    world_submit(w, 2, 0, 1);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 1);
    world_answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":2}]");
    world_answer_ok(w, INT64_MAX, NULL);
    free(text);
}

static void what_waits_at_the_end_is_told_so(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 1);

    batcher_free(w->batcher);
    assert_int_equal(deed->fault, FAULT_DRAINING);
    w->batcher = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batch_world_open, batch_world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(alone_a_command_leaves_at_once_and_done_runs_later),
        TEST(commands_gather_while_one_is_in_flight),
        TEST(what_touches_the_same_thing_waits_in_order),
        TEST(what_names_one_thing_twice_still_goes),
        TEST(time_never_goes_back),
        TEST(a_batch_ends_before_what_falls_due),
        TEST(when_nothing_comes_a_tick_does_once_a_second),
        TEST(old_answers_are_purged_by_a_tick_that_rides_along_once_a_minute),
        TEST(the_next_batch_leaves_before_the_last_is_answered),
        TEST(who_waits_too_long_is_told_so),
        TEST(a_full_queue_refuses_the_next),
        TEST(large_commands_travel_alone),
        TEST(what_waits_at_the_end_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
