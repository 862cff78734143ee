/* SPDX-License-Identifier: MIT
 * One request and its answer: what the library calls, in the order it calls.
 */
#include <stdio.h>
#include <strings.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "services/gated/http_parts.h"

const struct http_ask *http_ask(const struct exchange *exchange)
{
    return &exchange->ask;
}

bool http_is_secure(const struct exchange *exchange)
{
    return exchange->http->is_tls;
}

const char *http_header(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->library, MHD_HEADER_KIND, name);
}

void http_set_context(struct exchange *exchange, void *context)
{
    exchange->context = context;
}

void *http_context(const struct exchange *exchange)
{
    return exchange->context;
}

/* ---- answers ---- */

void exchange_wake(struct exchange *exchange)
{
    if (!exchange->is_suspended)
        return;
    exchange->is_suspended = false;
    MHD_resume_connection(exchange->library);
    http_want_run(exchange->http);
}

void response_describe(struct MHD_Response *response, const struct http_reply *reply)
{
    CHECK(reply->header_count <= HTTP_REPLY_HEADERS_MAX);
    if (reply->content_type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    for (int i = 0; i < reply->header_count; i++)
        CHECK(MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value) ==
              MHD_YES);
}

void http_reply(struct exchange *exchange, const struct http_reply *reply)
{
    CHECK(exchange->phase == PHASE_OWNER);
    exchange->phase = PHASE_REPLY;
    exchange->since_ms = clock_steady_ms();
    exchange->status = reply->status;
    exchange->response = MHD_create_response_from_buffer(
        reply->body.size, (void *)(uintptr_t)reply->body.at,
        reply->is_lasting ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    CHECK(exchange->response);
    response_describe(exchange->response, reply);
    if (exchange->http->is_closing)
        MHD_add_response_header(exchange->response, MHD_HTTP_HEADER_CONNECTION, "close");
    exchange_wake(exchange);
}

static enum MHD_Result queue_response(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->response;

    exchange->response = NULL;
    enum MHD_Result result =
        MHD_queue_response(exchange->library, (unsigned)exchange->status, response);
    MHD_destroy_response(response);
    return result;
}

void problem_print(struct buffer *text, enum fault fault, enum language language, const char *id)
{
    const char *code = fault_code(fault);

    buffer_print(text, "{\"type\":\"/problems/%s\",\"title\":", code);
    buffer_add_json(text, span_of(fault_text(fault, language)));
    buffer_print(text, ",\"status\":%d,\"code\":\"%s\"", fault_status(fault), code);
    if (id)
        buffer_print(text, ",\"instance\":\"%s\"", id);
    buffer_add_text(text, "}");
}

/* Answers with the problem. When the connection must close, the client is told so. */
static enum MHD_Result refuse(struct exchange *exchange, enum fault fault, bool is_last)
{
    enum language language = language_choose(http_header(exchange, "Accept-Language"));
    struct buffer text = {0};

    problem_print(&text, fault, language, exchange->id);
    exchange->phase = PHASE_OWNER; /* we answer in the owner's place */
    http_reply(exchange, &(struct http_reply){
                             .status = fault_status(fault),
                             .content_type = "application/problem+json",
                             .body = buffer_span(&text),
                             .header_count = is_last ? 2 : 1,
                             .headers = {{"Content-Language", language_tag(language)},
                                         {"Connection", "close"}},
                         });
    buffer_free(&text);
    if (exchange->http->events.on_refusal)
        exchange->http->events.on_refusal(fault, exchange->http->events.owner);
    return queue_response(exchange);
}

/* ---- the request, in the order of its coming ---- */

void *exchange_on_line(void *cls, const char *target, struct MHD_Connection *library)
{
    struct http *http = cls;
    struct arena *arena = arena_new();
    struct exchange *exchange = arena_alloc(arena, sizeof *exchange);

    exchange->http = http;
    exchange->library = library;
    exchange->peer = peer_of(library);
    exchange->peer->exchange = exchange;
    exchange->since_ms = clock_steady_ms();
    exchange->target = arena_copy(arena, span_of(target));
    exchange->ask.arena = arena;
    exchange->ask.address = exchange->peer->address;
    exchange->ask.id = exchange->id;
    snprintf(exchange->id, sizeof exchange->id, "%016llx", (unsigned long long)++http->last_id);
    return exchange;
}

/* A client that asked whether to go on has sent no body yet. */
static bool is_asking(const struct exchange *exchange)
{
    const char *expect = http_header(exchange, "Expect");

    return expect && strcasecmp(expect, "100-continue") == 0;
}

static enum MHD_Result on_head(struct exchange *exchange, const char *method, const char *version)
{
    struct http_ask *ask = &exchange->ask;
    const char *length = http_header(exchange, "Content-Length");
    uint64_t size = 0;

    enum fault fault = guard_frame(exchange->library, exchange->target, method, version);
    if (fault)
        return refuse(exchange, fault, true);
    exchange->phase = PHASE_BODY;
    exchange->is_head = !strcmp(method, "HEAD");
    exchange->is_chunked = !strcmp(version, "HTTP/1.1") && !http_header(exchange, "Connection") &&
                           !exchange->http->options.tls_certificate && !exchange->is_head;
    ask->arrived_us = clock_steady_us();
    exchange->since_ms = ask->arrived_us / 1000;
    ask->method = arena_copy(ask->arena, span_of(exchange->is_head ? "GET" : method));
    exchange->refusal = guard_path(exchange->target, &ask->path);
    if (length && (!span_to_number(span_of(length), UINT64_MAX, &size) || size > HTTP_BODY_MAX))
        exchange->refusal = FAULT_BODY_TOO_LARGE;
    if (exchange->refusal && (size > HTTP_DRAIN_MAX || is_asking(exchange)))
        return refuse(exchange, exchange->refusal, true);
    return MHD_YES;
}

/* A refused body is read to its end, within bounds, since most clients look for an answer only
 * when they have sent everything. */
static enum MHD_Result on_body(struct exchange *exchange, struct span data)
{
    if (!exchange->refusal && exchange->body.size + data.size > HTTP_BODY_MAX) {
        exchange->refusal = FAULT_BODY_TOO_LARGE;
        exchange->since_ms = clock_steady_ms();
        exchange->drained = exchange->body.size;
        buffer_free(&exchange->body);
    }
    if (!exchange->refusal) {
        buffer_add(&exchange->body, data);
        return MHD_YES;
    }
    exchange->drained += data.size;
    if (exchange->drained <= HTTP_DRAIN_MAX)
        return MHD_YES;
    peer_cut(exchange->peer, exchange->refusal);
    return MHD_NO;
}

static enum MHD_Result on_whole(struct exchange *exchange)
{
    struct http *http = exchange->http;

    if (exchange->refusal)
        return refuse(exchange, exchange->refusal, false);
    exchange->ask.body = buffer_span(&exchange->body);
    exchange->query = query_read(exchange->ask.arena, exchange->target);
    exchange->phase = PHASE_OWNER;
    exchange->is_owned = true;
    http->owned_count++;
    http->events.on_request(exchange, http->events.owner);
    if (exchange->response)
        return queue_response(exchange);
    MHD_suspend_connection(exchange->library);
    exchange->is_suspended = true;
    return MHD_YES;
}

static enum MHD_Result on_resumed(struct exchange *exchange)
{
    if (exchange->response)
        return queue_response(exchange);
    if (exchange->is_lost)
        return MHD_NO;
    MHD_suspend_connection(exchange->library);
    exchange->is_suspended = true;
    return MHD_YES;
}

enum MHD_Result exchange_on_call(void *cls, struct MHD_Connection *library, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *size, void **context)
{
    struct exchange *exchange = *context;
    struct http *http = cls;

    (void)library;
    (void)url; /* the target says it untouched */
    http->calls++;
    if (!exchange)
        return MHD_NO; /* a request line without a target */
    if (exchange->phase == PHASE_HEAD)
        return on_head(exchange, method, version);
    if (exchange->phase != PHASE_BODY)
        return on_resumed(exchange);
    if (*size == 0)
        return on_whole(exchange);
    struct span part = {data, *size};
    *size = 0;
    return on_body(exchange, part);
}

void exchange_on_completed(void *cls, struct MHD_Connection *library, void **context,
                           enum MHD_RequestTerminationCode code)
{
    struct http *http = cls;
    struct exchange *exchange = *context;

    (void)library;
    (void)code;
    if (!exchange)
        return;
    *context = NULL;
    if (exchange->is_owned) {
        http->owned_count--;
        http->events.on_end(exchange, http->events.owner);
    }
    exchange->peer->exchange = NULL;
    exchange->peer->has_served = true;
    exchange->peer->since_ms = clock_steady_ms();
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    stream_clear(&exchange->stream);
    buffer_free(&exchange->body);
    arena_free(exchange->ask.arena);
}
