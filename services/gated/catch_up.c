/* SPDX-License-Identifier: MIT */
#include "services/gated/catch_up.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "services/gated/feed.h"
#include "services/gated/gate_index.h"
#include "services/gated/reads.h"
#include "services/gated/server.h"

enum { CHUNK_BYTES = 32 * 1024, WAIT_MS = 3000 };

struct catch_up {
    struct own_read read;
    struct server *server;
    const struct audience *audience;
    struct span list;
    struct cursor at; /* what was sent, and what need not be */
    struct watch *watch;
    void (*done)(void *owner);
    void *owner;
    struct buffer argument;
    int64_t waits_since_ms; /* steady; 0: it does not wait */
    bool is_reading;
    bool is_full; /* what was sent is not with the client yet */
    bool is_freed;
};

static bool follows(const struct catch_up *c, int ledger)
{
    return feed_knows(c->server->feed, ledger) && audience_follows(c->audience, ledger);
}

struct catch_up *catch_up_new(struct server *server, const struct audience *audience,
                              struct span list, const struct cursor *at, struct watch *watch,
                              void (*done)(void *owner), void *owner)
{
    struct catch_up *c = calloc(1, sizeof *c);

    CHECK(c);
    *c = (struct catch_up){
        .server = server,
        .audience = audience,
        .list = list,
        .at = *at,
        .watch = watch,
        .done = done,
        .owner = owner,
    };
    return c;
}

void catch_up_free(struct catch_up *c)
{
    if (!c)
        return;
    c->is_freed = true;
    if (c->is_reading)
        return;
    buffer_free(&c->argument);
    free(c);
}

/* --- what is next ---------------------------------------------------------------------------- */

/* The stretch before what a ledger's stream has; a ledger the cursor does not name is new to it. */
static int64_t seen(const struct catch_up *c, int ledger)
{
    return c->at.seqs[ledger] < 0 ? 0 : c->at.seqs[ledger];
}

enum move {
    MOVE_PAGE, /* the ring does not hold it any more */
    MOVE_RING,
    MOVE_WAIT, /* it has seen more than the feed: it comes from another server */
    MOVE_DONE,
};

static enum move move_of(const struct catch_up *c, int ledger)
{
    int64_t position = feed_position(c->server->feed, ledger);

    if (seen(c, ledger) == position)
        return MOVE_DONE;
    if (seen(c, ledger) > position)
        return MOVE_WAIT;
    return feed_find(c->server->feed, ledger, seen(c, ledger) + 1) ? MOVE_RING : MOVE_PAGE;
}

static enum move next_move(const struct catch_up *c)
{
    enum move next = MOVE_DONE;

    for (int i = 0; i < LEDGER_COUNT; i++)
        if (follows(c, i) && move_of(c, i) < next)
            next = move_of(c, i);
    return next;
}

/* --- sending --------------------------------------------------------------------------------- */

static void add(struct catch_up *c, int ledger, int64_t seq, struct span type, struct span item,
                struct buffer *text)
{
    struct buffer id = {0};

    c->at.seqs[ledger] = seq;
    cursor_write(&c->at, c->list, &id);
    sse_write(text, type, buffer_span(&id), item);
    buffer_free(&id);
}

/* What comes next of one ledger, as far as the ring has it and the chunk has room. */
static void take_ring(struct catch_up *c, int ledger, struct buffer *text)
{
    const struct feed_event *event;

    while (text->size < CHUNK_BYTES &&
           (event = feed_find(c->server->feed, ledger, seen(c, ledger) + 1))) {
        struct buffer item = {0};
        if (audience_sees(c->audience, ledger, event)) {
            feed_event_write(event, audience_parts(c->audience, ledger), &item);
            add(c, ledger, event->seq, event->type, buffer_span(&item), text);
        }
        c->at.seqs[ledger] = event->seq;
        buffer_free(&item);
    }
}

static void send_text(struct catch_up *c, struct buffer *text)
{
    if (text->size) {
        c->is_full = true;
        watch_send_text(c->watch, text);
    }
}

static void send_ring(struct catch_up *c)
{
    struct buffer text = {0};

    for (int i = 0; i < LEDGER_COUNT; i++)
        if (follows(c, i))
            take_ring(c, i, &text);
    send_text(c, &text);
}

/* --- pages ----------------------------------------------------------------------------------- */

static int ledger_of(const struct catch_up *c, const json_t *item)
{
    int ledger = gate_index_find(c->server->gates,
                                 span_of(json_string_value(json_object_get(item, "gate"))));

    return ledger < 0 ? LEDGER_PLATFORM : ledger;
}

static void take_item(struct catch_up *c, json_t *item, struct buffer *text)
{
    int ledger = ledger_of(c, item);
    int64_t seq = json_integer_value(json_object_get(item, "seq"));
    char *json = json_dumps(item, JSON_COMPACT);

    CHECK(json);
    add(c, ledger, seq, span_of(json_string_value(json_object_get(item, "type"))), span_of(json),
        text);
    free(json);
}

/* Behind the last item lies what was looked through in vain. */
static void take_next(struct catch_up *c, const json_t *root)
{
    struct span next = span_of(json_string_value(json_object_get(root, "next")));
    struct cursor cursor;

    if (!cursor_read(next, c->list, &cursor))
        return;
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (cursor.seqs[i] > c->at.seqs[i])
            c->at.seqs[i] = cursor.seqs[i];
}

static void take_page(struct catch_up *c, struct span body)
{
    json_t *root = json_loadb(body.at, body.size, 0, NULL), *item;
    struct buffer text = {0};
    size_t i;

    json_array_foreach (json_object_get(root, "items"), i, item)
        take_item(c, item, &text);
    take_next(c, root);
    json_decref(root);
    send_text(c, &text);
}

static void on_page(struct own_read *read, const struct answer *answer)
{
    struct catch_up *c = container_of(read, struct catch_up, read);

    c->is_reading = false;
    if (c->is_freed) {
        catch_up_free(c);
        return;
    }
    if (answer->fault)
        return; /* tried again in a second */
    take_page(c, answer->body);
    catch_up_retry(c);
}

static void ask_page(struct catch_up *c)
{
    struct buffer after = {0};

    cursor_write(&c->at, c->list, &after);
    c->argument.size = 0;
    audience_ask(c->audience, clock_wall_ms(), buffer_span(&after), &c->argument);
    buffer_free(&after);
    c->is_reading = true;
    c->read.done = on_page;
    reads_ask(c->server->reads, &c->read, "events", c->argument.at);
}

/* --- going on -------------------------------------------------------------------------------- */

/* No server is ahead of another for so long: a ledger that was never so far is of a database that
 * was restored or made anew, and what happens in it now is told from here on. */
static bool is_in_vain(struct catch_up *c)
{
    int64_t now_ms = clock_steady_ms();
    bool is_cut = false;

    if (!c->waits_since_ms)
        c->waits_since_ms = now_ms;
    if (now_ms - c->waits_since_ms < WAIT_MS)
        return false;
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (follows(c, i) && seen(c, i) > feed_head(c->server->feed, i)) {
            c->at.seqs[i] = feed_head(c->server->feed, i);
            is_cut = true;
        }
    c->waits_since_ms = is_cut ? 0 : c->waits_since_ms;
    return is_cut;
}

void catch_up_retry(struct catch_up *c)
{
    while (!c->is_full && !c->is_reading && !c->watch->is_lost) {
        enum move move = next_move(c);

        c->waits_since_ms = move == MOVE_WAIT ? c->waits_since_ms : 0;
        switch (move) {
        case MOVE_PAGE:
            ask_page(c);
            break;
        case MOVE_RING:
            send_ring(c);
            break;
        case MOVE_WAIT:
            if (!is_in_vain(c))
                return;
            break;
        case MOVE_DONE:
            c->done(c->owner);
            return;
        }
    }
}

void catch_up_run(struct catch_up *c)
{
    c->is_full = false;
    catch_up_retry(c);
}
