/* SPDX-License-Identifier: MIT */
#include "services/gated/reads.h"

#include <stdio.h>
#include <stdlib.h>
#include <uthash.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/db/pool.h"
#include "common/db/row.h"
#include "services/gated/config.h"
#include "services/gated/histogram.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum { STATEMENT_MAX = 128, WAITING_PER_PLACE = 16, CONNECT_TIMEOUT_MS = 5000 };

/* One function. The text of its call is made once: a statement is known by its address. */
struct read_kind {
    const char *name;
    char text[STATEMENT_MAX];
    struct histogram latencies;
    uint64_t failures;
    UT_hash_handle hh;
};

struct reads {
    struct db_pool *pool;
    struct read_kind *kinds;
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
    struct read_kind *kind, *next;

    HASH_ITER (hh, reads->kinds, kind, next) {
        HASH_DEL(reads->kinds, kind);
        free(kind);
    }
    free(reads);
}

int reads_load(const struct reads *reads)
{
    return db_pool_load(reads->pool);
}

bool reads_are_up(const struct reads *reads)
{
    return db_pool_is_ready(reads->pool);
}

void reads_print(const struct reads *reads, struct buffer *out)
{
    const struct read_kind *kind;
    char label[STATEMENT_MAX];

    /* the format wants all lines of a figure in one group */
    buffer_add_text(out, "# TYPE gate_read_failures_total counter\n");
    for (kind = reads->kinds; kind; kind = kind->hh.next)
        buffer_print(out, "gate_read_failures_total{read=\"%s\"} %llu\n", kind->name,
                     (unsigned long long)kind->failures);
    buffer_add_text(out, "# TYPE gate_read_seconds histogram\n");
    for (kind = reads->kinds; kind; kind = kind->hh.next) {
        snprintf(label, sizeof label, "read=\"%s\"", kind->name);
        histogram_print(&kind->latencies, &HISTOGRAM_LATENCY, "gate_read_seconds", label, out);
    }
}

static struct read_kind *kind_of(struct reads *reads, const char *name)
{
    struct read_kind *kind;

    HASH_FIND(hh, reads->kinds, name, (unsigned)strlen(name), kind);
    if (kind)
        return kind;
    kind = calloc(1, sizeof *kind);
    CHECK(kind);
    kind->name = name;
    int size = snprintf(kind->text, sizeof kind->text,
                        "select code, etag, body from api.%s($1::jsonb)", name);
    CHECK(size > 0 && size < STATEMENT_MAX);
    HASH_ADD_KEYPTR(hh, reads->kinds, kind->name, (unsigned)strlen(name), kind);
    return kind;
}

static void count(struct read_kind *kind, int64_t asked_us, enum fault fault)
{
    histogram_add(&kind->latencies, &HISTOGRAM_LATENCY, clock_steady_us() - asked_us);
    kind->failures += fault != OK;
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
    struct read_kind *kind;
    int64_t asked_us;
    struct request *request;
};

static void on_request_read(struct query *query, enum fault fault, const PGresult *result)
{
    const struct request_read *read = container_of(query, struct request_read, query);
    struct request *r = read->request;
    struct answer answer = answer_of(query, fault, result);

    count(read->kind, read->asked_us, fault);
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
    struct read_kind *kind = kind_of(r->server->reads, name);

    CHECK(r->read.at);
    *read = (struct request_read){
        .query =
            {
                .statement = kind->text,
                .parameter_count = 1,
                .parameters = {r->read.at},
                .done = on_request_read,
            },
        .kind = kind,
        .asked_us = clock_steady_us(),
        .request = r,
    };
    db_pool_send(r->server->reads->pool, &read->query);
}

/* --- of the server -------------------------------------------------------------------------- */

static void on_own_read(struct query *query, enum fault fault, const PGresult *result)
{
    struct own_read *read = container_of(query, struct own_read, query);
    struct answer answer = answer_of(query, fault, result);

    count(read->kind, read->asked_us, fault);
    read->done(read, &answer);
}

void reads_ask(struct reads *reads, struct own_read *read, const char *name, const char *argument)
{
    read->kind = kind_of(reads, name);
    read->asked_us = clock_steady_us();
    read->query = (struct query){
        .statement = read->kind->text,
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
