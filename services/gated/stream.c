/* SPDX-License-Identifier: MIT */
#include "services/gated/stream.h"

#include <stdlib.h>
#include <utlist.h>

#include "common/base/clock.h"
#include "services/gated/ask.h"
#include "services/gated/audience.h"
#include "services/gated/auth.h"
#include "services/gated/catch_up.h"
#include "services/gated/feed.h"
#include "services/gated/http.h"
#include "services/gated/metrics.h"
#include "services/gated/server.h"
#include "services/gated/watch.h"

enum { QUEUE_MAX = 256 * 1024 };

/* Those who see the same. */
struct group {
    struct audience *audience;
    struct streams *streams;
    struct buffer list;      /* of its cursors */
    struct watch_set live;   /* have all that the feed gave */
    struct watch_set behind; /* are catching up */
    int watchers;            /* of both sets, and those that are lost */
    struct group *prev, *next;
};

struct watcher {
    struct watch watch;
    struct group *group;
    int64_t key, session;      /* of one of them: what it was opened with */
    struct catch_up *catch_up; /* NULL: live */
};

struct streams {
    struct server *server;
    struct feed_listener listener;
    struct watch_tally tally;
    struct group *groups;
};

static struct watcher *watcher_of(struct watch *watch)
{
    return container_of(watch, struct watcher, watch);
}

/* --- groups ---------------------------------------------------------------------------------- */

static bool group_follows(const struct group *group, int ledger)
{
    return feed_knows(group->streams->server->feed, ledger) &&
           audience_follows(group->audience, ledger);
}

static void group_follow(struct group *group, void (*change)(struct feed *feed, int ledger))
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (group_follows(group, i))
            change(group->streams->server->feed, i);
}

static void on_ledger(struct feed_listener *listener, int ledger)
{
    struct streams *streams = container_of(listener, struct streams, listener);
    struct group *group;

    DL_FOREACH (streams->groups, group)
        if (audience_follows(group->audience, ledger))
            feed_follow(streams->server->feed, ledger);
}

static struct group *group_of(struct streams *streams, const struct audience *audience)
{
    struct group *group;

    DL_FOREACH (streams->groups, group)
        if (audience_is_equal(group->audience, audience))
            return group;
    group = calloc(1, sizeof *group);
    CHECK(group);
    group->streams = streams;
    group->audience = audience_copy(audience);
    audience_list(audience, &group->list);
    DL_APPEND(streams->groups, group);
    group_follow(group, feed_follow);
    return group;
}

static void group_leave(struct group *group)
{
    if (--group->watchers)
        return;
    group_follow(group, feed_unfollow);
    DL_DELETE(group->streams->groups, group);
    free(group->audience);
    buffer_free(&group->list);
    free(group);
}

/* Where the feed is, for those who have all of it. */
static void group_cursor(const struct group *group, struct buffer *out)
{
    const struct feed *feed = group->streams->server->feed;
    struct cursor cursor;

    cursor_clear(&cursor);
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (group_follows(group, i))
            cursor.seqs[i] = feed_position(feed, i);
    cursor_write(&cursor, buffer_span(&group->list), out);
}

/* --- live ------------------------------------------------------------------------------------ */

static void group_give(struct group *group, int ledger, const struct feed_event *event)
{
    struct buffer id = {0}, item = {0}, text = {0};

    if (!group->live.count || !audience_sees(group->audience, ledger, event))
        return;
    group_cursor(group, &id);
    feed_event_write(event, audience_parts(group->audience, ledger), &item);
    sse_write(&text, event->type, buffer_span(&id), buffer_span(&item));
    struct http_block *block = http_block_new(buffer_span(&text));
    watch_set_send(&group->live, block);
    http_block_release(block);
    buffer_free(&id);
    buffer_free(&item);
    buffer_free(&text);
}

static void on_event(struct feed_listener *listener, int ledger, const struct feed_event *event)
{
    struct streams *streams = container_of(listener, struct streams, listener);
    struct group *group;

    DL_FOREACH (streams->groups, group)
        group_give(group, ledger, event);
}

/* --- catching up ----------------------------------------------------------------------------- */

/* Nothing is missing any more, as far as the feed has come. */
static void on_caught_up(void *owner)
{
    struct watcher *watcher = owner;

    catch_up_free(watcher->catch_up);
    watcher->catch_up = NULL;
    watch_move(&watcher->watch, &watcher->group->live);
}

static void on_room(struct watch *watch)
{
    struct watcher *watcher = watcher_of(watch);

    if (watcher->catch_up)
        catch_up_run(watcher->catch_up);
}

static void run_behind(struct streams *streams)
{
    struct group *group;
    struct watch *watch, *next;

    DL_FOREACH (streams->groups, group)
        DL_FOREACH_SAFE (group->behind.first, watch, next)
            catch_up_retry(watcher_of(watch)->catch_up);
}

static void on_page(struct feed_listener *listener, int ledger)
{
    (void)ledger;
    run_behind(container_of(listener, struct streams, listener));
}

/* --- every second ---------------------------------------------------------------------------- */

static void beat(struct group *group, int64_t second)
{
    struct buffer id = {0};

    group_cursor(group, &id);
    watch_set_beat(&group->live, second, buffer_span(&id));
    watch_set_beat(&group->behind, second, (struct span){0});
    buffer_free(&id);
}

static void on_second(struct feed_listener *listener, int64_t second)
{
    struct streams *streams = container_of(listener, struct streams, listener);
    struct group *group;

    DL_FOREACH (streams->groups, group)
        beat(group, second);
    run_behind(streams);
    streams_check_keys(streams);
}

/* Ends those whose key says no longer what it said when they came. */
static void check_set(struct group *group, struct watch_set *set)
{
    const struct server *server = group->streams->server;
    struct watch *watch, *next;
    int64_t now_ms = clock_wall_ms();

    DL_FOREACH_SAFE (set->first, watch, next) {
        const struct watcher *watcher = watcher_of(watch);
        const struct principal *principal =
            auth_principal(server, watcher->key, watcher->session, now_ms);
        if (!principal || !audience_is_of(group->audience, principal))
            watch_end(watch);
    }
}

void streams_check_keys(struct streams *streams)
{
    struct group *group;

    DL_FOREACH (streams->groups, group) {
        check_set(group, &group->live);
        check_set(group, &group->behind);
    }
}

/* --- a stream's life ------------------------------------------------------------------------- */

static void on_gone(struct watch *watch)
{
    struct watcher *watcher = watcher_of(watch);

    catch_up_free(watcher->catch_up);
    group_leave(watcher->group);
    free(watcher);
}

static struct watcher *watcher_new(struct group *group, const struct principal *principal)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);

    CHECK(watcher);
    watcher->watch.on_gone = on_gone;
    watcher->watch.on_room = on_room;
    watcher->group = group;
    watcher->key = principal->key;
    watcher->session = principal->session;
    group->watchers++;
    return watcher;
}

/* at: where it was; NULL: it begins now. */
static void begin(struct request *r, struct group *group, const struct cursor *at)
{
    struct watcher *watcher = watcher_new(group, r->principal);
    struct server *server = r->server;
    struct buffer id = {0};

    if (at)
        cursor_write(at, buffer_span(&group->list), &id);
    else
        group_cursor(group, &id);
    bool is_begun =
        watch_start(&watcher->watch, r, &group->streams->tally, QUEUE_MAX, buffer_span(&id));
    buffer_free(&id);
    if (!is_begun) {
        on_gone(&watcher->watch);
        return;
    }
    watch_move(&watcher->watch, at ? &group->behind : &group->live);
    if (!at)
        return;
    watcher->catch_up = catch_up_new(server, group->audience, buffer_span(&group->list), at,
                                     &watcher->watch, on_caught_up, watcher);
    catch_up_run(watcher->catch_up);
}

/* The header that a browser sends when it comes back wins over the address it first came with. */
static struct span given_cursor(const struct request *r)
{
    const char *last = http_header(r->exchange, "Last-Event-ID");

    return span_of(last && *last ? last : http_query(r->exchange, "after"));
}

static enum fault read_cursor(const struct audience *audience, struct span text,
                              struct cursor *cursor)
{
    struct buffer list = {0};

    audience_list(audience, &list);
    bool is_good = cursor_read(text, buffer_span(&list), cursor);
    buffer_free(&list);
    return is_good ? OK : FAULT_INVALID_CURSOR;
}

enum fault stream_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_NONE}, {"gate", FILTER_NONE}, {"types", FILTER_NONE}};
    struct span given = given_cursor(r);
    struct buffer ignored = {0};
    struct audience audience;
    struct cursor at;

    TRY(ask_filters(r, FILTERS, COUNT_OF(FILTERS), &ignored));
    TRY(audience_of(r, &audience));
    if (given.at)
        TRY(read_cursor(&audience, given, &at));
    if (!feed_is_ready(r->server->feed))
        return FAULT_DB_LOST;
    begin(r, group_of(r->server->streams, &audience), given.at ? &at : NULL);
    return OK;
}

enum fault events_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT},
                                            {"limit", FILTER_COUNT},
                                            {"latest", FILTER_FLAG},
                                            {"gate", FILTER_NONE},
                                            {"types", FILTER_NONE}};
    struct span after = span_of(http_query(r->exchange, "after"));
    struct buffer members = {0};
    struct audience audience;
    struct cursor cursor;

    enum fault fault = ask_filters(r, FILTERS, COUNT_OF(FILTERS), &members);
    if (!fault)
        fault = audience_of(r, &audience);
    if (!fault && after.at)
        fault = read_cursor(&audience, after, &cursor);
    if (!fault)
        audience_write(&audience, &members);
    ask_read(r, ask_text(r, &members));
    return fault;
}

/* --- all of them ----------------------------------------------------------------------------- */

static int64_t count_open(void *owner)
{
    return ((struct streams *)owner)->tally.open;
}

static int64_t count_dropped(void *owner)
{
    return ((struct streams *)owner)->tally.dropped;
}

struct streams *streams_open(struct server *server)
{
    struct streams *streams = calloc(1, sizeof *streams);

    CHECK(streams);
    streams->server = server;
    streams->listener = (struct feed_listener){
        .on_event = on_event,
        .on_page = on_page,
        .on_ledger = on_ledger,
        .on_second = on_second,
    };
    feed_listen(server->feed, &streams->listener);
    metrics_gauge(server->metrics, "gate_stream_clients", count_open, streams);
    metrics_gauge(server->metrics, "gate_stream_dropped", count_dropped, streams);
    return streams;
}

void streams_stop(struct streams *streams)
{
    struct group *group;

    DL_FOREACH (streams->groups, group) {
        watch_set_end(&group->live);
        watch_set_end(&group->behind);
    }
}

void streams_free(struct streams *streams)
{
    free(streams);
}
