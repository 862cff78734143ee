/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <time.h>

#include "common/base/check.h"
#include "services/gated/worker.h"

enum { RUNNING = 2, WAITING = 4 };

struct job {
    struct work work;
    int done;
};

static atomic_int at_once, most_at_once;
static int done_count;

static void run(struct work *work)
{
    struct timespec pause = {.tv_nsec = 5000000};
    int now = atomic_fetch_add(&at_once, 1) + 1;
    int most = atomic_load(&most_at_once);

    (void)work;
    while (now > most && !atomic_compare_exchange_weak(&most_at_once, &most, now))
        continue;
    nanosleep(&pause, NULL);
    atomic_fetch_sub(&at_once, 1);
}

static void on_done(struct work *work)
{
    struct job *job = container_of(work, struct job, work);

    job->done++;
    done_count++;
}

static void a_few_run_and_a_few_wait(void **state)
{
    uv_loop_t loop;
    struct job jobs[RUNNING + WAITING + 1] = {0};

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    struct workers *workers = workers_new(&loop, RUNNING, WAITING);
    for (int i = 0; i < RUNNING + WAITING; i++) {
        jobs[i].work = (struct work){.run = run, .done = on_done};
        assert_true(workers_submit(workers, &jobs[i].work));
    }
    struct job *last = &jobs[RUNNING + WAITING];
    last->work = (struct work){.run = run, .done = on_done};
    assert_false(workers_submit(workers, &last->work));
    assert_int_equal(workers_load(workers), RUNNING + WAITING);
    assert_int_equal(done_count, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < RUNNING + WAITING; i++)
        assert_int_equal(jobs[i].done, 1);
    assert_int_equal(last->done, 0);
    assert_true(atomic_load(&most_at_once) <= RUNNING);
    assert_int_equal(workers_load(workers), 0);
    workers_free(workers);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_few_run_and_a_few_wait)};

    return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
