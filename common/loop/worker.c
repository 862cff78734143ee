/* SPDX-License-Identifier: MIT */
#include "common/loop/worker.h"

#include <stdbool.h>
#include <stdlib.h>

#include "common/base/check.h"

struct jobs {
    struct job *first;
    struct job *last;
    int count;
};

struct worker {
    uv_loop_t *loop;
    uv_idle_t later; /* answers the refused before the loop sleeps */
    struct jobs waiting;
    struct jobs refused;
    int running;
    int running_max;
    int waiting_max;
    bool is_closing;
    bool is_closed; /* the handle's close callback ran */
};

static void jobs_add(struct jobs *jobs, struct job *job)
{
    job->next = NULL;
    if (jobs->last)
        jobs->last->next = job;
    else
        jobs->first = job;
    jobs->last = job;
    jobs->count++;
}

static struct job *jobs_take(struct jobs *jobs)
{
    struct job *job = jobs->first;

    if (!job)
        return NULL;
    jobs->first = job->next;
    if (!jobs->first)
        jobs->last = NULL;
    jobs->count--;
    return job;
}

static void answer_refused(struct worker *worker)
{
    struct jobs refused = worker->refused;

    worker->refused = (struct jobs){0};
    for (struct job *job; (job = jobs_take(&refused));)
        job->done(job, job->refusal);
}

static void on_later(uv_idle_t *handle)
{
    struct worker *worker = container_of(handle, struct worker, later);

    uv_idle_stop(handle);
    answer_refused(worker);
}

static void refuse(struct worker *worker, struct job *job, enum fault fault)
{
    job->refusal = fault;
    jobs_add(&worker->refused, job);
    if (!worker->is_closing)
        uv_idle_start(&worker->later, on_later);
}

/* The last of {running jobs, the handle} to end frees the worker. */
static void free_if_over(struct worker *worker)
{
    if (!worker->is_closed || worker->running > 0)
        return;
    while (worker->refused.first)
        answer_refused(worker);
    free(worker);
}

static void start_waiting(struct worker *worker);

static void on_run(uv_work_t *work)
{
    struct job *job = container_of(work, struct job, work);

    job->run(job);
}

static void on_ran(uv_work_t *work, int status)
{
    struct job *job = container_of(work, struct job, work);
    struct worker *worker = job->worker;

    CHECK(status == 0); /* nobody cancels */
    job->done(job, OK);
    worker->running--; /* only now: done may close the worker */
    start_waiting(worker);
    free_if_over(worker);
}

static void start_waiting(struct worker *worker)
{
    while (worker->waiting.first && worker->running < worker->running_max) {
        struct job *job = jobs_take(&worker->waiting);
        worker->running++;
        CHECK(uv_queue_work(worker->loop, &job->work, on_run, on_ran) == 0);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct worker *worker = container_of((uv_idle_t *)handle, struct worker, later);

    worker->is_closed = true;
    free_if_over(worker);
}

struct worker *worker_open(uv_loop_t *loop, int running, int waiting)
{
    struct worker *worker = calloc(1, sizeof *worker);

    CHECK(worker && running > 0 && waiting >= 0);
    worker->loop = loop;
    worker->running_max = running;
    worker->waiting_max = waiting;
    CHECK(uv_idle_init(loop, &worker->later) == 0);
    return worker;
}

void worker_close(struct worker *worker)
{
    CHECK(!worker->is_closing);
    worker->is_closing = true;
    for (struct job *job; (job = jobs_take(&worker->waiting));)
        refuse(worker, job, FAULT_DRAINING);
    uv_close((uv_handle_t *)&worker->later, on_closed);
}

void worker_send(struct worker *worker, struct job *job)
{
    job->worker = worker;
    if (worker->is_closing)
        refuse(worker, job, FAULT_DRAINING);
    else if (worker->running == worker->running_max && worker->waiting.count == worker->waiting_max)
        refuse(worker, job, FAULT_OVERLOADED);
    else {
        jobs_add(&worker->waiting, job);
        start_waiting(worker);
    }
}
