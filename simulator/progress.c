/* SPDX-License-Identifier: MIT */
#include "simulator/progress.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"

enum { WIDTH = 30, EVERY_MS = 100 };

static volatile sig_atomic_t stop_mark; /* a signal handler has nowhere else to write */

void progress_begin(struct progress *progress, const char *what, uint64_t total)
{
    *progress = (struct progress){.what = what,
                                  .total = total ? total : 1,
                                  .began_ms = clock_steady_ms(),
                                  .is_shown = isatty(STDERR_FILENO)};
}

void progress_show(struct progress *progress, uint64_t done)
{
    static const char FULL[] = "##############################";
    int64_t now_ms = clock_steady_ms();
    double seconds = (double)(now_ms - progress->began_ms) / 1000;

    if (!progress->is_shown || now_ms - progress->shown_ms < EVERY_MS)
        return;
    progress->shown_ms = now_ms;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    double left = rate > 0 ? (double)(progress->total - done) / rate : 0;
    int filled = (int)(done * WIDTH / progress->total);
    fprintf(stderr, "\r[%-*.*s] %llu/%llu %s  %.0f/s  %02d:%02d left \033[K", WIDTH, filled, FULL,
            (unsigned long long)done, (unsigned long long)progress->total, progress->what, rate,
            (int)left / 60, (int)left % 60);
}

void progress_end(struct progress *progress)
{
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
}

/* A tool that runs this one may send the signal twice at once: only a later one is impatience. */
static void on_signal(int number)
{
    static volatile sig_atomic_t first_s;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (stop_mark && now.tv_sec > first_s + 1)
        _exit(128 + number);
    if (!stop_mark)
        first_s = (sig_atomic_t)now.tv_sec;
    stop_mark = 1;
}

void stop_watch(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool stop_is_wanted(void)
{
    return stop_mark != 0;
}
