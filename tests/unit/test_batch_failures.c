/* SPDX-License-Identifier: MIT
 * The batcher when it does not: put off, refused, poisoned, lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/batch_world.h"

static void a_failing_tick_harms_nobody(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 100);

    batcher_expect(w->batcher, 0);
    batcher_run(w->batcher); /* commands go first */
    assert_int_equal(w->sent_count, 1);
    world_answer_ok(w, 0, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":100,\"verb\":\"tick\"}]");
    world_answer_with(w, FAULT_INTERNAL, "XX000");
    assert_int_equal(deed->answers, 1);
    world_submit(w, 2, 0, 100);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":100,\"n\":2}]");
    world_answer_ok(w, INT64_MAX, NULL);
}

static void what_is_put_off_goes_to_the_front_in_order(void **state)
{
    struct batch_world *w = *state;
    const char *const codes[] = {NULL, "again", NULL, "again"};

    for (int i = 1; i <= 4; i++)
        world_submit(w, i, 0, 1);
    batcher_run(w->batcher);
    world_submit(w, 5, 0, 1);
    world_answer_ok(w, INT64_MAX, codes);
    assert_int_equal(w->deeds[2].answers, 0);
    assert_int_equal(w->deeds[3].answers, 1);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":2},{\"now\":1,\"n\":4},{\"now\":1,\"n\":5}]");
    world_answer_ok(w, INT64_MAX, NULL);
}

static void nobody_is_put_off_for_ever(void **state)
{
    struct batch_world *w = *state;
    const char *const codes[] = {"again"};
    struct deed *deed = world_submit(w, 1, 0, 1);

    for (int i = 0; i <= BATCH_AGAIN_MAX; i++) {
        assert_int_equal(deed->answers, 0);
        batcher_run(w->batcher);
        world_answer_ok(w, INT64_MAX, codes);
    }
    assert_int_equal(deed->answers, 1);
    assert_int_equal(deed->fault, FAULT_RETRY);
}

static void a_refusal_is_its_own(void **state)
{
    struct batch_world *w = *state;
    const char *const codes[] = {NULL, "step_done", NULL};

    for (int i = 1; i <= 3; i++)
        world_submit(w, i, 0, 1);
    batcher_run(w->batcher);
    world_answer_ok(w, INT64_MAX, codes);
    assert_int_equal(w->deeds[1].fault, OK);
    assert_int_equal(w->deeds[2].fault, FAULT_STEP_DONE);
    assert_int_equal(w->deeds[3].fault, OK);
}

static void a_lost_race_is_run_again_with_jitter(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    for (int i = 1; i < BATCH_TRIES_MAX; i++) {
        world_answer_with(w, FAULT_RETRY, "40001");
        assert_int_equal(deed->answers, 0);
        assert_true(w->wake_ms > 0);
        batcher_run(w->batcher);
        assert_int_equal(w->calls, i); /* too early */
        w->now_ms += w->wake_ms;
        batcher_run(w->batcher);
        assert_int_equal(w->calls, i + 1);
    }
    world_answer_with(w, FAULT_RETRY, "40001");
    assert_int_equal(deed->fault, FAULT_RETRY);
    assert_int_equal(deed->answers, 1);
}

/* The database of this test fails every call that holds command 6. */
static void of_a_poisoned_batch_only_the_guilty_fails(void **state)
{
    struct batch_world *w = *state;

    for (int i = 1; i <= 9; i++)
        world_submit(w, i, 0, 1);
    batcher_run(w->batcher);
    for (int rounds = 0; batcher_flying(w->batcher) && rounds < 20; rounds++) {
        if (strstr(w->sent.at, "\"n\":6}"))
            world_answer_with(w, FAULT_INTERNAL, "22012");
        else
            world_answer_ok(w, INT64_MAX, NULL);
        batcher_run(w->batcher);
    }
    for (int i = 1; i <= 9; i++) {
        assert_int_equal(w->deeds[i].answers, 1);
        assert_int_equal(w->deeds[i].fault, i == 6 ? FAULT_INTERNAL : OK);
    }
    assert_true(w->calls <= 8);
}

static void a_whole_batch_of_poison_ends(void **state)
{
    struct batch_world *w = *state;

    for (int i = 0; i < BATCH_COMMANDS_MAX; i++)
        world_submit(w, i, 0, 1);
    batcher_run(w->batcher);
    while (batcher_flying(w->batcher)) {
        world_answer_with(w, FAULT_INTERNAL, "XX000");
        batcher_run(w->batcher);
    }
    for (int i = 0; i < BATCH_COMMANDS_MAX; i++)
        assert_int_equal(w->deeds[i].fault, FAULT_INTERNAL);
}

static void a_lost_connection_is_told_to_all_in_flight_and_the_rest_waits(void **state)
{
    struct batch_world *w = *state;

    world_submit(w, 1, 0, 1);
    world_submit(w, 2, 0, 1);
    batcher_run(w->batcher);
    world_submit(w, 3, 0, 1);
    w->is_ready = false;
    world_answer_with(w, FAULT_DB_LOST, "");
    assert_int_equal(w->deeds[1].fault, FAULT_DB_LOST);
    assert_int_equal(w->deeds[2].fault, FAULT_DB_LOST);
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 1);
    w->is_ready = true;
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":3}]");
    world_answer_ok(w, INT64_MAX, NULL);
}

static void a_connection_lost_between_halves_leaves_nobody_behind(void **state)
{
    struct batch_world *w = *state;

    for (int i = 1; i <= 4; i++)
        world_submit(w, i, 0, 1);
    batcher_run(w->batcher);
    world_answer_with(w, FAULT_INTERNAL, "XX000");
    w->is_ready = false;
    batcher_run(w->batcher);
    for (int i = 1; i <= 4; i++) {
        assert_int_equal(w->deeds[i].answers, 1);
        assert_int_equal(w->deeds[i].fault, FAULT_DB_LOST);
    }
}

static void a_send_that_fails_is_a_lost_connection(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 1);

    w->refuses = true;
    batcher_run(w->batcher);
    assert_int_equal(deed->fault, FAULT_DB_LOST);
    assert_int_equal(deed->answers, 1);
}

static void a_missing_answer_is_an_error_not_a_silence(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    w->sent_count = 0;
    world_answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(deed->answers, 1);
    assert_int_equal(deed->fault, FAULT_INTERNAL);
}

static void who_stops_waits_for_no_connection(void **state)
{
    struct batch_world *w = *state;
    const char *const codes[] = {"again", NULL};

    for (int i = 1; i <= 2; i++)
        world_submit(w, i, 0, 1);
    batcher_run(w->batcher);
    w->is_ready = false;
    world_answer_ok(w, 0, codes); /* the first one is put off */
    world_submit(w, 3, 0, 1);
    batcher_drain(w->batcher);
    assert_int_equal(w->wake_ms, 0);
    batcher_run(w->batcher);
    assert_int_equal(w->deeds[1].fault, FAULT_DB_LOST);
    assert_int_equal(w->deeds[3].fault, FAULT_DB_LOST);
    assert_int_equal(batcher_waiting(w->batcher) + batcher_flying(w->batcher), 0);
    assert_int_equal(w->wake_ms, -1);
}

static void who_stops_finishes_what_can_be_done_and_begins_nothing(void **state)
{
    struct batch_world *w = *state;
    struct deed *deed = world_submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    batcher_drain(w->batcher);
    struct deed *late = world_submit(w, 2, 0, 1);
    world_answer_ok(w, 0, NULL); /* something falls due, and it is time to purge */
    w->now_ms += BATCH_PURGE_MS;
    w->ledger_ms += BATCH_PURGE_MS;
    late->command.queued_ms = w->now_ms;
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 1);
    world_answer_ok(w, 0, NULL);
    batcher_run(w->batcher);
    assert_int_equal(deed->fault, OK);
    assert_int_equal(late->fault, OK);
    assert_int_equal(w->calls, 2);
    assert_int_equal(batcher_waiting(w->batcher) + batcher_flying(w->batcher), 0);
    assert_int_equal(w->wake_ms, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batch_world_open, batch_world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_failing_tick_harms_nobody),
        TEST(what_is_put_off_goes_to_the_front_in_order),
        TEST(nobody_is_put_off_for_ever),
        TEST(a_refusal_is_its_own),
        TEST(a_lost_race_is_run_again_with_jitter),
        TEST(of_a_poisoned_batch_only_the_guilty_fails),
        TEST(a_whole_batch_of_poison_ends),
        TEST(a_lost_connection_is_told_to_all_in_flight_and_the_rest_waits),
        TEST(a_connection_lost_between_halves_leaves_nobody_behind),
        TEST(a_send_that_fails_is_a_lost_connection),
        TEST(who_stops_waits_for_no_connection),
        TEST(who_stops_finishes_what_can_be_done_and_begins_nothing),
        TEST(a_missing_answer_is_an_error_not_a_silence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
