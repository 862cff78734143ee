/* SPDX-License-Identifier: MIT
 * A connection over a network that fails in every way the proxy knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/unit/cluster.h"
#include "tests/unit/play.h"

enum { SOON_MS = 30000 };

static struct {
    pid_t pid;
    int commands; /* its standard input */
    char url[256];
} proxy;

/* The program lies beside this one. */
static void run_shaky(const char *to)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - sizeof "shaky");

    CHECK(size > 0);
    path[size] = '\0';
    memcpy(strrchr(path, '/') + 1, "shaky", sizeof "shaky");
    execl(path, "shaky", "--listen", "127.0.0.1:0", "--to", to, (char *)NULL);
    _exit(127);
}

static void proxy_start(void)
{
    char to[PATH_MAX], place[128];
    int in[2], out[2], port = 0;

    snprintf(to, sizeof to, "%s/.s.PGSQL.5432", cluster_directory());
    CHECK(pipe(in) == 0 && pipe(out) == 0);
    proxy.pid = fork();
    CHECK(proxy.pid >= 0);
    if (proxy.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* however we end */
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        run_shaky(to);
    }
    close(in[0]);
    close(out[1]);
    proxy.commands = in[1];
    ssize_t size = read(out[0], place, sizeof place - 1);
    CHECK(size > 0);
    place[size] = '\0';
    CHECK(sscanf(place, "listening 127.0.0.1:%d", &port) == 1);
    close(out[0]);
    snprintf(proxy.url, sizeof proxy.url,
             "host=127.0.0.1 port=%d user=gate dbname=postgres sslmode=disable "
             "gssencmode=disable",
             port);
}

/* One command; the proxy is given a moment to obey. */
static void tell(const char *line)
{
    enum { MOMENT_US = 50000 };

    CHECK(write(proxy.commands, line, strlen(line)) == (ssize_t)strlen(line));
    usleep(MOMENT_US);
}

static void up(struct single *f)
{
    struct db_conn_options options = play_options(NULL, proxy.url);

    options.statement_timeout_ms = 300;
    options.connect_timeout_ms = 500;
    tell("pass\n");
    single_up(f, &options);
}

static void works_again(struct single *f)
{
    struct asked asked;

    tell("pass\n");
    if (!db_conn_is_ready(f->conn))
        assert_true(play_until(&f->play, &f->play.ups, f->play.ups + 1, SOON_MS));
    single_ask(f, &asked, "select 'well'", NULL);
    single_answered(f, f->play.answers + 1);
    assert_string_equal(asked.value, "well");
    single_down(f);
}

static void an_answer_lost_on_the_way_is_lost_but_done(void **state)
{
    struct single f;
    struct asked asked;

    (void)state;
    play_aside("create table done (n int)");
    up(&f);
    single_ask(&f, &asked, "select 1", NULL);
    single_answered(&f, 1);
    tell("swallow\n");
    single_ask(&f, &asked, "insert into done values (1)", NULL);
    single_answered(&f, 2);
    assert_int_equal(asked.fault, FAULT_DB_LOST);
    assert_true(play_until(&f.play, &f.play.ups, 2, SOON_MS));
    single_ask(&f, &asked, "select count(*) from done", NULL);
    single_answered(&f, 3);
    assert_string_equal(asked.value, "1"); /* once: nothing is sent again by itself */
    works_again(&f);
}

static void a_stalled_answer_ends_with_the_deadline(void **state)
{
    struct single f;
    struct asked asked[3];

    (void)state;
    up(&f);
    tell("stall down\n");
    for (int i = 0; i < 3; i++)
        single_ask(&f, &asked[i], "select 1", NULL);
    int64_t from_ms = clock_steady_ms();
    single_answered(&f, 3);
    assert_true(clock_steady_ms() - from_ms >= 1200);
    assert_int_equal(asked[0].fault, FAULT_DB_TIMEOUT);
    assert_int_equal(asked[1].fault, FAULT_DB_LOST);
    assert_int_equal(asked[2].fault, FAULT_DB_LOST);
    works_again(&f);
}

static void a_stalled_network_keeps_it_down_until_it_passes(void **state)
{
    struct single f;

    (void)state;
    up(&f);
    tell("stall\n");
    tell("cut\n");
    assert_true(play_until(&f.play, &f.play.downs, 1, SOON_MS));
    play_for(&f.play, 1000);
    assert_false(db_conn_is_ready(f.conn));
    works_again(&f);
}

static void a_cut_loses_each_query_once(void **state)
{
    struct single f;
    struct asked asked[8];

    (void)state;
    up(&f);
    tell("stall\n");
    for (int i = 0; i < 8; i++)
        single_ask(&f, &asked[i], "select 1", NULL);
    tell("cut\n");
    single_answered(&f, 8);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(asked[i].answers, 1);
        assert_int_equal(asked[i].fault, FAULT_DB_LOST);
    }
    works_again(&f);
}

static void a_refused_connection_is_tried_again(void **state)
{
    struct single f;

    (void)state;
    up(&f);
    tell("refuse\n");
    assert_true(play_until(&f.play, &f.play.downs, 1, SOON_MS));
    play_for(&f.play, 500);
    assert_false(db_conn_is_ready(f.conn));
    assert_non_null(strstr(db_conn_why(f.conn), "refused"));
    works_again(&f);
}

static void a_slow_network_is_only_slow(void **state)
{
    struct single f;
    struct asked asked[4];

    (void)state;
    up(&f);
    tell("slow 20000\n");
    int64_t from_ms = clock_steady_ms();
    for (int i = 0; i < 4; i++)
        single_ask(&f, &asked[i], "select repeat('x', 2000)", NULL);
    single_answered(&f, 4);
    assert_true(clock_steady_ms() - from_ms >= 250);
    for (int i = 0; i < 4; i++)
        assert_int_equal(asked[i].fault, OK);
    works_again(&f);
}

static int open_all(void **state)
{
    (void)state;
    cluster_open();
    proxy_start();
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    kill(proxy.pid, SIGTERM);
    waitpid(proxy.pid, NULL, 0);
    cluster_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_lost_on_the_way_is_lost_but_done),
        cmocka_unit_test(a_stalled_answer_ends_with_the_deadline),
        cmocka_unit_test(a_stalled_network_keeps_it_down_until_it_passes),
        cmocka_unit_test(a_cut_loses_each_query_once),
        cmocka_unit_test(a_refused_connection_is_tried_again),
        cmocka_unit_test(a_slow_network_is_only_slow),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
