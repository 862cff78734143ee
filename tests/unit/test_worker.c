/* SPDX-License-Identifier: MIT
 * Long jobs: a few at a time, each answered once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/loop/worker.h"

enum { JOB_US = 20000 };

struct probe {
    struct job job;
    pthread_t ran_in;
    int runs;
    int answers;
    enum fault fault;
};

static atomic_int at_once, most_at_once;

static void run(struct job *job)
{
    struct probe *probe = container_of(job, struct probe, job);
    int now = atomic_fetch_add(&at_once, 1) + 1;
    int most = atomic_load(&most_at_once);

    while (now > most && !atomic_compare_exchange_weak(&most_at_once, &most, now))
        ;
    usleep(JOB_US);
    probe->ran_in = pthread_self();
    probe->runs++;
    atomic_fetch_sub(&at_once, 1);
}

static void done(struct job *job, enum fault fault)
{
    struct probe *probe = container_of(job, struct probe, job);

    probe->answers++;
    probe->fault = fault;
}

static void give(struct worker *worker, struct probe *probe)
{
    *probe = (struct probe){.job = {.run = run, .done = done}};
    worker_send(worker, &probe->job);
    assert_int_equal(probe->answers, 0);
}

static void jobs_run_elsewhere_a_few_at_a_time(void **state)
{
    uv_loop_t loop;
    struct probe probes[6];

    (void)state;
    most_at_once = 0;
    assert_int_equal(uv_loop_init(&loop), 0);
    struct worker *worker = worker_open(&loop, 2, 3);
    for (int i = 0; i < 6; i++)
        give(worker, &probes[i]);
    uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(probes[i].fault, OK);
        assert_int_equal(probes[i].runs, 1);
        assert_int_equal(probes[i].answers, 1);
        assert_false(pthread_equal(probes[i].ran_in, pthread_self()));
    }
    assert_int_equal(probes[5].fault, FAULT_OVERLOADED);
    assert_int_equal(probes[5].runs, 0);
    assert_true(most_at_once <= 2);
    worker_close(worker);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void close_lets_the_running_finish(void **state)
{
    uv_loop_t loop;
    struct probe probes[4];

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    struct worker *worker = worker_open(&loop, 1, 5);
    for (int i = 0; i < 3; i++)
        give(worker, &probes[i]);
    worker_close(worker);
    give(worker, &probes[3]);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(probes[0].fault, OK);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(probes[i].answers, 1);
        assert_int_equal(probes[i].fault, FAULT_DRAINING);
    }
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_run_elsewhere_a_few_at_a_time),
        cmocka_unit_test(close_lets_the_running_finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
