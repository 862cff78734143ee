/* SPDX-License-Identifier: MIT */
#include "services/gated/watch.h"

#include <utlist.h>

#include "services/gated/http.h"
#include "services/gated/reply.h"

enum { RETRY_STEP_MS = 200 };

static void on_end(struct follower *follower)
{
    struct watch *watch = container_of(follower, struct watch, follower);

    watch_move(watch, NULL);
    watch->exchange = NULL;
    watch->tally->open--;
    watch->on_gone(watch);
}

static void on_room(struct follower *follower)
{
    struct watch *watch = container_of(follower, struct watch, follower);

    if (watch->on_room && !watch->is_lost)
        watch->on_room(watch);
}

bool watch_start(struct watch *watch, struct request *r, struct watch_tally *tally,
                 size_t queue_max, struct span id)
{
    struct buffer text = {0};

    struct exchange *exchange = reply_stream(r, queue_max);
    request_end(r);
    if (!exchange)
        return false;
    watch->exchange = exchange;
    watch->tally = tally;
    watch->slot = (int)(tally->started++ % WATCH_BEAT_S);
    watch->follower = (struct follower){.on_end = on_end, .on_room = on_room};
    http_set_context(exchange, &watch->follower);
    if (watch->on_room)
        http_stream_ask_room(exchange);
    tally->open++;
    buffer_print(&text, "retry: %d\n", WATCH_RETRY_MS);
    if (id.size)
        buffer_print(&text, "id: %.*s\n", SPAN_ARG(id));
    buffer_add(&text, SPAN("\n"));
    watch_send_text(watch, &text);
    return true;
}

void watch_move(struct watch *watch, struct watch_set *set)
{
    if (watch->set) {
        DL_DELETE(watch->set->first, watch);
        watch->set->count--;
    }
    watch->set = set;
    if (set) {
        DL_APPEND(set->first, watch);
        set->count++;
    }
}

bool watch_send(struct watch *watch, struct http_block *block)
{
    if (watch->is_lost)
        return false;
    if (http_stream_send(watch->exchange, block))
        return true;
    watch->is_lost = true;
    watch->tally->dropped++;
    watch_move(watch, NULL);
    return false;
}

bool watch_send_text(struct watch *watch, struct buffer *text)
{
    struct http_block *block = http_block_new(buffer_span(text));
    bool is_sent = watch_send(watch, block);

    http_block_release(block);
    buffer_free(text);
    return is_sent;
}

void watch_end(struct watch *watch)
{
    watch_move(watch, NULL);
    if (!watch->is_lost)
        http_stream_end(watch->exchange);
    watch->is_lost = true;
}

void watch_set_send(struct watch_set *set, struct http_block *block)
{
    struct watch *watch, *next;

    DL_FOREACH_SAFE (set->first, watch, next)
        watch_send(watch, block);
}

void watch_set_beat(struct watch_set *set, int64_t second, struct span id)
{
    struct watch *watch, *next;
    struct buffer text = {0};

    buffer_add(&text, SPAN(": beat\n"));
    if (id.size)
        buffer_print(&text, "id: %.*s\n", SPAN_ARG(id));
    buffer_add(&text, SPAN("\n"));
    struct http_block *block = http_block_new(buffer_span(&text));
    buffer_free(&text);
    DL_FOREACH_SAFE (set->first, watch, next)
        if (watch->slot == second % WATCH_BEAT_S)
            watch_send(watch, block);
    http_block_release(block);
}

void watch_set_end(struct watch_set *set)
{
    struct watch *watch, *next;
    struct buffer text = {0};

    DL_FOREACH_SAFE (set->first, watch, next) {
        buffer_print(&text, "retry: %d\n\n", WATCH_RETRY_MS + watch->slot * RETRY_STEP_MS);
        watch_send_text(watch, &text);
        watch_end(watch);
    }
}

void sse_write(struct buffer *out, struct span name, struct span id, struct span data)
{
    buffer_print(out, "event: %.*s\n", SPAN_ARG(name));
    if (id.size)
        buffer_print(out, "id: %.*s\n", SPAN_ARG(id));
    buffer_add(out, SPAN("data: "));
    buffer_add(out, data);
    buffer_add(out, SPAN("\n\n"));
}
