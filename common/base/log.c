/* SPDX-License-Identifier: MIT */
#include "common/base/log.h"

#include <poll.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"

static enum log_level lowest = LOG_INFO;
static unsigned lost; /* lines since the last one that was written */

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

static void begin(struct buffer *line, enum log_level level, const char *message)
{
    static const char *const NAMES[] = {"debug", "info", "warn", "error"};

    add_time(line);
    buffer_print(line, ",\"level\":\"%s\",\"message\":", NAMES[level]);
    buffer_add_json(line, span_of(message));
}

/* A pipe whose reader stands still must not make the gate stand still: what it cannot take at once
 * is lost, and how many lines were is said when it reads again. */
static bool can_write(void)
{
    struct pollfd target = {.fd = STDERR_FILENO, .events = POLLOUT};

    return poll(&target, 1, 0) != 0;
}

static void end(struct buffer *line)
{
    buffer_add(line, SPAN("}\n"));
    ssize_t written = write(STDERR_FILENO, line->at, line->size);
    (void)written; /* a full disk must not stop it either */
    buffer_free(line);
}

static void tell_lost(void)
{
    struct buffer line = {0};

    begin(&line, LOG_WARN, "lines of the log were lost");
    buffer_print(&line, ",\"count\":\"%u\"", lost);
    lost = 0;
    end(&line);
}

void log_write(enum log_level level, const char *message, ...)
{
    struct buffer line = {0};
    va_list pairs;

    if (level < lowest)
        return;
    if (lost && can_write())
        tell_lost();
    if (!can_write()) {
        lost++;
        return;
    }
    begin(&line, level, message);
    va_start(pairs, message);
    for (const char *name; (name = va_arg(pairs, const char *));) {
        const char *value = va_arg(pairs, const char *);
        buffer_print(&line, ",\"%s\":", name);
        buffer_add_json(&line, span_of(value));
    }
    va_end(pairs);
    end(&line);
}
