/* SPDX-License-Identifier: MIT */
#include "services/gated/health.h"

#include <stdlib.h>

#include "services/gated/ledgers.h"
#include "services/gated/reads.h"
#include "services/gated/refresh.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum { BOUND_MS = 1000 };

enum fault livez_ask(struct request *r)
{
    reply_json(r, 200, SPAN("{\"live\":true}"));
    request_end(r);
    return OK;
}

/* The database is asked; the first of its answer and the timer answers the request. */
struct check {
    struct own_read read;
    uv_timer_t timer;
    struct request *request; /* NULL: answered */
    bool is_read;
    bool is_closed;
};

static void answer(struct check *check, const char *why)
{
    struct request *r = check->request;

    check->request = NULL;
    if (!r)
        return;
    if (!why)
        reply_json(r, 200, SPAN("{\"ready\":true}"));
    else
        reply_json(r, 503, arena_print(r->arena, "{\"ready\":false,\"why\":\"%s\"}", why));
    request_end(r);
}

static void check_free(struct check *check)
{
    if (check->is_read && check->is_closed)
        free(check);
}

static void on_closed(uv_handle_t *handle)
{
    struct check *check = container_of((uv_timer_t *)(void *)handle, struct check, timer);

    check->is_closed = true;
    check_free(check);
}

static void on_late(uv_timer_t *timer)
{
    answer(container_of(timer, struct check, timer), "the database does not answer");
}

static const char *why_not(const struct server *server, const struct answer *database)
{
    if (database->fault)
        return fault_code(database->fault);
    if (!refresh_is_complete(server))
        return "keys and gates are not read yet";
    if (!ledgers_are_ready(server->ledgers))
        return "a ledger has no database connection";
    return NULL;
}

static void on_read(struct own_read *read, const struct answer *database)
{
    struct check *check = container_of(read, struct check, read);

    check->is_read = true;
    if (check->request)
        answer(check, why_not(check->request->server, database));
    uv_close((uv_handle_t *)&check->timer, on_closed);
}

enum fault readyz_ask(struct request *r)
{
    if (r->server->is_draining) {
        reply_json(r, 503, SPAN("{\"ready\":false,\"why\":\"draining\"}"));
        request_end(r);
        return OK;
    }
    struct check *check = calloc(1, sizeof *check);
    CHECK(check);
    check->request = r;
    check->read.done = on_read;
    uv_timer_init(r->server->loop, &check->timer);
    uv_timer_start(&check->timer, on_late, BOUND_MS, 0);
    reads_ask(r->server->reads, &check->read, "config_version", "{}");
    return OK;
}
