/* SPDX-License-Identifier: MIT
 * The batcher, driven by a script: database, clock and timers are this file's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/buffer.h"
#include "common/base/log.h"
#include "services/gated/batch.h"
#include "services/gated/touches.h"

enum { COMMANDS_MAX = 5000 };

/* One command of a test and what became of it. */
struct deed {
    struct command command;
    char text[32];
    uint64_t touches[2];
    int answers;
    enum fault fault;
};

struct world {
    struct batcher *batcher;
    bool is_ready;
    bool refuses; /* the next send */
    int64_t now_ms;
    int64_t ledger_ms;
    int64_t wake_ms; /* as last wished; -1: none */
    struct buffer sent;
    int sent_count;
    int calls;
    int64_t seq;
    struct deed *deeds;
};

static bool is_ready(void *owner)
{
    return ((struct world *)owner)->is_ready;
}

static bool send_batch(void *owner, struct span text, int count)
{
    struct world *w = owner;

    if (w->refuses)
        return false;
    w->sent.size = 0;
    buffer_add(&w->sent, text);
    w->sent_count = count;
    w->calls++;
    return true;
}

static void wake(void *owner, int64_t delay_ms)
{
    ((struct world *)owner)->wake_ms = delay_ms;
}

static void committed(void *owner, int64_t seq)
{
    ((struct world *)owner)->seq = seq;
}

static int64_t steady_ms(void *owner)
{
    return ((struct world *)owner)->now_ms;
}

static int64_t ledger_ms(void *owner)
{
    return ((struct world *)owner)->ledger_ms;
}

static double half(void *owner)
{
    (void)owner;
    return 0.5;
}

static const struct batch_port PORT = {is_ready,  send_batch, wake, committed,
                                       steady_ms, ledger_ms,  half};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    log_set_level(LOG_ERROR + 1);
    w->is_ready = true;
    w->now_ms = 1000000;
    w->ledger_ms = 1;
    w->deeds = calloc(COMMANDS_MAX, sizeof *w->deeds);
    w->batcher = batcher_new(1, &PORT, w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    batcher_free(w->batcher);
    buffer_free(&w->sent);
    free(w->deeds);
    free(w);
    return 0;
}

static void on_done(struct command *command, const struct answer *answer)
{
    struct deed *deed = container_of(command, struct deed, command);

    deed->answers++;
    deed->fault = answer->fault;
}

/* Submits command number i, which touches the thing t (0: nothing), at time at_ms of its ledger. */
static struct deed *submit(struct world *w, int i, uint64_t t, int64_t at_ms)
{
    struct deed *deed = &w->deeds[i];

    snprintf(deed->text, sizeof deed->text, "\"n\":%d}", i);
    deed->touches[0] = t;
    deed->command = (struct command){
        .ledger = 1,
        .now_ms = at_ms,
        .text = span_of(deed->text),
        .touches = deed->touches,
        .touch_count = t ? 1 : 0,
        .done = on_done,
    };
    batcher_submit(w->batcher, &deed->command);
    return deed;
}

static void answer_with(struct world *w, enum fault fault, const char *sqlstate)
{
    struct batch_result result = {.fault = fault, .sqlstate = sqlstate, .next_due_ms = INT64_MAX};

    batcher_answered(w->batcher, &result);
}

/* Answers ok, but for the codes given by position ("" ends the list; NULL: ok). */
static void answer_ok(struct world *w, int64_t next_due_ms, const char *const *codes)
{
    struct batch_result result = {.sqlstate = "", .next_due_ms = next_due_ms, .seq = 7};

    for (int i = 0; i < w->sent_count; i++) {
        const char *code = codes && codes[i] ? codes[i] : "ok";
        result.rows[i] =
            (struct batch_row){.is_present = true, .code = span_of(code), .status = 200};
    }
    batcher_answered(w->batcher, &result);
}

static void assert_sent(const struct world *w, const char *text)
{
    assert_string_equal(w->sent.at, text);
}

static void alone_a_command_leaves_at_once_and_done_runs_later(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 5);

    assert_int_equal(w->wake_ms, 0);
    assert_int_equal(w->calls, 0); /* not from inside the submit */
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":5,\"n\":1}]");
    assert_int_equal(deed->answers, 0);
    answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(deed->answers, 1);
    assert_int_equal(deed->fault, OK);
    assert_int_equal(w->seq, 7);
}

static void commands_gather_while_one_is_in_flight(void **state)
{
    struct world *w = *state;

    submit(w, 1, 0, 1);
    batcher_run(w->batcher);
    for (int i = 2; i <= 200; i++)
        submit(w, i, 0, i);
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 1);
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, BATCH_COMMANDS_MAX);
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 199 - BATCH_COMMANDS_MAX);
    answer_ok(w, INT64_MAX, NULL);
    for (int i = 1; i <= 200; i++)
        assert_int_equal(w->deeds[i].answers, 1);
}

static void what_touches_the_same_thing_waits_in_order(void **state)
{
    struct world *w = *state;

    submit(w, 1, 11, 1);
    submit(w, 2, 11, 1);
    submit(w, 3, 12, 1);
    submit(w, 4, 11, 1);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":1},{\"now\":1,\"n\":3}]");
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":2}]");
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":4}]");
    answer_ok(w, INT64_MAX, NULL);
}

static void what_names_one_thing_twice_still_goes(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 11, 1);

    deed->touches[1] = 11;
    deed->command.touch_count = 2;
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 1);
    answer_ok(w, INT64_MAX, NULL);
}

static void time_never_goes_back(void **state)
{
    struct world *w = *state;

    submit(w, 1, 0, 9);
    submit(w, 2, 0, 4);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":9,\"n\":1},{\"now\":9,\"n\":2}]");
    answer_ok(w, INT64_MAX, NULL);
    submit(w, 3, 0, 5);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":9,\"n\":3}]");
    answer_ok(w, INT64_MAX, NULL);
}

static void a_batch_ends_before_what_falls_due(void **state)
{
    struct world *w = *state;

    submit(w, 1, 0, 1);
    batcher_run(w->batcher);
    answer_ok(w, 10, NULL); /* something falls due at 10 */
    submit(w, 2, 0, 8);
    submit(w, 3, 0, 10);
    submit(w, 4, 0, 10);
    submit(w, 5, 0, 12);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":8,\"n\":2}]");
    answer_ok(w, 10, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":10,\"n\":3},{\"now\":10,\"n\":4}]");
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":12,\"n\":5}]");
    answer_ok(w, INT64_MAX, NULL);
}

static void when_nothing_comes_a_tick_does_once_a_second(void **state)
{
    struct world *w = *state;

    submit(w, 1, 0, 100);
    batcher_run(w->batcher);
    answer_ok(w, 900, NULL);
    w->ledger_ms = 200;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 1);
    assert_int_equal(w->wake_ms, 700);
    w->ledger_ms = 900;
    w->now_ms += 700;
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":900,\"verb\":\"tick\"}]");
    answer_ok(w, 901, NULL); /* and the next thing is due */
    w->ledger_ms = 950;
    w->now_ms += 50;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 2);
    assert_int_equal(w->wake_ms, BATCH_TICK_MS - 50);
    w->now_ms += BATCH_TICK_MS;
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 3);
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_int_equal(w->wake_ms, -1);
}

static void a_failing_tick_harms_nobody(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 100);

    batcher_expect(w->batcher, 0);
    batcher_run(w->batcher); /* commands go first */
    assert_int_equal(w->sent_count, 1);
    answer_ok(w, 0, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":100,\"verb\":\"tick\"}]");
    answer_with(w, FAULT_INTERNAL, "XX000");
    assert_int_equal(deed->answers, 1);
    submit(w, 2, 0, 100);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":100,\"n\":2}]");
    answer_ok(w, INT64_MAX, NULL);
}

static void what_is_put_off_goes_to_the_front_in_order(void **state)
{
    struct world *w = *state;
    const char *const codes[] = {NULL, "again", NULL, "again"};

    for (int i = 1; i <= 4; i++)
        submit(w, i, 0, 1);
    batcher_run(w->batcher);
    submit(w, 5, 0, 1);
    answer_ok(w, INT64_MAX, codes);
    assert_int_equal(w->deeds[2].answers, 0);
    assert_int_equal(w->deeds[3].answers, 1);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":2},{\"now\":1,\"n\":4},{\"now\":1,\"n\":5}]");
    answer_ok(w, INT64_MAX, NULL);
}

static void nobody_is_put_off_for_ever(void **state)
{
    struct world *w = *state;
    const char *const codes[] = {"again"};
    struct deed *deed = submit(w, 1, 0, 1);

    for (int i = 0; i <= BATCH_AGAIN_MAX; i++) {
        assert_int_equal(deed->answers, 0);
        batcher_run(w->batcher);
        answer_ok(w, INT64_MAX, codes);
    }
    assert_int_equal(deed->answers, 1);
    assert_int_equal(deed->fault, FAULT_RETRY);
}

static void a_refusal_is_its_own(void **state)
{
    struct world *w = *state;
    const char *const codes[] = {NULL, "step_done", NULL};

    for (int i = 1; i <= 3; i++)
        submit(w, i, 0, 1);
    batcher_run(w->batcher);
    answer_ok(w, INT64_MAX, codes);
    assert_int_equal(w->deeds[1].fault, OK);
    assert_int_equal(w->deeds[2].fault, FAULT_STEP_DONE);
    assert_int_equal(w->deeds[3].fault, OK);
}

static void a_lost_race_is_run_again_with_jitter(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    for (int i = 1; i < BATCH_TRIES_MAX; i++) {
        answer_with(w, FAULT_RETRY, "40001");
        assert_int_equal(deed->answers, 0);
        assert_true(w->wake_ms > 0);
        batcher_run(w->batcher);
        assert_int_equal(w->calls, i); /* too early */
        w->now_ms += w->wake_ms;
        batcher_run(w->batcher);
        assert_int_equal(w->calls, i + 1);
    }
    answer_with(w, FAULT_RETRY, "40001");
    assert_int_equal(deed->fault, FAULT_RETRY);
    assert_int_equal(deed->answers, 1);
}

/* The database of this test fails every call that holds command 6. */
static void of_a_poisoned_batch_only_the_guilty_fails(void **state)
{
    struct world *w = *state;

    for (int i = 1; i <= 9; i++)
        submit(w, i, 0, 1);
    batcher_run(w->batcher);
    for (int rounds = 0; batcher_flying(w->batcher) && rounds < 20; rounds++) {
        if (strstr(w->sent.at, "\"n\":6}"))
            answer_with(w, FAULT_INTERNAL, "22012");
        else
            answer_ok(w, INT64_MAX, NULL);
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
    struct world *w = *state;

    for (int i = 0; i < BATCH_COMMANDS_MAX; i++)
        submit(w, i, 0, 1);
    batcher_run(w->batcher);
    while (batcher_flying(w->batcher)) {
        answer_with(w, FAULT_INTERNAL, "XX000");
        batcher_run(w->batcher);
    }
    for (int i = 0; i < BATCH_COMMANDS_MAX; i++)
        assert_int_equal(w->deeds[i].fault, FAULT_INTERNAL);
}

static void a_lost_connection_is_told_to_all_in_flight_and_the_rest_waits(void **state)
{
    struct world *w = *state;

    submit(w, 1, 0, 1);
    submit(w, 2, 0, 1);
    batcher_run(w->batcher);
    submit(w, 3, 0, 1);
    w->is_ready = false;
    answer_with(w, FAULT_DB_LOST, "");
    assert_int_equal(w->deeds[1].fault, FAULT_DB_LOST);
    assert_int_equal(w->deeds[2].fault, FAULT_DB_LOST);
    batcher_run(w->batcher);
    assert_int_equal(w->calls, 1);
    w->is_ready = true;
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":3}]");
    answer_ok(w, INT64_MAX, NULL);
}

static void a_connection_lost_between_halves_leaves_nobody_behind(void **state)
{
    struct world *w = *state;

    for (int i = 1; i <= 4; i++)
        submit(w, i, 0, 1);
    batcher_run(w->batcher);
    answer_with(w, FAULT_INTERNAL, "XX000");
    w->is_ready = false;
    batcher_run(w->batcher);
    for (int i = 1; i <= 4; i++) {
        assert_int_equal(w->deeds[i].answers, 1);
        assert_int_equal(w->deeds[i].fault, FAULT_DB_LOST);
    }
}

static void a_send_that_fails_is_a_lost_connection(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 1);

    w->refuses = true;
    batcher_run(w->batcher);
    assert_int_equal(deed->fault, FAULT_DB_LOST);
    assert_int_equal(deed->answers, 1);
}

static void who_waits_too_long_is_told_so(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 1);

    w->is_ready = false;
    batcher_run(w->batcher);
    assert_int_equal(w->wake_ms, BATCH_WAIT_MS);
    w->now_ms += BATCH_WAIT_MS;
    batcher_run(w->batcher);
    assert_int_equal(deed->fault, FAULT_OVERLOADED);
    assert_int_equal(batcher_waiting(w->batcher), 0);
}

static void a_full_queue_refuses_the_next(void **state)
{
    struct world *w = *state;

    w->is_ready = false;
    for (int i = 0; i <= BATCH_WAITING_MAX; i++)
        submit(w, i, 0, 1);
    assert_int_equal(w->deeds[BATCH_WAITING_MAX].answers, 0);
    batcher_run(w->batcher);
    assert_int_equal(w->deeds[BATCH_WAITING_MAX].fault, FAULT_OVERLOADED);
    assert_int_equal(w->deeds[BATCH_WAITING_MAX].answers, 1);
    assert_int_equal(w->deeds[0].answers, 0);
}

static void large_commands_travel_alone(void **state)
{
    struct world *w = *state;
    char *text = malloc(BATCH_BYTES_MAX + 1);
    struct deed *deed = submit(w, 1, 0, 1);

    memset(text, ' ', BATCH_BYTES_MAX);
    text[BATCH_BYTES_MAX] = '}';
    deed->command.text = (struct span){text, BATCH_BYTES_MAX + 1};
    submit(w, 2, 0, 1);
    batcher_run(w->batcher);
    assert_int_equal(w->sent_count, 1);
    answer_ok(w, INT64_MAX, NULL);
    batcher_run(w->batcher);
    assert_sent(w, "[{\"now\":1,\"n\":2}]");
    answer_ok(w, INT64_MAX, NULL);
    free(text);
}

static void what_waits_at_the_end_is_told_so(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 1);

    batcher_free(w->batcher);
    assert_int_equal(deed->fault, FAULT_DRAINING);
    w->batcher = NULL;
}

static void a_missing_answer_is_an_error_not_a_silence(void **state)
{
    struct world *w = *state;
    struct deed *deed = submit(w, 1, 0, 1);

    batcher_run(w->batcher);
    w->sent_count = 0;
    answer_ok(w, INT64_MAX, NULL);
    assert_int_equal(deed->answers, 1);
    assert_int_equal(deed->fault, FAULT_INTERNAL);
}

static void touches_clash_and_can_be_cleared(void **state)
{
    static struct touches touches;
    const uint64_t plate = touch_of("plate", SPAN("29C12345"));
    const uint64_t other = touch_of("key", SPAN("29C12345"));

    (void)state;
    assert_true(touches_add(&touches, &plate, 1));
    assert_true(touches_add(&touches, &other, 1));
    assert_false(touches_add(&touches, &plate, 1));
    assert_true(touches_have_room(&touches, TOUCHES_MAX - 2));
    assert_false(touches_have_room(&touches, TOUCHES_MAX - 1));
    touches_clear(&touches);
    assert_true(touches_add(&touches, &plate, 1));
    for (uint64_t i = 1; i < 3 * (uint64_t)TOUCHES_MAX; i++)
        (void)touches_add(&touches, &i, 1); /* a full set stays usable */
    assert_int_equal(touches.count, TOUCHES_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
        TEST(who_waits_too_long_is_told_so),
        TEST(a_full_queue_refuses_the_next),
        TEST(large_commands_travel_alone),
        TEST(what_waits_at_the_end_is_told_so),
        TEST(a_missing_answer_is_an_error_not_a_silence),
        cmocka_unit_test(touches_clash_and_can_be_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
