/* SPDX-License-Identifier: MIT */
#include "services/gated/serve.h"

#include <strings.h>

#include "services/gated/ask.h"
#include "services/gated/auth.h"
#include "services/gated/http.h"
#include "services/gated/metrics.h"
#include "services/gated/refresh.h"
#include "services/gated/reply.h"
#include "services/gated/routes.h"
#include "services/gated/server.h"
#include "services/gated/web.h"

/* Bodies are JSON and nothing else (RFC 8259), and not packed; parameters such as charset are
 * passed over. */
static enum fault check_media_type(const struct request *r)
{
    const char *encoding = http_header(r->exchange, "Content-Encoding");
    struct span type = span_of(http_header(r->exchange, "Content-Type"));
    struct span name = span_take(&type, ';');

    if (http_ask(r->exchange)->body.size == 0)
        return OK;
    while (name.size && name.at[name.size - 1] == ' ')
        name.size--;
    bool is_json = name.size == 16 && !strncasecmp(name.at, "application/json", name.size);
    bool is_plain = !encoding || !strcasecmp(encoding, "identity");
    return is_json && is_plain ? OK : FAULT_BAD_MEDIA_TYPE;
}

static enum fault check_query(struct request *r)
{
    bool is_twice;
    const char *wrong = http_query_wrong(r->exchange, &is_twice);

    if (http_query_is_valid(r->exchange))
        return OK;
    if (wrong)
        failures_add(&r->failures, span_of(wrong),
                     is_twice ? MESSAGE_DUPLICATE : MESSAGE_NOT_PRINTABLE);
    return FAULT_BAD_QUERY;
}

/* A stranger's attempts are counted, too, by his address. */
static enum fault check_who(struct request *r)
{
    enum fault fault = auth_check(r);

    TRY(auth_limit(r));
    return fault;
}

/* Before keys and gates were read once, nobody can be told that something does not exist. */
static enum fault check_started(const struct request *r)
{
    bool is_local = r->route->kind == KIND_LOCAL;

    return is_local || refresh_is_complete(r->server) ? OK : FAULT_DB_LOST;
}

static enum fault prepare(struct request *r)
{
    const struct http_ask *asked = http_ask(r->exchange);

    enum fault found = route_find(r, asked->method, asked->path);

    if (found == FAULT_NOT_FOUND && web_find(asked->path)) {
        r->allow = "GET, HEAD"; /* a screen's, which are asked for before */
        found = FAULT_METHOD_NOT_ALLOWED;
    }
    if (found) {
        TRY(auth_limit(r)); /* by address: guessing paths is counted, too */
        return found;
    }
    TRY(check_started(r));
    TRY(check_who(r));
    TRY(check_query(r));
    TRY(check_media_type(r));
    TRY(gate_time_read(http_header(r->exchange, "Gate-Time"), r->server->is_sandbox, &r->given_ms));
    if (!r->principal)
        r->given_ms = 0; /* a stranger does not move a sandbox's clock */
    r->now_ms = r->given_ms ? r->given_ms : r->wall_ms;
    return OK;
}

void serve_request(struct exchange *exchange, void *owner)
{
    struct request *r = request_new(owner, exchange);

    if (web_serve(r))
        return;
    enum fault fault = prepare(r);
    const struct route *route = r->route;

    if (!fault)
        fault = route->ask(r);
    if (!fault && route->kind != KIND_LOCAL)
        fault = ask_query_unread(r);
    if (fault) {
        reply_fault(r, fault);
        request_end(r);
    } else if (route->kind != KIND_LOCAL) {
        request_submit(r);
    } /* else its ask has the request, or has ended it already */
}

void serve_end(struct exchange *exchange, void *owner)
{
    struct follower *follower = http_context(exchange);

    (void)owner;
    if (follower)
        follower->on_end(follower);
}

void serve_room(struct exchange *exchange, void *owner)
{
    struct follower *follower = http_context(exchange);

    (void)owner;
    if (follower && follower->on_room)
        follower->on_room(follower);
}

void serve_refusal(enum fault fault, void *owner)
{
    struct server *server = owner;

    metrics_count(server->metrics, NULL, fault_status(fault), 0);
}
