/* SPDX-License-Identifier: MIT
 * Ledgers written by hand: the replay agrees with the rule and finds each way to break it.
 */
#include "simulator/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/check.h"

static struct replay *replay;
static int seq;

static int set_up(void **state)
{
    (void)state;
    replay = replay_new();
    seq = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    replay_free(replay);
    return 0;
}

/* One event at a minute of the day; members: the rest of its object. */
static bool tell(int minute, const char *type, int crossing, const char *members)
{
    char text[600], named[40] = "";

    if (crossing)
        snprintf(named, sizeof named, ",\"crossing\":\"%014d\"", crossing);
    snprintf(text, sizeof text,
             "{\"ledger\":\"CKHN\",\"seq\":%d,\"at\":\"2026-11-23T%02d:%02d:00.000+07:00\","
             "\"type\":\"%s\"%s%s%s}",
             ++seq, minute / 60, minute % 60, type, named, *members ? "," : "", members);
    json_t *event = json_loads(text, 0, NULL);
    assert_non_null(event);
    bool is_good = replay_event(replay, event);
    json_decref(event);
    return is_good;
}

static bool declare(int minute, int crossing, const char *class)
{
    char members[200];

    snprintf(members, sizeof members,
             "\"declaration\":\"2026112301%04d\",\"direction\":\"export\",\"route\":\"1119-1120\","
             "\"role\":\"main\",\"class\":\"%s\",\"state\":\"declared\"",
             crossing, class);
    return tell(minute, "declared", crossing, members);
}

static bool join(int minute, int crossing, const char *class, int credit)
{
    char members[300];
    int rank = minute - credit;

    snprintf(
        members, sizeof members,
        "\"step\":\"yard_in\",\"result\":\"pass\",\"state\":\"queued\",\"direction\":\"export\","
        "\"class\":\"%s\",\"rule\":1,\"joined_at\":\"2026-11-23T%02d:%02d:00.000+07:00\","
        "\"rank_at\":\"2026-11-23T%02d:%02d:00.000+07:00\"",
        class, minute / 60, minute % 60, rank / 60, rank % 60);
    return tell(minute, "step", crossing, members);
}

static bool step(int minute, int crossing, const char *name, const char *result)
{
    char members[120];

    snprintf(members, sizeof members, "\"step\":\"%s\",\"result\":\"%s\",\"state\":\"queued\"",
             name, result);
    return tell(minute, "step", crossing, members);
}

static bool call(int minute, int crossing)
{
    return tell(minute, "called", crossing, "\"lane\":1");
}

/* 1: general, joined 10:00 (9:50); 2: perishable, 11:00 (9:30); 3: general, 10:10 (10:00). */
static void three_wait(void)
{
    assert_true(declare(540, 1, "general"));
    assert_true(declare(550, 2, "perishable"));
    assert_true(declare(560, 3, "general"));
    assert_true(join(600, 1, "general", 10));
    assert_true(join(610, 3, "general", 10));
    assert_true(join(660, 2, "perishable", 90));
}

static void assert_differs(const char *part)
{
    const char *difference = replay_result(replay)->difference;

    if (!strstr(difference, part))
        print_error("%s\n", difference);
    assert_non_null(strstr(difference, part));
}

static void the_rules_order_passes(void **state)
{
    (void)state;
    three_wait();
    assert_true(call(670, 2) && call(671, 1) && call(672, 3));
    assert_int_equal(replay_result(replay)->calls, 3);
    assert_int_equal(replay_result(replay)->overtakes, 0);
}

static void another_order_is_named(void **state)
{
    (void)state;
    three_wait();
    assert_false(call(670, 3));
    assert_differs("CKHN-7 at 2026-11-23T11:10:00.000+07:00: called 00000000000003, which passes 2 "
                   "(the ledger says 0); the rule calls 00000000000002");
    assert_false(call(671, 2)); /* nothing after the first difference counts */
}

static void an_overtake_must_say_how_many_it_passes(void **state)
{
    (void)state;
    three_wait();
    assert_true(
        tell(670, "called", 3, "\"lane\":1,\"overtake\":{\"passed\":2,\"reason\":\"fire\"}"));
    assert_int_equal(replay_result(replay)->overtakes, 1);
    assert_false(tell(671, "called", 2, "\"lane\":1,\"overtake\":{\"passed\":1}"));
}

static void the_held_are_passed_over_until_released(void **state)
{
    (void)state;
    three_wait();
    assert_true(step(665, 2, "plant", "hold"));
    assert_true(call(670, 1));
    assert_true(step(675, 2, "plant", "pass"));
    assert_true(call(676, 2));
    assert_false(call(677, 2));
    assert_differs("does not wait");
}

static void a_no_show_comes_back_after_its_delay(void **state)
{
    (void)state;
    three_wait();
    assert_true(call(670, 2));
    assert_true(tell(700, "no_show", 2, "\"eligible_at\":\"2026-11-23T11:55:00.000+07:00\""));
    assert_true(call(701, 1));
    assert_true(call(715, 2));
    assert_true(tell(745, "no_show", 2, "\"eligible_at\":null"));
    assert_true(call(746, 3));
    assert_int_equal(replay_result(replay)->no_shows, 2);
    assert_false(call(747, 2));
}

static void what_is_undone_did_not_happen(void **state)
{
    (void)state;
    three_wait();
    assert_true(call(670, 2));
    assert_true(tell(671, "undone", 2, "\"undoes\":7,\"step\":\"called\",\"result\":\"undone\""));
    assert_true(call(672, 2));
    assert_true(tell(673, "undone", 1, "\"undoes\":4,\"step\":\"yard_in\",\"result\":\"undone\""));
    assert_true(call(674, 3));
    assert_true(join(675, 1, "general", 10));
    assert_true(call(676, 1));
}

/* Bits: registered 1, yard_in 16. */
static void an_end_that_is_undone_waits_again(void **state)
{
    (void)state;
    three_wait();
    assert_true(tell(670, "turned_back", 2, "\"state\":\"turned_back\""));
    assert_true(tell(671, "undone", 2, "\"undoes\":7,\"result\":\"undone\",\"done\":17,\"held\":0"));
    assert_false(call(672, 1));
}

static void what_is_held_again_is_not_called(void **state)
{
    (void)state;
    three_wait();
    assert_true(tell(670, "undone", 2,
                     "\"undoes\":5,\"step\":\"plant\",\"result\":\"undone\",\"done\":17,\"held\":64"));
    assert_true(call(672, 1));
    assert_false(call(673, 2));
}

static void those_gone_are_not_waited_for(void **state)
{
    (void)state;
    three_wait();
    assert_true(tell(665, "cancelled", 2, "\"state\":\"cancelled\""));
    assert_true(tell(666, "released", 1, "\"state\":\"expired\""));
    assert_true(call(670, 3));
}

static void lanes_may_take_some_classes_only(void **state)
{
    (void)state;
    three_wait();
    assert_true(tell(665, "lane_open", 0, "\"lane\":1,\"classes\":[\"general\"]"));
    assert_true(call(670, 1));
    assert_true(tell(671, "lane_close", 0, "\"lane\":1,\"classes\":null"));
    assert_true(call(672, 2));
}

/* 2026-11-23 00:00 +07:00 is 1795366800000 ms; from 9:05 on, only what was filed before. */
static void pre_registered_routes_take_those_filed_before(void **state)
{
    (void)state;
    assert_true(tell(530, "calendar", 0,
                     "\"entries\":[{\"from_ms\":1795399500000,\"to_ms\":1795453200000,"
                     "\"mode\":\"pre_registered\"}]"));
    three_wait();
    assert_true(call(670, 1));
    assert_false(call(671, 3));
}

static void an_override_lets_one_pass_them_and_says_so(void **state)
{
    (void)state;
    assert_true(tell(530, "calendar", 0,
                     "\"entries\":[{\"from_ms\":1795399500000,\"to_ms\":1795453200000,"
                     "\"mode\":\"pre_registered\"}]"));
    three_wait();
    assert_true(tell(670, "called", 2,
                     "\"lane\":1,\"overrides\":\"pre_registered_only\",\"overtake\":{\"passed\":1}"));
    assert_false(tell(671, "called", 3, "\"lane\":1,\"overtake\":{\"passed\":1}"));
}

static void a_gap_or_a_changed_credit_is_found(void **state)
{
    (void)state;
    three_wait();
    assert_true(declare(661, 4, "general"));
    assert_false(join(662, 4, "general", 20));
    assert_differs("a credit of 1200 s for general, before it was 600 s");
    replay_free(replay);
    replay = replay_new();
    seq = 0;
    assert_true(declare(540, 1, "general"));
    seq++;
    assert_false(declare(541, 2, "general"));
    assert_differs("event 2 was expected here");
}

static void files_hold_events_items_or_pages(void **state)
{
    char path[] = "/tmp/test_replay_XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");

    (void)state;
    fputs(
        "{\"ledger\":\"TT\",\"seq\":1,\"type\":\"lane_open\",\"lane\":1}\n\n"
        "{\"seq\":2,\"hash\":\"00\",\"body\":\"{\\\"seq\\\":2,\\\"type\\\":\\\"lane_open\\\"}\"}\n"
        "{\"items\":[{\"seq\":3,\"body\":\"{\\\"seq\\\":3,\\\"type\\\":\\\"x\\\"}\"}],\"next\":"
        "null}\n",
        file);
    fclose(file);
    assert_true(replay_file(replay, path));
    assert_int_equal(replay_result(replay)->events, 3);
    file = fopen(path, "w");
    fputs("[1]\n", file);
    fclose(file);
    assert_false(replay_file(replay, path));
    assert_differs(":1: expected a JSON object");
    remove(path);
    assert_false(replay_file(replay, path));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_rules_order_passes),
        TEST(another_order_is_named),
        TEST(an_overtake_must_say_how_many_it_passes),
        TEST(the_held_are_passed_over_until_released),
        TEST(a_no_show_comes_back_after_its_delay),
        TEST(what_is_undone_did_not_happen),
        TEST(an_end_that_is_undone_waits_again),
        TEST(what_is_held_again_is_not_called),
        TEST(those_gone_are_not_waited_for),
        TEST(lanes_may_take_some_classes_only),
        TEST(pre_registered_routes_take_those_filed_before),
        TEST(an_override_lets_one_pass_them_and_says_so),
        TEST(a_gap_or_a_changed_credit_is_found),
        TEST(files_hold_events_items_or_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
