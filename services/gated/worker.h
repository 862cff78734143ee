/* SPDX-License-Identifier: MIT
 * Work that must not hold the loop: a bounded queue in front of libuv's thread pool. Few at a time,
 * since each may take a lot of memory, and at a low priority, since the loop and the database use
 * the same processors.
 */
#ifndef SERVICES_GATED_WORKER_H
#define SERVICES_GATED_WORKER_H

#include <stdbool.h>
#include <uv.h>

struct workers;

/* Embedded by the caller, who owns it until done is called. */
struct work {
    void (*run)(struct work *work);  /* in a thread of the pool; touches only its own */
    void (*done)(struct work *work); /* on the loop, exactly once, never inside the submit */
    /* of the workers */
    uv_work_t request;
    struct workers *workers;
    struct work *next;
};

/* running_max at once, waiting_max behind them. */
struct workers *workers_new(uv_loop_t *loop, int running_max, int waiting_max);
/* After the loop has ended; nothing may be running. */
void workers_free(struct workers *workers);
/* False when the queue is full: the work is still the caller's. */
bool workers_submit(struct workers *workers, struct work *work);
/* Running and waiting. */
int workers_load(const struct workers *workers);

#endif
