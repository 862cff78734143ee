/* SPDX-License-Identifier: MIT */
#include "common/db/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/log.h"

enum { DELAY_FIRST_MS = 100, DELAY_LAST_MS = 5000, JITTER_PERCENT = 20 };

/* One poll handle on one descriptor. Its own allocation: libpq may change sockets while it
 * connects, and the old handle must outlive its close callback. */
struct watch {
    uv_poll_t poll;
    struct link *link;
    int fd;
    int events; /* those asked for, 0 when stopped */
};

static void on_attempt(uv_timer_t *timer);
static void on_connect_deadline(uv_timer_t *timer);
static void on_poll(uv_poll_t *poll, int status, int events);
static void on_pending(uv_idle_t *idle);

static void on_watch_closed(uv_handle_t *handle)
{
    free(container_of((uv_poll_t *)handle, struct watch, poll));
}

/* Must come before PQfinish() and before another handle on the same number. */
static void watch_close(struct link *link)
{
    if (!link->watch)
        return;
    uv_close((uv_handle_t *)&link->watch->poll, on_watch_closed);
    link->watch = NULL;
}

static bool watch_open(struct link *link, int fd)
{
    struct watch *watch = malloc(sizeof *watch);

    CHECK(watch);
    *watch = (struct watch){.link = link, .fd = fd};
    if (uv_poll_init(link->loop, &watch->poll, fd) != 0) {
        free(watch);
        return false;
    }
    link->watch = watch;
    return true;
}

/* Watches libpq's present socket; does nothing when it already does so. */
static void watch_for(struct link *link, int events)
{
    int fd = PQsocket(link->pg);

    if (link->watch && link->watch->fd != fd)
        watch_close(link);
    if (fd < 0 || (!link->watch && !watch_open(link, fd))) {
        link_drop_soon(link);
        return;
    }
    if (link->watch->events == events)
        return;
    link->watch->events = events;
    CHECK(uv_poll_start(&link->watch->poll, events, on_poll) == 0);
}

/* libpq may close and reopen the socket under the same number, and the kernel then forgets the
 * registration: so it is taken out before every PQconnectPoll() and put in again after it. */
static void watch_stop(struct link *link)
{
    if (!link->watch)
        return;
    uv_poll_stop(&link->watch->poll);
    link->watch->events = 0;
}

static int64_t jittered(int64_t delay_ms)
{
    uint32_t random = 0;
    int64_t spread = delay_ms * JITTER_PERCENT / 100;

    uv_random(NULL, NULL, &random, sizeof random, 0, NULL);
    return delay_ms - spread + (int64_t)(random % (uint32_t)(2 * spread + 1));
}

/* The first line of libpq's text or ours. */
static void note_why(struct link *link, const char *why)
{
    if (!why)
        why = link->pg ? PQerrorMessage(link->pg) : "the connection string is malformed";
    snprintf(link->why, sizeof link->why, "%.*s", (int)strcspn(why, "\n"), why);
    if (!link->why[0])
        snprintf(link->why, sizeof link->why, "the connection was lost");
}

/* A link that held longer than the wait before it was a good one: begin again with short waits. */
static void plan_attempt(struct link *link, bool was_up)
{
    if (was_up && clock_steady_ms() - link->up_since_ms > link->delay_ms)
        link->delay_ms = DELAY_FIRST_MS;
    uv_timer_start(&link->timer, on_attempt, (uint64_t)jittered(link->delay_ms), 0);
    link->delay_ms *= 2;
    if (link->delay_ms > DELAY_LAST_MS)
        link->delay_ms = DELAY_LAST_MS;
}

void link_drop(struct link *link, const char *why)
{
    bool was_up = link->state == LINK_UP;

    if (link->state == LINK_CLOSED)
        return;
    note_why(link, why);
    log_write(was_up || link->attempts == 0 ? LOG_WARN : LOG_DEBUG, "the database is not reachable",
              "why", link->why, NULL);
    watch_close(link);
    uv_idle_stop(&link->pending);
    PQfinish(link->pg);
    link->pg = NULL;
    link->is_broken = false;
    link->state = LINK_DOWN;
    link->attempts++;
    target_rotate(link->target);
    plan_attempt(link, was_up);
    link->events->on_down(link);
}

void link_drop_soon(struct link *link)
{
    link->is_broken = true;
    uv_idle_start(&link->pending, on_pending);
}

static void on_notice_received(void *owner, const PGresult *notice)
{
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);

    bool is_warning = severity && strcmp(severity, "WARNING") == 0;

    (void)owner; /* the text may hold personal data and stays out of the log */
    log_write(is_warning ? LOG_WARN : LOG_DEBUG, "notice from the database", "severity",
              severity ? severity : "", "sqlstate", state ? state : "", NULL);
}

static void go_up(struct link *link)
{
    if (PQsetnonblocking(link->pg, 1) != 0) {
        link_drop(link, NULL);
        return;
    }
    link->state = LINK_UP;
    link->up_since_ms = clock_steady_ms();
    watch_for(link, UV_READABLE);
    link->events->on_up(link);
}

/* One step of PQconnectPoll(). */
static void advance(struct link *link)
{
    watch_stop(link);
    switch (PQconnectPoll(link->pg)) {
    case PGRES_POLLING_READING:
        watch_for(link, UV_READABLE);
        break;
    case PGRES_POLLING_WRITING:
        watch_for(link, UV_WRITABLE);
        break;
    case PGRES_POLLING_OK:
        go_up(link);
        break;
    default:
        link_drop(link, NULL);
    }
}

static void on_attempt(uv_timer_t *timer)
{
    struct link *link = container_of(timer, struct link, timer);

    if (link->events->may_connect && !link->events->may_connect(link)) {
        uv_timer_start(timer, on_attempt, (uint64_t)jittered(DELAY_FIRST_MS), 0);
        return;
    }
    link->state = LINK_CONNECTING;
    link->pg = target_connect(link->target);
    if (!link->pg || PQstatus(link->pg) == CONNECTION_BAD) {
        link_drop(link, NULL);
        return;
    }
    PQsetNoticeReceiver(link->pg, on_notice_received, NULL);
    uv_timer_start(timer, on_connect_deadline, (uint64_t)link->connect_timeout_ms, 0);
    watch_for(link, UV_WRITABLE); /* libpq: before the first step behave as if it had said so */
}

static void on_connect_deadline(uv_timer_t *timer)
{
    link_drop(container_of(timer, struct link, timer), "connecting took too long");
}

/* While something is unsent we watch for both directions: each side might wait for the other. */
static void flush(struct link *link)
{
    int unsent = PQflush(link->pg);

    if (unsent < 0)
        link_drop(link, NULL);
    else
        watch_for(link, unsent ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

/* An idle handle runs before the loop sleeps and keeps it from sleeping until it has run, in
 * whatever phase the writing was asked for; so this is the one place that flushes and drops. */
static void on_pending(uv_idle_t *idle)
{
    struct link *link = container_of(idle, struct link, pending);

    uv_idle_stop(idle);
    if (link->is_broken)
        link_drop(link, NULL);
    else if (link->state == LINK_UP)
        flush(link);
}

void link_read(struct link *link)
{
    if (link->state != LINK_UP)
        return;
    bool is_alive = PQconsumeInput(link->pg) == 1;
    link->events->on_input(link); /* the last words of a dying server count, too */
    if (!is_alive && link->state == LINK_UP)
        link_drop(link, NULL);
}

/* A negative status (UV_EBADF for any socket error) is not the end: libpq is asked, which tries the
 * next host or has the error's text. libuv has stopped the handle by then. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct link *link = container_of(poll, struct watch, poll)->link;

    if (status < 0)
        link->watch->events = 0;
    if (link->state == LINK_CONNECTING) {
        advance(link);
        return;
    }
    if (status < 0 || (events & UV_READABLE))
        link_read(link);
    if (link->state == LINK_UP && (status < 0 || (events & UV_WRITABLE)))
        flush(link);
}

void link_open(struct link *link, uv_loop_t *loop, struct target *target,
               int64_t connect_timeout_ms, const struct link_events *events)
{
    *link = (struct link){.loop = loop,
                          .target = target,
                          .connect_timeout_ms = connect_timeout_ms,
                          .events = events,
                          .delay_ms = DELAY_FIRST_MS,
                          .open_handles = 2};
    CHECK(uv_timer_init(loop, &link->timer) == 0);
    CHECK(uv_idle_init(loop, &link->pending) == 0);
    uv_timer_start(&link->timer, on_attempt, 0, 0);
}

static void handle_closed(struct link *link)
{
    if (--link->open_handles == 0)
        link->events->on_closed(link);
}

static void on_timer_closed(uv_handle_t *handle)
{
    handle_closed(container_of((uv_timer_t *)handle, struct link, timer));
}

static void on_pending_closed(uv_handle_t *handle)
{
    handle_closed(container_of((uv_idle_t *)handle, struct link, pending));
}

void link_close(struct link *link)
{
    CHECK(link->state != LINK_CLOSED);
    link->state = LINK_CLOSED;
    watch_close(link);
    PQfinish(link->pg);
    link->pg = NULL;
    target_free(link->target);
    uv_close((uv_handle_t *)&link->timer, on_timer_closed);
    uv_close((uv_handle_t *)&link->pending, on_pending_closed);
}

void link_settle(struct link *link)
{
    CHECK(link->state == LINK_UP);
    uv_timer_stop(&link->timer);
    if (link->attempts > 0)
        log_write(LOG_INFO, "the database is reachable again", NULL);
    link->attempts = 0;
    link->why[0] = '\0';
}

void link_flush_soon(struct link *link)
{
    uv_idle_start(&link->pending, on_pending);
}

void link_hurry(struct link *link)
{
    if (link->state != LINK_DOWN)
        return;
    link->delay_ms = DELAY_FIRST_MS;
    uv_timer_start(&link->timer, on_attempt, 0, 0);
}
