/* SPDX-License-Identifier: MIT
 * A small server over services/gated/http.h, to try that layer alone:
 *   GET /anything            the request as JSON: method, path, body, query
 *   GET /slow?ms=N           the same, N milliseconds later
 *   GET /stream?every=N      server-sent events, one each N ms, until the client leaves
 *   GET /flood?queue=N       the same as fast as the loop turns, with N bytes of queue
 *   GET /large?bytes=N       an answer of N bytes
 *   GET /figures             connections, streams, dropped streams, exchanges begun and ended
 * Usage: echo_server [port [head_ms [body_ms [idle_ms [per_address [cert.pem key.pem
 * [reply_ms]]]]]]] Prints its port. SIGTERM stops it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/loop/loop.h"
#include "services/gated/http.h"

enum { CONNECTIONS = 20000, STREAM_QUEUE = 65536, FLOOD_BYTES = 4096 };

struct call { /* an exchange that is not answered at once */
    struct call *prev, *next;
    struct exchange *exchange;
    uv_timer_t timer;
    struct http_block *block;
};

static struct {
    struct http *http;
    uv_timer_t beat;
    struct call *streams;
    int stream_count, dropped, begun, ended, refused;
} server;

static bool add_parameter(void *context, const char *name, const char *value)
{
    struct buffer *text = context;

    buffer_add_text(text, text->at[text->size - 1] == '{' ? "" : ",");
    buffer_add_json(text, span_of(name));
    buffer_add_text(text, ":");
    buffer_add_json(text, span_of(value));
    return true;
}

static void reply_text(struct exchange *exchange, int status, struct span text)
{
    http_reply(exchange, &(struct http_reply){.status = status,
                                              .content_type = "application/json",
                                              .body = text,
                                              .header_count = 1,
                                              .headers = {{"Cache-Control", "no-store"}}});
}

static void reply_echo(struct exchange *exchange)
{
    const struct http_ask *ask = http_ask(exchange);
    struct buffer text = {0};

    buffer_add_text(&text, "{\"method\":");
    buffer_add_json(&text, ask->method);
    buffer_add_text(&text, ",\"path\":");
    buffer_add_json(&text, ask->path);
    buffer_print(&text, ",\"size\":%zu,\"address\":\"%s\",\"id\":\"%s\",\"query\":{",
                 ask->body.size, ask->address, ask->id);
    http_query_each(exchange, add_parameter, &text);
    buffer_print(&text, "},\"query_is_valid\":%s,\"body\":",
                 http_query_is_valid(exchange) ? "true" : "false");
    buffer_add_json(&text, ask->body.size > 256 ? SPAN("...") : ask->body);
    buffer_add_text(&text, "}");
    reply_text(exchange, 200, buffer_span(&text));
    buffer_free(&text);
}

static void reply_figures(struct exchange *exchange)
{
    struct span text =
        arena_print(http_ask(exchange)->arena,
                    "{\"connections\":%d,\"streams\":%d,\"dropped\":%d,\"begun\":%d,\"ended\":%d,"
                    "\"refused\":%d}",
                    http_connections(server.http), server.stream_count, server.dropped,
                    server.begun, server.ended, server.refused);
    reply_text(exchange, 200, text);
}

/* ---- answers that take time ---- */

static void on_call_closed(uv_handle_t *handle)
{
    struct call *call = handle->data;

    if (call->block)
        http_block_release(call->block);
    free(call);
}

static void on_slow(uv_timer_t *timer)
{
    struct call *call = timer->data;

    if (call->exchange)
        reply_echo(call->exchange);
}

static void on_flood(uv_timer_t *timer)
{
    struct call *call = timer->data;

    if (call->exchange && !http_stream_send(call->exchange, call->block)) {
        server.dropped++;
        uv_timer_stop(timer);
    }
}

static int64_t number(struct exchange *exchange, const char *name, int64_t fallback)
{
    const char *text = http_query(exchange, name);

    return text ? strtoll(text, NULL, 10) : fallback;
}

static void reply_large(struct exchange *exchange)
{
    size_t size = (size_t)number(exchange, "bytes", 0);
    char *text = arena_alloc(http_ask(exchange)->arena, size);

    reply_text(exchange, 200, (struct span){text, size});
}

static struct call *call_new(struct exchange *exchange)
{
    struct call *call = calloc(1, sizeof *call);

    CHECK(call);
    call->exchange = exchange;
    call->timer.data = call;
    uv_timer_init(server.beat.loop, &call->timer);
    http_set_context(exchange, call);
    return call;
}

static void begin_slow(struct exchange *exchange)
{
    struct call *call = call_new(exchange);

    uv_timer_start(&call->timer, on_slow, (uint64_t)number(exchange, "ms", 100), 0);
}

static void begin_stream(struct exchange *exchange, int64_t queue_max)
{
    http_stream(exchange,
                &(struct http_reply){.status = 200,
                                     .content_type = "text/event-stream",
                                     .header_count = 1,
                                     .headers = {{"Cache-Control", "no-store"}}},
                (size_t)queue_max);
}

static void begin_flood(struct exchange *exchange)
{
    static char text[FLOOD_BYTES];
    struct call *call = call_new(exchange);

    memset(text, 'x', sizeof text);
    call->block = http_block_new((struct span){text, sizeof text});
    begin_stream(exchange, number(exchange, "queue", STREAM_QUEUE));
    uv_timer_start(&call->timer, on_flood, 1, 1);
}

/* One block for all boards, as the service does it. */
static void on_beat(uv_timer_t *timer)
{
    struct http_block *block = http_block_new(SPAN("data: {\"tick\":true}\n\n"));
    struct call *call;

    (void)timer;
    DL_FOREACH (server.streams, call)
        if (!http_stream_send(call->exchange, block))
            server.dropped++;
    http_block_release(block);
}

static void begin_board(struct exchange *exchange)
{
    struct call *call = call_new(exchange);
    int64_t every_ms = number(exchange, "every", 0);

    DL_APPEND(server.streams, call);
    server.stream_count++;
    begin_stream(exchange, STREAM_QUEUE);
    if (every_ms)
        uv_timer_start(&server.beat, on_beat, (uint64_t)every_ms, (uint64_t)every_ms);
}

/* ---- events ---- */

static void on_request(struct exchange *exchange, void *owner)
{
    struct span path = http_ask(exchange)->path;

    (void)owner;
    server.begun++;
    if (span_is(path, "/slow"))
        begin_slow(exchange);
    else if (span_is(path, "/stream"))
        begin_board(exchange);
    else if (span_is(path, "/flood"))
        begin_flood(exchange);
    else if (span_is(path, "/large"))
        reply_large(exchange);
    else if (span_is(path, "/figures"))
        reply_figures(exchange);
    else
        reply_echo(exchange);
}

static void on_end(struct exchange *exchange, void *owner)
{
    struct call *call = http_context(exchange);

    (void)owner;
    server.ended++;
    if (!call)
        return;
    if (span_is(http_ask(exchange)->path, "/stream")) {
        DL_DELETE(server.streams, call);
        server.stream_count--;
    }
    call->exchange = NULL;
    uv_close((uv_handle_t *)&call->timer, on_call_closed);
}

static void on_refusal(enum fault fault, void *owner)
{
    (void)fault;
    (void)owner;
    server.refused++;
}

static void on_closed(void *owner)
{
    (void)owner;
    CHECK(server.begun == server.ended);
    uv_close((uv_handle_t *)&server.beat, NULL);
}

static void on_stop(void *owner)
{
    (void)owner;
    http_close(server.http, on_closed, NULL);
}

/* NULL when there is none. The text is kept for the life of the process. */
static const char *file_read(const char *path)
{
    static char texts[2][16384];
    static int used;
    FILE *file = path ? fopen(path, "r") : NULL;

    if (!file)
        return NULL;
    CHECK(used < 2);
    char *text = texts[used++];
    text[fread(text, 1, sizeof texts[0] - 1, file)] = '\0';
    fclose(file);
    return text;
}

static int64_t argument(int argc, char **argv, int index)
{
    return index < argc ? strtoll(argv[index], NULL, 10) : 0;
}

int main(int argc, char **argv)
{
    struct loop_options loop = {.on_stop = on_stop, .drain_ms = 5000};
    struct http_options options = {
        .address = "127.0.0.1",
        .port = argument(argc, argv, 1),
        .connections = http_reserve(CONNECTIONS, 1),
        .head_deadline_ms = argument(argc, argv, 2),
        .body_deadline_ms = argument(argc, argv, 3),
        .idle_ms = argument(argc, argv, 4),
        .connections_per_address = argument(argc, argv, 5),
        .tls_certificate = file_read(argc > 6 ? argv[6] : NULL),
        .tls_key = file_read(argc > 7 ? argv[7] : NULL),
        .reply_deadline_ms = argument(argc, argv, 8),
    };
    struct http_events events = {
        .on_request = on_request, .on_end = on_end, .on_refusal = on_refusal};

    uv_timer_init(loop_start(&loop), &server.beat);
    server.http = http_open(server.beat.loop, &options, &events);
    if (!server.http)
        return 1;
    printf("%d\n", http_port(server.http));
    fflush(stdout);
    return loop_run();
}
