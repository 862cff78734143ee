/* SPDX-License-Identifier: MIT
 * What happens to a connection and its queries when the server fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/unit/cluster.h"
#include "tests/unit/play.h"

enum { SOON_MS = 30000 };

static void a_killed_backend_loses_each_query_once(void **state)
{
    struct single f;
    struct asked asked[4];

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked[0], "select pg_terminate_backend(pg_backend_pid())", NULL);
    for (int i = 1; i < 4; i++)
        single_ask(&f, &asked[i], "select 1", NULL);
    single_answered(&f, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(asked[i].answers, 1);
        assert_int_equal(asked[i].fault, FAULT_DB_LOST);
    }
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    single_ask(&f, &asked[0], "select 1", NULL); /* prepared anew */
    single_answered(&f, 5);
    assert_int_equal(asked[0].fault, OK);
    single_down(&f);
}

static void an_idle_connection_comes_back_too(void **state)
{
    struct single f;
    struct play *play = &f.play;

    (void)state;
    single_up(&f, NULL);
    play_aside("select pg_terminate_backend(pid) from pg_stat_activity"
               " where application_name = 'play' and pid <> pg_backend_pid()");
    play_counts(play);
    assert_true(play_until(play, &play->ups, 2, SOON_MS));
    assert_int_equal(play->downs, 1);
    single_down(&f);
}

static void a_restarted_server_is_found_again(void **state)
{
    struct single f;
    struct asked asked;

    (void)state;
    single_up(&f, NULL);
    cluster_stop_server();
    assert_true(play_until(&f.play, &f.play.downs, 1, SOON_MS));
    play_for(&f.play, 300);
    assert_false(db_conn_is_ready(f.conn));
    assert_non_null(strstr(db_conn_why(f.conn), "failed"));
    ask_init(&asked, "select 1", NULL);
    assert_false(db_conn_send(f.conn, &asked.query));
    cluster_start_server();
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    assert_string_equal(db_conn_why(f.conn), "");
    single_ask(&f, &asked, "select 1", NULL);
    single_answered(&f, 1);
    assert_int_equal(asked.fault, OK);
    single_down(&f);
}

/* A socket that listens on 127.0.0.1 and never answers. */

static int silent_server(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void a_silent_server_is_given_up_and_the_next_host_tried(void **state)
{
    struct single f;
    char url[256];
    int port;
    int fd = silent_server(&port);
    struct db_conn_options options;

    (void)state;
    snprintf(url, sizeof url, "host=127.0.0.1,%s port=%d,5432 user=gate dbname=postgres",
             cluster_directory(), port);
    options = play_options(NULL, url);
    options.connect_timeout_ms = 1000;
    play_open(&f.play);
    options.owner = &f.play;
    int64_t from_ms = clock_steady_ms();
    f.conn = db_conn_open(&f.play.loop, &options);
    play_for(&f.play, 250);
    assert_true(db_conn_is_connecting(f.conn));
    assert_true(play_until(&f.play, &f.play.ups, 1, SOON_MS));
    assert_true(clock_steady_ms() - from_ms >= 1000);
    single_down(&f);
    close(fd);
}

static void a_refusing_host_is_passed_over(void **state)
{
    struct single f;
    char url[256];
    int port;

    (void)state;
    close(silent_server(&port));
    snprintf(url, sizeof url, "host=127.0.0.1,%s port=%d,5432 user=gate dbname=postgres",
             cluster_directory(), port);
    int64_t from_ms = clock_steady_ms();
    struct db_conn_options options = play_options(NULL, url);
    single_up(&f, &options);
    assert_true(clock_steady_ms() - from_ms < 1000);
    assert_int_equal(f.play.downs, 0);
    single_down(&f);
}

static void a_malformed_string_is_a_reason_not_a_crash(void **state)
{
    struct single f;
    struct db_conn_options options = play_options(&f.play, "host=x secret");

    (void)state;
    play_open(&f.play);
    f.conn = db_conn_open(&f.play.loop, &options);
    play_for(&f.play, 50);
    assert_string_equal(db_conn_why(f.conn), "the connection string is malformed");
    single_down(&f);
}

static void a_stopped_backend_is_dropped_by_the_deadline(void **state)
{
    struct single f;
    struct asked asked[3];
    struct db_conn_options options = play_options(NULL, cluster_url());

    (void)state;
    options.statement_timeout_ms = 200;
    single_up(&f, &options);
    single_ask(&f, &asked[0], "select pg_backend_pid()", NULL);
    single_answered(&f, 1);
    pid_t backend = (pid_t)atoi(asked[0].value);
    assert_int_equal(kill(backend, SIGSTOP), 0);
    int64_t from_ms = clock_steady_ms();
    single_ask(&f, &asked[1], "select 1", NULL);
    single_ask(&f, &asked[2], "select 2", NULL);
    single_answered(&f, 3);
    int64_t took_ms = clock_steady_ms() - from_ms;
    kill(backend, SIGCONT);
    assert_true(took_ms >= 1200 && took_ms < 2500);
    assert_int_equal(asked[1].fault, FAULT_DB_TIMEOUT);
    assert_int_equal(asked[2].fault, FAULT_DB_LOST);
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    single_down(&f);
}

static const char CHANGING[] = "select * from changing"; /* prepared by its address */

/* The columns change behind a statement that was prepared: it fails once, in a session that is
 * renewed. Says whether that was at once, before a server that is down would be tried again. */
static bool plan_changes(struct single *f, int round)
{
    struct asked asked[3];
    char change[64];
    bool at_once;

    snprintf(change, sizeof change, "alter table changing add b%d int", round);
    play_aside(change);
    play_counts(&f->play);
    f->play.answers = 0;
    single_ask(f, &asked[0], CHANGING, NULL);
    single_ask(f, &asked[1], "select 2", NULL); /* behind it: still answered */
    single_answered(f, 2);
    assert_string_equal(asked[0].state, "0A000");
    assert_int_equal(asked[0].fault, FAULT_RETRY);
    assert_int_equal(asked[1].fault, OK);
    at_once = play_until(&f->play, &f->play.ups, round + 1, 60);
    assert_true(at_once || play_until(&f->play, &f->play.ups, round + 1, SOON_MS));
    single_ask(f, &asked[2], CHANGING, NULL);
    single_answered(f, 3);
    assert_int_equal(asked[2].fault, OK);
    return at_once;
}

static void a_changed_plan_is_a_retry_and_a_new_session(void **state)
{
    struct single f;
    struct asked first;
    bool at_once = false;

    (void)state;
    play_aside("create table changing (a int)");
    single_up(&f, NULL);
    single_ask(&f, &first, CHANGING, NULL);
    single_answered(&f, 1);
    for (int round = 1; round <= 5 && !at_once; round++) /* the machine may be busy */
        at_once = plan_changes(&f, round);
    assert_true(at_once); /* the server is well */
    single_down(&f);
}

static void a_vanished_statement_is_a_retry_and_a_new_session(void **state)
{
    static const char TEXT[] = "select 7";
    struct single f;
    struct asked asked[3];

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked[0], TEXT, NULL);
    single_answered(&f, 1);
    single_ask(&f, &asked[1], "deallocate all", NULL);
    single_answered(&f, 2);
    single_ask(&f, &asked[2], TEXT, NULL);
    single_answered(&f, 3);
    assert_int_equal(asked[2].fault, FAULT_RETRY);
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    single_down(&f);
}

static void a_former_primary_is_left(void **state)
{
    struct single f;
    struct asked asked;

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked, "do $$begin raise exception using errcode = '25006'; end$$", NULL);
    single_answered(&f, 1);
    assert_int_equal(asked.fault, FAULT_DB_LOST);
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    single_down(&f);
}

static void close_answers_what_is_in_flight(void **state)
{
    struct single f;
    struct asked asked[5];

    (void)state;
    single_up(&f, NULL);
    for (int i = 0; i < 5; i++)
        single_ask(&f, &asked[i], "select pg_sleep(1)", NULL);
    single_down(&f);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(asked[i].answers, 1);
        assert_int_equal(asked[i].fault, FAULT_DB_LOST);
    }
}

static struct db_conn *to_close;

static void close_in_done(struct query *query, enum fault fault, const PGresult *result)
{
    (void)query;
    (void)fault;
    assert_string_equal(PQgetvalue(result, 0, 0), "1");
    db_conn_close(to_close);
    assert_string_equal(PQgetvalue(result, 0, 0), "1");
}

static void done_may_close_the_connection(void **state)
{
    struct single f;
    struct asked asked[2];

    (void)state;
    single_up(&f, NULL);
    to_close = f.conn;
    ask_init(&asked[0], "select 1", NULL);
    asked[0].query.done = close_in_done;
    assert_true(db_conn_send(f.conn, &asked[0].query));
    single_ask(&f, &asked[1], "select 2", NULL);
    play_close(&f.play);
    assert_int_equal(asked[1].answers, 1);
    assert_int_equal(asked[1].fault, FAULT_DB_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_backend_loses_each_query_once),
        cmocka_unit_test(an_idle_connection_comes_back_too),
        cmocka_unit_test(a_restarted_server_is_found_again),
        cmocka_unit_test(a_silent_server_is_given_up_and_the_next_host_tried),
        cmocka_unit_test(a_refusing_host_is_passed_over),
        cmocka_unit_test(a_malformed_string_is_a_reason_not_a_crash),
        cmocka_unit_test(a_stopped_backend_is_dropped_by_the_deadline),
        cmocka_unit_test(a_changed_plan_is_a_retry_and_a_new_session),
        cmocka_unit_test(a_vanished_statement_is_a_retry_and_a_new_session),
        cmocka_unit_test(a_former_primary_is_left),
        cmocka_unit_test(close_answers_what_is_in_flight),
        cmocka_unit_test(done_may_close_the_connection),
    };

    return cmocka_run_group_tests(tests, cluster_for_all, cluster_after_all);
}
