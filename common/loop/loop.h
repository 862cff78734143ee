/* SPDX-License-Identifier: MIT
 * The process's libuv loop: signals and the phases of a stop (stop accepting -> drain -> close).
 */
#ifndef COMMON_LOOP_LOOP_H
#define COMMON_LOOP_LOOP_H

#include <stdint.h>
#include <uv.h>

struct loop_options {
    /* SIGTERM or SIGINT arrived: stop accepting, finish what is in flight, then close handles so
     * that loop_run() returns. Called once. A second signal ends the process at once. */
    void (*on_stop)(void *owner);
    /* SIGHUP: reload certificates and the like; may be NULL. */
    void (*on_reload)(void *owner);
    void *owner;
    int64_t drain_ms; /* after on_stop: past this the process ends with status 1 */
};

/* The loop of this process, initialised; exactly one exists. SIGPIPE is ignored. */
uv_loop_t *loop_start(const struct loop_options *options);
/* Runs until every handle is closed; returns the exit status. */
int loop_run(void);
/* The same as a SIGTERM. */
void loop_stop(void);

#endif
