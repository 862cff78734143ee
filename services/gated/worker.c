/* SPDX-License-Identifier: MIT */
#include "services/gated/worker.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <utlist.h>

#include "common/base/check.h"

enum { NICE = 10 };

struct workers {
    uv_loop_t *loop;
    struct work *waiting;
    int waiting_count, waiting_max;
    int running_count, running_max;
};

struct workers *workers_new(uv_loop_t *loop, int running_max, int waiting_max)
{
    struct workers *workers = calloc(1, sizeof *workers);

    CHECK(workers);
    workers->loop = loop;
    workers->running_max = running_max;
    workers->waiting_max = waiting_max;
    return workers;
}

void workers_free(struct workers *workers)
{
    free(workers);
}

/* On Linux the priority is the thread's own; it stays with it, as all that it ever runs is ours. */
static void on_run(uv_work_t *request)
{
    struct work *work = container_of(request, struct work, request);

    setpriority(PRIO_PROCESS, 0, NICE);
    work->run(work);
}

static void start_waiting(struct workers *workers);

static void on_done(uv_work_t *request, int status)
{
    struct work *work = container_of(request, struct work, request);
    struct workers *workers = work->workers;

    CHECK(status == 0); /* nothing is ever cancelled */
    workers->running_count--;
    start_waiting(workers);
    work->done(work);
}

static void start_waiting(struct workers *workers)
{
    while (workers->waiting && workers->running_count < workers->running_max) {
        struct work *work = workers->waiting;
        LL_DELETE(workers->waiting, work);
        workers->waiting_count--;
        workers->running_count++;
        CHECK(uv_queue_work(workers->loop, &work->request, on_run, on_done) == 0);
    }
}

bool workers_submit(struct workers *workers, struct work *work)
{
    if (workers->waiting_count >= workers->waiting_max)
        return false;
    work->workers = workers;
    LL_APPEND(workers->waiting, work);
    workers->waiting_count++;
    start_waiting(workers);
    return true;
}

int workers_load(const struct workers *workers)
{
    return workers->waiting_count + workers->running_count;
}
