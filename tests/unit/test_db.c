/* SPDX-License-Identifier: MIT
 * One connection against a real server that is well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "tests/unit/cluster.h"
#include "tests/unit/play.h"

enum { MANY = 1000 };

static void a_query_is_answered(void **state)
{
    struct single f;
    struct asked asked;

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked, "select $1::int + 1", "41");
    single_answered(&f, 1);
    assert_int_equal(asked.fault, OK);
    assert_string_equal(asked.value, "42");
    assert_int_equal(db_conn_load(f.conn), 0);
    single_down(&f);
}

static void a_session_has_its_settings(void **state)
{
    struct single f;
    struct asked asked[4];
    struct db_conn_options options = play_options(NULL, cluster_url());

    (void)state;
    options.settings = "-c work_mem=3MB";
    single_up(&f, &options);
    single_ask(&f, &asked[0], "select current_setting('TimeZone')", NULL);
    single_ask(&f, &asked[1], "select current_setting('statement_timeout')", NULL);
    single_ask(&f, &asked[2], "select current_setting('work_mem')", NULL);
    single_ask(&f, &asked[3], "select current_setting('application_name')", NULL);
    single_answered(&f, 4);
    assert_string_equal(asked[0].value, "UTC");
    assert_string_equal(asked[1].value, "2s");
    assert_string_equal(asked[2].value, "3MB");
    assert_string_equal(asked[3].value, "play");
    single_down(&f);
}

static void a_thousand_are_answered_in_order(void **state)
{
    struct single f;
    static struct asked asked[MANY];
    static char numbers[MANY][8];
    struct db_conn_options options = play_options(NULL, cluster_url());

    (void)state;
    options.depth = MANY;
    single_up(&f, &options);
    for (int i = 0; i < MANY; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%d", i);
        single_ask(&f, &asked[i], "select $1 || repeat('x', 100)", numbers[i]);
    }
    single_answered(&f, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(asked[i].answers, 1);
        assert_int_equal(asked[i].fault, OK);
        assert_int_equal(atoi(asked[i].value), i);
    }
    single_down(&f);
}

static void no_more_than_depth_are_taken(void **state)
{
    struct single f;
    struct asked asked[3];
    struct db_conn_options options = play_options(NULL, cluster_url());

    (void)state;
    options.depth = 2;
    single_up(&f, &options);
    single_ask(&f, &asked[0], "select 1", NULL);
    single_ask(&f, &asked[1], "select 1", NULL);
    ask_init(&asked[2], "select 1", NULL);
    assert_false(db_conn_send(f.conn, &asked[2].query));
    single_answered(&f, 2);
    assert_int_equal(asked[2].answers, 0);
    single_down(&f);
}

static void a_text_is_prepared_once(void **state)
{
    static const char TEXT[] = "select count(*) from pg_prepared_statements";
    struct single f;
    struct asked asked;

    (void)state;
    single_up(&f, NULL);
    for (int i = 1; i <= 3; i++) {
        single_ask(&f, &asked, TEXT, NULL);
        single_answered(&f, i);
        assert_string_equal(asked.value, "1");
    }
    single_down(&f);
}

static void an_error_stays_with_its_owner(void **state)
{
    struct single f;
    struct asked asked[4];

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked[0], "select 1", NULL);
    single_ask(&f, &asked[1], "select 1 / $1::int", "0");
    single_ask(&f, &asked[2], "select no_such_function()", NULL); /* fails already when prepared */
    single_ask(&f, &asked[3], "select 4", NULL);
    single_answered(&f, 4);
    assert_int_equal(asked[0].fault, OK);
    assert_int_equal(asked[1].fault, FAULT_INTERNAL);
    assert_string_equal(asked[1].state, "22012");
    assert_int_equal(asked[2].fault, FAULT_INTERNAL);
    assert_string_equal(asked[2].state, "42883");
    assert_string_equal(asked[3].value, "4");
    single_down(&f);
}

static void a_text_that_cannot_be_prepared_fails_each_use(void **state)
{
    static const char TEXT[] = "select no_such_function()";
    struct single f;
    struct asked asked[3];

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked[0], TEXT, NULL);
    single_ask(&f, &asked[1], TEXT, NULL);
    single_answered(&f, 2);
    single_ask(&f, &asked[2], TEXT, NULL);
    single_answered(&f, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(asked[i].state, "42883");
    assert_true(db_conn_is_ready(f.conn));
    single_down(&f);
}

static void a_failing_commit_is_not_a_success(void **state)
{
    static const char INSERT[] = "insert into late values (1) returning 'written'";
    struct single f;
    struct asked asked[4];

    (void)state;
    play_aside("create table late"
               " (n int, constraint late_once unique (n) deferrable initially deferred)");
    single_up(&f, NULL);
    single_ask(&f, &asked[0], INSERT, NULL);
    single_ask(&f, &asked[1], INSERT, NULL); /* answers a row, then fails at its commit */
    single_ask(&f, &asked[2], INSERT, NULL);
    single_ask(&f, &asked[3], "select count(*) from late", NULL);
    single_answered(&f, 4);
    assert_int_equal(asked[0].fault, OK);
    assert_string_equal(asked[0].value, "written");
    assert_string_equal(asked[1].state, "23505");
    assert_int_equal(asked[1].fault, FAULT_INTERNAL);
    assert_string_equal(asked[2].state, "23505");
    assert_string_equal(asked[3].value, "1");
    single_down(&f);
}

static void the_server_ends_a_long_statement(void **state)
{
    struct single f;
    struct asked asked[2];
    struct db_conn_options options = play_options(NULL, cluster_url());

    (void)state;
    options.statement_timeout_ms = 100;
    single_up(&f, &options);
    single_ask(&f, &asked[0], "select pg_sleep(5)", NULL);
    single_ask(&f, &asked[1], "select 2", NULL);
    single_answered(&f, 2);
    assert_int_equal(asked[0].fault, FAULT_DB_TIMEOUT);
    assert_string_equal(asked[0].state, "57014");
    assert_int_equal(asked[1].fault, OK);
    assert_int_equal(f.play.downs, 0);
    single_down(&f);
}

static void each_head_has_the_whole_time(void **state)
{
    struct single f;
    struct asked asked[4];
    struct db_conn_options options = play_options(NULL, cluster_url());

    (void)state;
    options.statement_timeout_ms = 1200;
    single_up(&f, &options);
    for (int i = 0; i < 4; i++)
        single_ask(&f, &asked[i], "select pg_sleep(0.7)", NULL); /* the last waits 2.8 s */
    single_answered(&f, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(asked[i].fault, OK);
    single_down(&f);
}

#define RAISE(state) "do $$begin raise exception using errcode = '" state "'; end$$"

static void each_class_of_error_has_its_fault(void **state)
{
    static const struct {
        const char *statement;
        enum fault fault;
    } CASES[] = {
        {RAISE("40001"), FAULT_RETRY},
        {RAISE("40P01"), FAULT_RETRY},
        {RAISE("55P03"), FAULT_RETRY},
        {RAISE("57014"), FAULT_DB_TIMEOUT},
        {RAISE("53300"), FAULT_OVERLOADED},
        {RAISE("23514"), FAULT_INTERNAL},
        {RAISE("XX000"), FAULT_INTERNAL},
        {RAISE("0A000"), FAULT_INTERNAL},
        {"", FAULT_INTERNAL},
    };
    struct single f;
    struct asked asked;

    (void)state;
    single_up(&f, NULL);
    for (int i = 0; i < (int)COUNT_OF(CASES); i++) {
        single_ask(&f, &asked, CASES[i].statement, NULL);
        single_answered(&f, i + 1);
        assert_int_equal(asked.fault, CASES[i].fault);
    }
    assert_int_equal(f.play.downs, 0);
    single_down(&f);
}

static void a_notice_does_not_disturb(void **state)
{
    struct single f;
    struct asked asked[2];

    (void)state;
    single_up(&f, NULL);
    single_ask(&f, &asked[0], "do $$begin raise warning 'x'; end$$", NULL);
    single_ask(&f, &asked[1], "select 2", NULL);
    single_answered(&f, 2);
    assert_int_equal(asked[0].fault, OK);
    assert_string_equal(asked[1].value, "2");
    single_down(&f);
}

static void large_queries_do_not_deadlock(void **state)
{
    enum { LARGE = 1 << 20, COUNT = 24 };
    struct single f;
    struct asked asked[COUNT];
    char *text = malloc(LARGE + 1);

    (void)state;
    memset(text, 'a', LARGE);
    text[LARGE] = '\0';
    struct db_conn_options options = play_options(NULL, cluster_url());
    options.statement_timeout_ms = 8000;
    single_up(&f, &options);
    for (int i = 0; i < COUNT; i++)
        single_ask(&f, &asked[i], "select $1::text || 'b'", text);
    single_answered(&f, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(asked[i].fault, OK);
    single_down(&f);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_answered),
        cmocka_unit_test(a_session_has_its_settings),
        cmocka_unit_test(a_thousand_are_answered_in_order),
        cmocka_unit_test(no_more_than_depth_are_taken),
        cmocka_unit_test(a_text_is_prepared_once),
        cmocka_unit_test(an_error_stays_with_its_owner),
        cmocka_unit_test(a_text_that_cannot_be_prepared_fails_each_use),
        cmocka_unit_test(a_failing_commit_is_not_a_success),
        cmocka_unit_test(the_server_ends_a_long_statement),
        cmocka_unit_test(each_head_has_the_whole_time),
        cmocka_unit_test(each_class_of_error_has_its_fault),
        cmocka_unit_test(a_notice_does_not_disturb),
        cmocka_unit_test(large_queries_do_not_deadlock),
    };

    return cmocka_run_group_tests(tests, cluster_for_all, cluster_after_all);
}
