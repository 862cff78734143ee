/* SPDX-License-Identifier: MIT
 * Notices, and the empty notice after each connect.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/db/listen.h"
#include "tests/unit/cluster.h"
#include "tests/unit/play.h"

enum { SOON_MS = 30000 };

static const char *const CHANNELS[] = {"gate_events", "Other \"one\"", NULL};

struct fixture {
    struct play play;
    struct db_listener *listener;
    int empty;
    int full;
    char last[64];
    bool closes;
};

static void on_notice(void *owner, const char *channel, const char *payload)
{
    struct fixture *f = owner;

    if (!payload[0])
        f->empty++;
    else
        f->full++;
    snprintf(f->last, sizeof f->last, "%s=%s", channel, payload);
    if (f->closes)
        db_listener_close(f->listener);
}

static void up(struct fixture *f)
{
    *f = (struct fixture){0};
    play_open(&f->play);
    f->listener = db_listener_open(&f->play.loop, cluster_url(), CHANNELS, on_notice, f);
    assert_true(play_until(&f->play, &f->empty, 2, SOON_MS));
}

static void notices_arrive(void **state)
{
    struct fixture f;

    (void)state;
    up(&f);
    assert_string_equal(f.last, "Other \"one\"=");
    play_aside("select pg_notify('gate_events', '1:42')");
    assert_true(play_until(&f.play, &f.full, 1, SOON_MS));
    assert_string_equal(f.last, "gate_events=1:42");
    play_aside("select pg_notify('Other \"one\"', 'x'), pg_notify('gate_events', '1:43')");
    assert_true(play_until(&f.play, &f.full, 3, SOON_MS));
    assert_string_equal(f.last, "gate_events=1:43");
    db_listener_close(f.listener);
    play_close(&f.play);
}

static void a_reconnect_says_look_again(void **state)
{
    struct fixture f;

    (void)state;
    up(&f);
    play_aside("select pg_terminate_backend(pid) from pg_stat_activity"
               " where application_name like '%listener'");
    assert_true(play_until(&f.play, &f.empty, 4, SOON_MS));
    play_aside("select pg_notify('gate_events', 'again')");
    assert_true(play_until(&f.play, &f.full, 1, SOON_MS));
    cluster_stop_server();
    play_for(&f.play, 100);
    cluster_start_server();
    assert_true(play_until(&f.play, &f.empty, 6, SOON_MS));
    db_listener_close(f.listener);
    play_close(&f.play);
}

static void a_notice_may_close_the_listener(void **state)
{
    struct fixture f;

    (void)state;
    up(&f);
    f.closes = true;
    play_aside("select pg_notify('gate_events', '1'), pg_notify('gate_events', '2')");
    play_close(&f.play);
    assert_int_equal(f.full, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_arrive),
        cmocka_unit_test(a_reconnect_says_look_again),
        cmocka_unit_test(a_notice_may_close_the_listener),
    };

    return cmocka_run_group_tests(tests, cluster_for_all, cluster_after_all);
}
