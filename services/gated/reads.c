/* SPDX-License-Identifier: MIT */
#include "services/gated/reads.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#include "common/base/log.h"
#include "common/db/pool.h"
#include "common/db/row.h"
#include "services/gated/config.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum { STATEMENT_MAX = 128, WAITING_PER_PLACE = 16, CONNECT_TIMEOUT_MS = 5000 };

/* The text of a call, made once per function: a statement is known by its address. */
struct statement_text {
    const char *name;
    char text[STATEMENT_MAX];
    UT_hash_handle hh;
};

struct reads {
    struct db_pool *pool;
    struct statement_text *texts;
};

struct reads *reads_open(uv_loop_t *loop, const struct config *config)
{
    struct reads *reads = calloc(1, sizeof *reads);
    struct db_pool_options options = {
        .conn =
            {
                .url = config->database_url,
                .application = "gated read",
                .settings = "-c jit=off -c default_transaction_read_only=off",
                .statement_timeout_ms = config->statement_timeout_ms,
                .connect_timeout_ms = CONNECT_TIMEOUT_MS,
                .depth = (int)config->read_depth,
            },
        .size = (int)config->read_connections,
        .waiting = (int)(config->read_connections * config->read_depth * WAITING_PER_PLACE),
    };

    CHECK(reads);
    reads->pool = db_pool_open(loop, &options);
    return reads;
}

void reads_close(struct reads *reads)
{
    db_pool_close(reads->pool);
}

void reads_free(struct reads *reads)
{
    struct statement_text *text, *next;

    HASH_ITER(hh, reads->texts, text, next)
    {
        HASH_DEL(reads->texts, text);
        free(text);
    }
    free(reads);
}

int reads_load(const struct reads *reads)
{
    return db_pool_load(reads->pool);
}

static const char *statement_of(struct reads *reads, const char *name)
{
    struct statement_text *text;

    HASH_FIND(hh, reads->texts, name, (unsigned)strlen(name), text);
    if (text)
        return text->text;
    text = calloc(1, sizeof *text);
    CHECK(text);
    text->name = name;
    int size = snprintf(text->text, sizeof text->text,
                        "select code, etag, body from api.%s($1::jsonb)", name);
    CHECK(size > 0 && size < STATEMENT_MAX);
    HASH_ADD_KEYPTR(hh, reads->texts, text->name, (unsigned)strlen(name), text);
    return text->text;
}

static struct answer answer_of(const struct query *query, enum fault fault, const PGresult *result)
{
    struct answer answer = {.fault = fault, .status = 200};

    if (fault == FAULT_INTERNAL)
        log_write(LOG_ERROR, "a read failed in the database", "sqlstate", db_sqlstate(result),
                  "statement", query->statement, NULL);
    if (fault)
        return answer;
    if (PQntuples(result) == 0) {
        answer.fault = FAULT_NOT_FOUND;
        return answer;
    }
    answer.fault = fault_of_code(row_text(result, 0, 0));
    answer.etag = row_text(result, 0, 1);
    answer.body = row_text(result, 0, 2);
    return answer;
}

/* --- of requests ---------------------------------------------------------------------------- */

struct request_read {
    struct query query;
    struct request *request;
};

static void on_request_read(struct query *query, enum fault fault, const PGresult *result)
{
    struct request *r = container_of(query, struct request_read, query)->request;
    struct answer answer = answer_of(query, fault, result);

    if (r->on_read) {
        r->on_read(r, &answer);
        return;
    }
    reply_answer(r, &answer);
    request_end(r);
}

void reads_submit(struct request *r, const char *name)
{
    struct request_read *read = arena_alloc(r->arena, sizeof *read);

    CHECK(r->read.at);
    *read = (struct request_read){
        .query =
            {
                .statement = statement_of(r->server->reads, name),
                .parameter_count = 1,
                .parameters = {r->read.at},
                .done = on_request_read,
            },
        .request = r,
    };
    db_pool_send(r->server->reads->pool, &read->query);
}

/* --- of the server -------------------------------------------------------------------------- */

static void on_own_read(struct query *query, enum fault fault, const PGresult *result)
{
    struct own_read *read = container_of(query, struct own_read, query);
    struct answer answer = answer_of(query, fault, result);

    read->done(read, &answer);
}

void reads_ask(struct reads *reads, struct own_read *read, const char *name, const char *argument)
{
    read->query = (struct query){
        .statement = statement_of(reads, name),
        .parameter_count = 1,
        .parameters = {argument},
        .done = on_own_read,
    };
    db_pool_send(reads->pool, &read->query);
}

void reads_send(struct reads *reads, struct query *query)
{
    db_pool_send(reads->pool, query);
}
