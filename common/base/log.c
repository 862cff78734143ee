/* SPDX-License-Identifier: MIT */
#include "common/base/log.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"

static enum log_level lowest = LOG_INFO;

void log_set_level(enum log_level level)
{
    lowest = level;
}

static void add_time(struct buffer *line)
{
    int64_t now_ms = clock_wall_ms();
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc;
    char text[32];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    buffer_print(line, "{\"at\":\"%s.%03dZ\"", text, (int)(now_ms % 1000));
}

void log_write(enum log_level level, const char *message, ...)
{
    static const char *const NAMES[] = {"debug", "info", "warn", "error"};
    struct buffer line = {0};
    va_list pairs;

    if (level < lowest)
        return;
    add_time(&line);
    buffer_print(&line, ",\"level\":\"%s\",\"message\":", NAMES[level]);
    buffer_add_json(&line, span_of(message));
    va_start(pairs, message);
    for (const char *name; (name = va_arg(pairs, const char *));) {
        const char *value = va_arg(pairs, const char *);
        buffer_print(&line, ",\"%s\":", name);
        buffer_add_json(&line, span_of(value));
    }
    va_end(pairs);
    buffer_add(&line, SPAN("}\n"));
    /* A lost log line must not stop the gate. */
    ssize_t written = write(STDERR_FILENO, line.at, line.size);
    (void)written;
    buffer_free(&line);
}
