/* SPDX-License-Identifier: MIT
 * Long computations (argon2id) in libuv's thread pool: a few at a time, a bounded queue behind.
 * Deliberately absent: stopping a job that runs, priorities.
 */
#ifndef COMMON_LOOP_WORKER_H
#define COMMON_LOOP_WORKER_H

#include <uv.h>

#include "common/base/fault.h"

struct worker;

/* Embedded by the caller, who owns it and leaves it alone until done is called. */
struct job {
    void (*run)(struct job *job); /* in another thread: may touch nothing but its own struct */
    /* On the loop, exactly once, never from inside worker_send(): OK when run has run,
     * FAULT_OVERLOADED when the queue was full, FAULT_DRAINING when the worker was closed. */
    void (*done)(struct job *job, enum fault fault);
    /* owned by the worker */
    uv_work_t work;
    struct worker *worker;
    struct job *next;
    enum fault refusal;
};

/* running: jobs at the same time at most (each may hold 64 MiB); waiting: jobs behind them. */
struct worker *worker_open(uv_loop_t *loop, int running, int waiting);
/* Refuses what waits, lets what runs finish (its done still runs), then frees the worker. */
void worker_close(struct worker *worker);
void worker_send(struct worker *worker, struct job *job);

#endif
