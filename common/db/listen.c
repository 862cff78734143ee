/* SPDX-License-Identifier: MIT */
#include "common/db/listen.h"

#include <stdlib.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/db/link.h"

enum { CONNECT_TIMEOUT_MS = 5000 };

struct db_listener {
    struct link link;
    const char *const *channels;
    db_on_notice *on_notice;
    void *owner;
    bool is_listening;
};

static void on_up(struct link *link)
{
    struct db_listener *listener = container_of(link, struct db_listener, link);
    struct buffer command = {0};

    for (const char *const *channel = listener->channels; *channel; channel++) {
        char *name = PQescapeIdentifier(link->pg, *channel, strlen(*channel));
        CHECK(name);
        buffer_print(&command, "LISTEN %s;", name);
        PQfreemem(name);
    }
    if (PQsendQuery(link->pg, command.at))
        link_flush_soon(link);
    else
        link_drop_soon(link);
    buffer_free(&command);
}

/* The empty notices: what happened while nobody listened is unknown. */
static void announce(struct db_listener *listener)
{
    link_settle(&listener->link);
    listener->is_listening = true;
    for (const char *const *channel = listener->channels; *channel && listener->link.pg; channel++)
        listener->on_notice(listener->owner, *channel, "");
}

/* The answers to LISTEN: true when all have come and were good. */
static bool take_answers(struct link *link)
{
    while (!PQisBusy(link->pg)) {
        PGresult *result = PQgetResult(link->pg);
        bool is_good = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (!result)
            return true;
        if (!is_good) {
            link_drop(link, NULL);
            return false;
        }
    }
    return false;
}

static void take_notices(struct db_listener *listener)
{
    PGnotify *notice;

    /* on_notice may close the listener */
    while (listener->link.pg && (notice = PQnotifies(listener->link.pg))) {
        listener->on_notice(listener->owner, notice->relname, notice->extra);
        PQfreemem(notice);
    }
}

static void on_input(struct link *link)
{
    struct db_listener *listener = container_of(link, struct db_listener, link);

    if (!listener->is_listening && take_answers(link))
        announce(listener);
    if (listener->is_listening)
        take_notices(listener);
}

static void on_down(struct link *link)
{
    container_of(link, struct db_listener, link)->is_listening = false;
}

static void on_closed(struct link *link)
{
    free(container_of(link, struct db_listener, link));
}

struct db_listener *db_listener_open(uv_loop_t *loop, const char *url, const char *const *channels,
                                     db_on_notice *on_notice, void *owner)
{
    static const struct link_events EVENTS = {
        .on_up = on_up, .on_input = on_input, .on_down = on_down, .on_closed = on_closed};
    struct db_listener *listener = calloc(1, sizeof *listener);

    CHECK(listener && channels[0]);
    listener->channels = channels;
    listener->on_notice = on_notice;
    listener->owner = owner;
    link_open(&listener->link, loop, target_new(url, "border-gate listener", NULL),
              CONNECT_TIMEOUT_MS, &EVENTS);
    return listener;
}

void db_listener_close(struct db_listener *listener)
{
    link_close(&listener->link);
}
