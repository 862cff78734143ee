/* SPDX-License-Identifier: MIT */
#include "services/gated/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/base/check.h"
#include "common/base/log.h"
#include "services/gated/fan_out.h"
#include "services/gated/metrics.h"
#include "services/gated/reads.h"
#include "services/gated/ring.h"
#include "services/gated/server.h"

enum { LOOK_MS = 1000, LINGER_S = 60, FIRST_LOOK_MS = 50, PAGE = 200, ARGUMENT_ROOM = 96 };

/* Of one ledger. */
struct reader {
    struct own_read read;
    struct feed *feed;
    int ledger;
    int followers;
    int64_t kept_until; /* second up to which it is read although nobody follows */
    int64_t head;       /* as far as known */
    int64_t position;   /* last event given */
    bool is_known;      /* there is such a ledger */
    bool is_reading;
    struct ring *ring; /* NULL until first followed */
    char argument[ARGUMENT_ROOM];
};

struct feed {
    struct server *server;
    uv_timer_t timer;
    int64_t seconds;
    bool is_closed;
    bool is_ready;
    bool is_looking;
    bool is_wanted; /* another look, after the one under way */
    struct own_read look;
    struct feed_listener *listeners;
    struct reader readers[LEDGER_COUNT];
};

/* --- reading a ledger ------------------------------------------------------------------------ */

static void reader_run(struct reader *reader);

static void give(struct reader *reader, struct feed_event *event)
{
    struct feed_listener *listener;

    reader->position = event->seq;
    ring_push(reader->ring, event);
    LL_FOREACH(reader->feed->listeners, listener)
    if (listener->on_event)
        listener->on_event(listener, reader->ledger, event);
}

static void tell_page(struct reader *reader)
{
    struct feed_listener *listener;

    LL_FOREACH(reader->feed->listeners, listener)
    if (listener->on_page)
        listener->on_page(listener, reader->ledger);
}

/* False when the answer does not go on where we are: it is asked for again in a second. */
static bool take_event(struct reader *reader, json_t *row)
{
    struct feed_event *event = feed_event_read(row);

    if (event && event->seq == reader->position + 1) {
        give(reader, event);
        return true;
    }
    log_write(LOG_ERROR, "a ledger's events cannot be read", NULL);
    feed_event_free(event);
    return false;
}

static bool take_page(struct reader *reader, struct span body)
{
    json_t *root = json_loadb(body.at, body.size, 0, NULL), *row;
    json_t *rows = json_object_get(root, "events");
    bool is_good = json_array_size(rows) > 0;
    size_t i;

    json_array_foreach (rows, i, row)
        if (!(is_good = take_event(reader, row)))
            break;
    json_decref(root);
    return is_good;
}

/* Everybody may have left meanwhile: the events are kept all the same. */
static void on_page(struct own_read *read, const struct answer *answer)
{
    struct reader *reader = container_of(read, struct reader, read);

    reader->is_reading = false;
    if (answer->fault || reader->feed->is_closed)
        return;
    bool is_good = take_page(reader, answer->body);
    tell_page(reader);
    if (is_good)
        reader_run(reader);
}

/* Who left may come back, with little to be told: so reading goes on for a while. */
static bool is_kept(const struct reader *reader)
{
    return reader->followers || reader->feed->seconds < reader->kept_until;
}

static void reader_run(struct reader *reader)
{
    if (!is_kept(reader) || reader->is_reading || reader->position >= reader->head ||
        reader->feed->is_closed)
        return;
    snprintf(reader->argument, sizeof reader->argument,
             "{\"ledger\":%d,\"after_seq\":%lld,\"limit\":%d}", reader->ledger,
             (long long)reader->position, PAGE);
    reader->is_reading = true;
    reader->read.done = on_page;
    reads_ask(reader->feed->server->reads, &reader->read, "events_since", reader->argument);
}

/* --- where the ledgers end ------------------------------------------------------------------- */

/* A ledger that comes to be while we run is followed from its first event. */
static void learn(struct feed *feed, int ledger)
{
    struct feed_listener *listener;

    if (feed->readers[ledger].is_known)
        return;
    feed->readers[ledger].is_known = true;
    LL_FOREACH(feed->listeners, listener)
    if (listener->on_ledger)
        listener->on_ledger(listener, ledger);
}

static void grow(struct feed *feed, int ledger, int64_t seq)
{
    struct reader *reader = &feed->readers[ledger];
    struct feed_listener *listener;

    learn(feed, ledger);
    if (seq <= reader->head)
        return;
    reader->head = seq;
    LL_FOREACH(feed->listeners, listener)
    if (listener->on_growth)
        listener->on_growth(listener, ledger);
}

static void take_heads(struct feed *feed, struct span body)
{
    json_t *root = json_loadb(body.at, body.size, 0, NULL), *row;
    size_t i;

    json_array_foreach (json_object_get(root, "ledgers"), i, row) {
        json_int_t ledger = json_integer_value(json_object_get(row, "ledger"));
        if (ledger >= 0 && ledger < LEDGER_COUNT)
            grow(feed, (int)ledger, json_integer_value(json_object_get(row, "seq")));
    }
    json_decref(root);
    feed->is_ready = true;
}

static void look(struct feed *feed);
static void on_second(uv_timer_t *timer);

static void on_look(struct own_read *read, const struct answer *answer)
{
    struct feed *feed = container_of(read, struct feed, look);

    feed->is_looking = false;
    if (feed->is_closed)
        return;
    if (answer->fault == OK)
        take_heads(feed, answer->body);
    else if (!feed->is_ready)
        uv_timer_start(&feed->timer, on_second, FIRST_LOOK_MS, LOOK_MS);
    for (int i = 0; i < LEDGER_COUNT; i++)
        reader_run(&feed->readers[i]); /* also what failed before */
    if (feed->is_wanted)
        look(feed);
}

static void look(struct feed *feed)
{
    feed->is_wanted = feed->is_looking;
    if (feed->is_looking || feed->is_closed)
        return;
    feed->is_looking = true;
    feed->look.done = on_look;
    reads_ask(feed->server->reads, &feed->look, "platform", "{}");
}

static void on_heard(void *owner, int ledger, int64_t seq)
{
    struct feed *feed = owner;

    if (seq == 0) {
        look(feed);
        return;
    }
    grow(feed, ledger, seq);
    reader_run(&feed->readers[ledger]);
}

static void on_second(uv_timer_t *timer)
{
    struct feed *feed = container_of(timer, struct feed, timer);
    struct feed_listener *listener;

    look(feed);
    feed->seconds++;
    LL_FOREACH(feed->listeners, listener)
    if (listener->on_second)
        listener->on_second(listener, feed->seconds);
}

/* --- for /metrics ---------------------------------------------------------------------------- */

static int64_t count_held(void *owner)
{
    const struct feed *feed = owner;
    int64_t held = 0;

    for (int i = 0; i < LEDGER_COUNT; i++)
        held += feed->readers[i].ring ? ring_count(feed->readers[i].ring) : 0;
    return held;
}

static int64_t count_bytes(void *owner)
{
    const struct feed *feed = owner;
    int64_t bytes = 0;

    for (int i = 0; i < LEDGER_COUNT; i++)
        bytes += feed->readers[i].ring ? (int64_t)ring_bytes(feed->readers[i].ring) : 0;
    return bytes;
}

/* Events known of and not yet given to those who follow. */
static int64_t count_lag(void *owner)
{
    const struct feed *feed = owner;
    int64_t lag = 0;

    for (int i = 0; i < LEDGER_COUNT; i++)
        if (feed->readers[i].followers)
            lag += feed->readers[i].head - feed->readers[i].position;
    return lag;
}

static void show(struct feed *feed)
{
    struct metrics *metrics = feed->server->metrics;

    metrics_gauge(metrics, "gate_feed_events_held", count_held, feed);
    metrics_gauge(metrics, "gate_feed_bytes_held", count_bytes, feed);
    metrics_gauge(metrics, "gate_feed_lag_events", count_lag, feed);
}

/* --- its life -------------------------------------------------------------------------------- */

struct feed *feed_open(struct server *server)
{
    struct feed *feed = calloc(1, sizeof *feed);

    CHECK(feed);
    feed->server = server;
    for (int i = 0; i < LEDGER_COUNT; i++) {
        feed->readers[i].feed = feed;
        feed->readers[i].ledger = i;
    }
    uv_timer_init(server->loop, &feed->timer);
    uv_timer_start(&feed->timer, on_second, 0, LOOK_MS);
    fan_out_subscribe(server->fan_out, on_heard, feed);
    show(feed);
    return feed;
}

void feed_close(struct feed *feed)
{
    feed->is_closed = true;
    uv_close((uv_handle_t *)&feed->timer, NULL);
}

void feed_free(struct feed *feed)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        ring_free(feed->readers[i].ring);
    free(feed);
}

void feed_listen(struct feed *feed, struct feed_listener *listener)
{
    LL_APPEND(feed->listeners, listener);
}

/* Nobody missed what came while nobody followed. */
static void resume(struct reader *reader)
{
    if (!reader->ring)
        reader->ring = ring_new();
    if (!is_kept(reader) && !reader->is_reading && reader->position != reader->head) {
        ring_clear(reader->ring);
        reader->position = reader->head;
    }
}

void feed_follow(struct feed *feed, int ledger)
{
    struct reader *reader = &feed->readers[ledger];

    if (!reader->followers)
        resume(reader);
    reader->followers++;
    reader_run(reader);
}

void feed_unfollow(struct feed *feed, int ledger)
{
    struct reader *reader = &feed->readers[ledger];

    CHECK(reader->followers > 0);
    if (--reader->followers == 0)
        reader->kept_until = feed->seconds + LINGER_S;
}

/* --- questions ------------------------------------------------------------------------------- */

bool feed_is_ready(const struct feed *feed)
{
    return feed->is_ready;
}

bool feed_knows(const struct feed *feed, int ledger)
{
    return feed->readers[ledger].is_known;
}

int64_t feed_head(const struct feed *feed, int ledger)
{
    return feed->readers[ledger].head;
}

int64_t feed_position(const struct feed *feed, int ledger)
{
    return feed->readers[ledger].position;
}

const struct feed_event *feed_find(const struct feed *feed, int ledger, int64_t seq)
{
    const struct ring *ring = feed->readers[ledger].ring;

    return ring ? ring_find(ring, seq) : NULL;
}
