/* SPDX-License-Identifier: MIT
 * One PostgreSQL connection in pipeline mode on the libuv loop.
 *
 * States: DOWN -> CONNECTING -> PREPARING -> READY -> DRAINING -> DOWN. A query is a function call
 * with text parameters, followed by one sync: each query is one transaction, and a fault stays with
 * its owner. Deliberately absent: cancel (blocks in libpq 15), resending (only the client may
 * retry), COPY, row-by-row delivery.
 */
#ifndef COMMON_DB_CONN_H
#define COMMON_DB_CONN_H

#include <libpq-fe.h>
#include <stdint.h>
#include <uv.h>

#include "common/base/fault.h"

enum { QUERY_PARAMETERS_MAX = 16 };

struct query;
/* Called exactly once per query and never from inside db_conn_send()/db_pool_send(). On OK result
 * holds the rows, borrowed for the call; otherwise result is NULL, or the error result when the
 * server gave one (its SQLSTATE can be read with db_sqlstate()). */
typedef void query_done(struct query *query, enum fault fault, const PGresult *result);

/* Embedded by the caller, who owns it and all the texts until done is called. */
struct query {
    const char *statement; /* SQL with $1...; prepared once per connection, so a static text */
    int parameter_count;
    const char *parameters[QUERY_PARAMETERS_MAX]; /* text format, NULL is SQL null */
    query_done *done;
    /* owned by the connection */
    struct query *next;
    int64_t sent_ms;
};

struct db_conn;

struct db_conn_options {
    const char *url;             /* libpq connection string */
    const char *application;     /* application_name */
    const char *settings;        /* further "-c name=value" options; may be NULL */
    int64_t statement_timeout_ms;
    int64_t connect_timeout_ms;
    int depth;                   /* queries in flight at most */
    /* After every change between READY and not READY; text says why it is down, else NULL. */
    void (*on_state)(void *owner, bool is_ready, const char *why);
    void *owner;
};

/* Opens and keeps open: reconnects by itself with backoff 100 ms doubled to 5 s, +-20 % jitter. */
struct db_conn *db_conn_open(uv_loop_t *loop, const struct db_conn_options *options);
/* Fails what is in flight with FAULT_DB_LOST and frees the connection once its handles are closed. */
void db_conn_close(struct db_conn *conn);
bool db_conn_is_ready(const struct db_conn *conn);
/* Queries in flight. */
int db_conn_load(const struct db_conn *conn);
/* Takes the query when the connection is READY and has room; false otherwise (done is not called). */
bool db_conn_send(struct db_conn *conn, struct query *query) __attribute__((warn_unused_result));

#endif
