/* SPDX-License-Identifier: MIT */
#include "common/loop/loop.h"

#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/log.h"

enum { SIGNALS = 3, STATUS_OF_SIGNAL = 128 };

/* The one global: the process has one loop. */
static struct {
    uv_loop_t loop;
    uv_signal_t signals[SIGNALS];
    uv_async_t stop; /* loop_stop() from anywhere */
    uv_timer_t drain;
    struct loop_options options;
    bool is_stopping;
    bool is_signalled; /* a first SIGTERM or SIGINT came */
} process;

static void on_drain_over(uv_timer_t *timer)
{
    (void)timer;
    log_write(LOG_ERROR, "the stop took too long, ending at once", NULL);
    _exit(1);
}

/* From here our own handles no longer keep the loop alive: it ends with the last of the owner's. */
static void begin_stop(void)
{
    if (process.is_stopping)
        return;
    process.is_stopping = true;
    for (int i = 0; i < SIGNALS; i++)
        uv_unref((uv_handle_t *)&process.signals[i]);
    uv_unref((uv_handle_t *)&process.stop);
    uv_unref((uv_handle_t *)&process.drain);
    uv_timer_start(&process.drain, on_drain_over, (uint64_t)process.options.drain_ms, 0);
    process.options.on_stop(process.options.owner);
}

static void on_end_signal(uv_signal_t *handle, int number)
{
    (void)handle;
    if (process.is_signalled)
        _exit(STATUS_OF_SIGNAL + number);
    process.is_signalled = true;
    log_write(LOG_INFO, "stopping", "signal", number == SIGINT ? "INT" : "TERM", NULL);
    begin_stop();
}

static void on_reload_signal(uv_signal_t *handle, int number)
{
    (void)handle;
    (void)number;
    if (process.options.on_reload && !process.is_stopping)
        process.options.on_reload(process.options.owner);
}

static void on_stop_asked(uv_async_t *handle)
{
    (void)handle;
    begin_stop();
}

uv_loop_t *loop_start(const struct loop_options *options)
{
    static const struct {
        int number;
        uv_signal_cb on_signal;
    } SIGNAL_TABLE[SIGNALS] = {
        {SIGTERM, on_end_signal}, {SIGINT, on_end_signal}, {SIGHUP, on_reload_signal}};

    CHECK(options->on_stop && options->drain_ms > 0);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    process.options = *options;
    process.is_stopping = process.is_signalled = false;
    CHECK(uv_loop_init(&process.loop) == 0);
    for (int i = 0; i < SIGNALS; i++) {
        CHECK(uv_signal_init(&process.loop, &process.signals[i]) == 0);
        CHECK(uv_signal_start(&process.signals[i], SIGNAL_TABLE[i].on_signal,
                              SIGNAL_TABLE[i].number) == 0);
    }
    CHECK(uv_async_init(&process.loop, &process.stop, on_stop_asked) == 0);
    CHECK(uv_timer_init(&process.loop, &process.drain) == 0);
    return &process.loop;
}

int loop_run(void)
{
    uv_run(&process.loop, UV_RUN_DEFAULT);
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&process.signals[i], NULL);
    uv_close((uv_handle_t *)&process.stop, NULL);
    uv_close((uv_handle_t *)&process.drain, NULL);
    uv_run(&process.loop, UV_RUN_DEFAULT);
    /* A handle somebody forgot is a bug, but all work is done: end in order and say so. */
    if (uv_loop_close(&process.loop) != 0) {
        log_write(LOG_ERROR, "a handle was left open at the end", NULL);
        return 1;
    }
    return 0;
}

void loop_stop(void)
{
    CHECK(uv_async_send(&process.stop) == 0);
}
