/* SPDX-License-Identifier: MIT
 * A bar with rate and time left on standard error; only where that is a terminal. And the wish to
 * stop: Ctrl-C ends the work early, not the program, so that what is there can be printed.
 */
#ifndef SIMULATOR_PROGRESS_H
#define SIMULATOR_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "days", "calls" … */
    uint64_t total;
    int64_t began_ms;
    int64_t shown_ms;
    bool is_shown;
};

void progress_begin(struct progress *progress, const char *what, uint64_t total);
void progress_show(struct progress *progress, uint64_t done);
/* Wipes the bar. */
void progress_end(struct progress *progress);

/* From now on SIGINT and SIGTERM only set a mark; one that comes some seconds later ends the
 * program. */
void stop_watch(void);
bool stop_is_wanted(void);

#endif
