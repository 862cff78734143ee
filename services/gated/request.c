/* SPDX-License-Identifier: MIT */
#include "services/gated/request.h"

#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "services/gated/http.h"
#include "services/gated/ledgers.h"
#include "services/gated/metrics.h"
#include "services/gated/reads.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

/* The client hung up, or has its reply: the request goes on without it. */
static void on_end(struct follower *follower)
{
    container_of(follower, struct request, follower)->exchange = NULL;
}

struct request *request_new(struct server *server, struct exchange *exchange)
{
    const struct http_ask *asked = http_ask(exchange);
    struct arena *arena = arena_new();
    struct request *r = arena_alloc(arena, sizeof *r);

    *r = (struct request){
        .server = server,
        .exchange = exchange,
        .arena = arena,
        .id = arena_copy(arena, span_of(asked->id)),
        .language = language_choose(http_header(exchange, "Accept-Language")),
        .wall_ms = clock_wall_ms(),
        .started_us = asked->arrived_us,
        .failures = failures_new(arena),
        .follower = {.on_end = on_end},
    };
    http_set_context(exchange, &r->follower);
    server->requests++;
    return r;
}

static void log_request(const struct request *r, int64_t took_us)
{
    char status[12], took_ms[24], principal[24];

    snprintf(status, sizeof status, "%d", r->status);
    snprintf(took_ms, sizeof took_ms, "%.1f", (double)took_us / 1000.0);
    snprintf(principal, sizeof principal, "%lld", r->principal ? (long long)r->principal->id : 0LL);
    log_write(LOG_INFO, "request", "id", r->id.at, "route", r->route ? r->route->path : "",
              "method", r->route ? r->route->method : "", "status", status, "ms", took_ms,
              "principal", principal, NULL);
}

void request_end(struct request *r)
{
    int64_t took_us = clock_steady_us() - r->started_us;

    metrics_count(r->server->metrics, r->route, r->status, took_us);
    log_request(r, took_us);
    if (r->exchange)
        http_set_context(r->exchange, NULL);
    r->server->requests--;
    arena_free(r->arena);
}

struct exchange *request_steal_exchange(struct request *r)
{
    struct exchange *exchange = r->exchange;

    if (exchange)
        http_set_context(exchange, NULL);
    r->exchange = NULL;
    r->status = 200;
    return exchange;
}

struct answer answer_keep(struct arena *arena, const struct answer *answer)
{
    struct answer kept = *answer;

    kept.etag = arena_copy(arena, answer->etag);
    kept.body = arena_copy(arena, answer->body);
    return kept;
}

static void finish(struct request *r)
{
    r->finish(r);
    request_end(r);
}

/* A change of people, keys or sessions holds in this process before its reply is out. */
static void on_sessions_read(struct refresh_waiter *waiter)
{
    struct request *r = container_of(waiter, struct request, waiter);

    if (r->finish)
        r->finish(r);
    else
        reply_answer(r, &r->answers[0]);
    request_end(r);
}

static void on_keys_read(struct refresh_waiter *waiter)
{
    struct request *r = container_of(waiter, struct request, waiter);

    r->waiter.done = on_sessions_read;
    refresh_sessions(r->server->refresh, &r->waiter);
}

static void on_platform_answer(struct command *command, const struct answer *answer)
{
    struct request *r = command->request;

    r->answers[0] = answer_keep(r->arena, answer);
    if (r->is_about_session)
        on_keys_read(&r->waiter);
    else {
        r->waiter.done = on_keys_read;
        refresh_keys(r->server->refresh, &r->waiter);
    }
}

static void on_only_answer(struct command *command, const struct answer *answer)
{
    struct request *r = command->request;

    reply_answer(r, answer);
    request_end(r);
}

/* The first of two ledgers has answered. */
static void on_first_answer(struct command *command, const struct answer *answer)
{
    struct request *r = command->request;
    void (*then)(struct request *, const struct answer *) = r->then;

    r->then = NULL;
    r->outstanding = 0;
    then(r, answer);
}

static void on_answer(struct command *command, const struct answer *answer)
{
    struct request *r = command->request;

    r->answers[command - r->commands] = answer_keep(r->arena, answer);
    if (--r->outstanding == 0)
        finish(r);
}

typedef void take_answer(struct command *command, const struct answer *answer);

static take_answer *taker_of(const struct request *r, const struct command *command)
{
    if (command->ledger == LEDGER_PLATFORM && r->command_count == 1)
        return on_platform_answer;
    if (r->then)
        return on_first_answer;
    return r->finish ? on_answer : on_only_answer;
}

void request_submit_commands(struct request *r)
{
    for (int i = 0; i < r->command_count; i++)
        r->outstanding += r->commands[i].ledger >= 0;
    if (r->outstanding == 0) {
        finish(r);
        return;
    }
    for (int i = 0; i < r->command_count; i++) {
        r->commands[i].done = taker_of(r, &r->commands[i]);
        if (r->commands[i].ledger >= 0)
            ledgers_submit(r->server->ledgers, &r->commands[i]);
    }
}

void request_submit(struct request *r)
{
    if (r->route->kind == KIND_READ)
        reads_submit(r, r->route->verb);
    else if (r->read_name)
        reads_submit(r, r->read_name);
    else
        request_submit_commands(r);
}
