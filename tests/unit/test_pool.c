/* SPDX-License-Identifier: MIT
 * Several connections that share the work, the waiting and the loss.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/db/pool.h"
#include "tests/unit/cluster.h"
#include "tests/unit/play.h"

enum { SOON_MS = 30000 };

struct fixture {
    struct play play;
    struct db_pool *pool;
};

static void start(struct fixture *f, int size, int depth, int waiting)
{
    struct db_pool_options options = {.size = size, .waiting = waiting};

    play_open(&f->play);
    options.conn = play_options(&f->play, cluster_url());
    options.conn.depth = depth;
    options.conn.statement_timeout_ms = 500;
    f->pool = db_pool_open(&f->play.loop, &options);
}

static void up(struct fixture *f, int size, int depth, int waiting)
{
    start(f, size, depth, waiting);
    assert_true(play_until(&f->play, &f->play.ups, 1, SOON_MS));
    assert_true(db_pool_is_ready(f->pool));
}

static void down(struct fixture *f)
{
    db_pool_close(f->pool);
    play_close(&f->play);
}

static void ask(struct fixture *f, struct asked *asked, const char *statement)
{
    ask_init(asked, statement, NULL);
    db_pool_send(f->pool, &asked->query);
    assert_int_equal(asked->answers, 0); /* never inside the send */
}

static void answered(struct fixture *f, int count)
{
    assert_true(play_until(&f->play, &f->play.answers, count, SOON_MS));
    assert_int_equal(f->play.answers, count);
}

static void it_refuses_at_once_before_it_is_up(void **state)
{
    struct fixture f;
    struct asked asked;

    (void)state;
    start(&f, 2, 4, 4);
    ask(&f, &asked, "select 1");
    answered(&f, 1);
    assert_int_equal(asked.fault, FAULT_DB_LOST);
    down(&f);
}

/* Until so many connections are up: the others follow the first, sooner or later. */
static void all_up(struct fixture *f, const char *connections)
{
    struct asked asked;

    do {
        ask(f, &asked,
            "select count(*) from pg_stat_activity where backend_type = 'client backend'");
        answered(f, 1);
        f->play.answers = 0;
    } while (strcmp(asked.value, connections) != 0);
    play_for(&f->play, 300); /* the server has it a little before we have */
}

static void all_connections_share_the_work(void **state)
{
    struct fixture f;
    struct asked asked[3];

    (void)state;
    up(&f, 3, 1, 0);
    all_up(&f, "3");
    for (int i = 0; i < 3; i++)
        ask(&f, &asked[i], "select pg_backend_pid() from pg_sleep(0.1)");
    assert_int_equal(db_pool_load(f.pool), 3);
    answered(&f, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(asked[i].fault, OK);
        assert_string_not_equal(asked[i].value, asked[(i + 1) % 3].value);
    }
    assert_int_equal(f.play.ups, 1); /* one word for the pool, not one per connection */
    down(&f);
}

static void what_waits_is_bounded_and_in_order(void **state)
{
    struct fixture f;
    struct asked asked[6];

    (void)state;
    up(&f, 1, 2, 3);
    for (int i = 0; i < 6; i++)
        ask(&f, &asked[i], "select clock_timestamp() from pg_sleep(0.05)");
    assert_int_equal(db_pool_load(f.pool), 5);
    answered(&f, 6);
    for (int i = 0; i < 5; i++)
        assert_int_equal(asked[i].fault, OK);
    for (int i = 0; i < 4; i++)
        assert_true(strcmp(asked[i].value, asked[i + 1].value) < 0);
    assert_int_equal(asked[5].fault, FAULT_OVERLOADED);
    assert_int_equal(db_pool_load(f.pool), 0);
    down(&f);
}

static void who_waits_too_long_is_told_so(void **state)
{
    struct fixture f;
    struct asked asked[6];

    (void)state;
    up(&f, 1, 1, 8);
    for (int i = 0; i < 6; i++)
        ask(&f, &asked[i], "select pg_sleep(0.45)"); /* 2.7 s in all, patience 1.5 s */
    answered(&f, 6);
    assert_int_equal(asked[0].fault, OK);
    assert_int_equal(asked[2].fault, OK);
    assert_int_equal(asked[5].fault, FAULT_OVERLOADED);
    down(&f);
}

static void one_lost_connection_does_not_stop_the_others(void **state)
{
    struct fixture f;
    struct asked asked[3];

    (void)state;
    up(&f, 2, 1, 4);
    all_up(&f, "2");
    ask(&f, &asked[0], "select pg_terminate_backend(pg_backend_pid())");
    ask(&f, &asked[1], "select pg_sleep(0.1)");
    ask(&f, &asked[2], "select 3");
    answered(&f, 3);
    assert_int_equal(asked[0].fault, FAULT_DB_LOST);
    assert_int_equal(asked[1].fault, OK);
    assert_int_equal(asked[2].fault, OK);
    assert_int_equal(f.play.downs, 0);
    down(&f);
}

static void a_lost_server_fails_all_fast_and_is_found_again(void **state)
{
    struct fixture f;
    struct asked asked[4];

    (void)state;
    up(&f, 2, 1, 4);
    all_up(&f, "2");
    for (int i = 0; i < 3; i++)
        ask(&f, &asked[i], "select pg_sleep(0.4)");
    cluster_stop_server();
    answered(&f, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(asked[i].fault, FAULT_DB_LOST); /* also the one that waited */
    assert_int_equal(f.play.downs, 1);
    ask(&f, &asked[3], "select 1");
    assert_true(play_until(&f.play, &f.play.answers, 4, 1000));
    assert_int_equal(asked[3].fault, FAULT_DB_LOST);
    cluster_start_server();
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    ask(&f, &asked[0], "select 1");
    answered(&f, 5);
    assert_int_equal(asked[0].fault, OK);
    down(&f);
}

static void close_answers_what_waits_and_what_flies(void **state)
{
    struct fixture f;
    struct asked asked[4];

    (void)state;
    up(&f, 1, 2, 1);
    for (int i = 0; i < 4; i++)
        ask(&f, &asked[i], "select pg_sleep(0.3)");
    down(&f);
    for (int i = 0; i < 4; i++)
        assert_int_equal(asked[i].answers, 1);
    assert_int_equal(asked[0].fault, FAULT_DB_LOST);
    assert_int_equal(asked[2].fault, FAULT_DB_LOST);
    assert_int_equal(asked[3].fault, FAULT_OVERLOADED);
}

static struct again {
    struct asked first;
    struct asked second;
    struct db_pool *pool;
} again;

static void ask_again(struct query *query, enum fault fault, const PGresult *result)
{
    (void)query;
    (void)result;
    again.first.fault = fault;
    ask_init(&again.second, "select 2", NULL);
    db_pool_send(again.pool, &again.second.query);
    assert_int_equal(again.second.answers, 0);
}

static void done_may_ask_again(void **state)
{
    struct fixture f;

    (void)state;
    up(&f, 1, 1, 1);
    again.pool = f.pool;
    ask_init(&again.first, "select 1", NULL);
    again.first.query.done = ask_again;
    db_pool_send(f.pool, &again.first.query);
    answered(&f, 1);
    assert_int_equal(again.second.fault, OK);
    db_pool_send(f.pool, &again.first.query);
    down(&f); /* and while closing: answered, not lost */
    assert_int_equal(again.first.fault, FAULT_DB_LOST);
    assert_int_equal(again.second.answers, 1);
    assert_int_equal(again.second.fault, FAULT_DB_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_refuses_at_once_before_it_is_up),
        cmocka_unit_test(all_connections_share_the_work),
        cmocka_unit_test(what_waits_is_bounded_and_in_order),
        cmocka_unit_test(who_waits_too_long_is_told_so),
        cmocka_unit_test(one_lost_connection_does_not_stop_the_others),
        cmocka_unit_test(a_lost_server_fails_all_fast_and_is_found_again),
        cmocka_unit_test(close_answers_what_waits_and_what_flies),
        cmocka_unit_test(done_may_ask_again),
    };

    return cmocka_run_group_tests(tests, cluster_for_all, cluster_after_all);
}
