/* SPDX-License-Identifier: MIT
 * One PostgreSQL connection in pipeline mode on the libuv loop.
 *
 * States: DOWN -> READY -> DRAINING -> DOWN (link.h has the connecting). A query is a function call
 * with text parameters, followed by one sync: each query is one transaction, and a fault stays with
 * its owner. It is answered when its sync is: only then is it committed. After an error that spoils
 * the session the connection drains: what is in flight is answered, nothing new taken, then it is
 * dropped. A server silent for statement_timeout + 1 s is dropped at once: the query at the head
 * gets FAULT_DB_TIMEOUT, those behind it FAULT_DB_LOST.
 * Deliberately absent: cancel (blocks in libpq 15), resending (only the client may retry), COPY,
 * row-by-row delivery.
 */
#ifndef COMMON_DB_CONN_H
#define COMMON_DB_CONN_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/base/fault.h"

enum { QUERY_PARAMETERS_MAX = 16 };

struct query;
struct statement;
/* Called exactly once per query and never from inside db_conn_send()/db_pool_send(). On OK result
 * holds the rows, borrowed for the call; otherwise result is NULL, or the error result when the
 * server gave one (its SQLSTATE can be read with db_sqlstate()). The query may be freed or sent
 * again in it, and the connection or the pool closed. After DB_LOST or DB_TIMEOUT the outcome is
 * unknown. */
typedef void query_done(struct query *query, enum fault fault, const PGresult *result);

/* Embedded by the caller, who owns it and all the texts until done is called. */
struct query {
    const char *statement; /* SQL with $1...; prepared once per connection and known by its address,
                            * so a static text */
    int parameter_count;
    const char *parameters[QUERY_PARAMETERS_MAX]; /* text format, NULL is SQL null */
    query_done *done;
    /* owned by the connection */
    struct query *next;
    int64_t sent_ms;             /* clock_steady_ms() of the send */
    struct statement *preparing; /* a PREPARE goes in front and is not answered yet */
    enum fault refusal;          /* of the pool */
};

struct db_conn;

struct db_conn_options {
    const char *url;         /* libpq connection string */
    const char *application; /* application_name */
    const char *settings;    /* further "-c name=value" options; may be NULL. Before them come
                              * statement_timeout, lock_timeout=500 ms and
                              * idle_in_transaction_session_timeout=5 s; UTC is pinned */
    int64_t statement_timeout_ms;
    int64_t connect_timeout_ms;
    int depth; /* queries in flight at most */
    /* After every change between READY and not READY; text says why it is down, else NULL. */
    void (*on_state)(void *owner, bool is_ready, const char *why);
    /* Queries were answered, there is room again; may be NULL. */
    void (*on_room)(void *owner);
    /* May an attempt to connect begin now? NULL: always. */
    bool (*may_connect)(void *owner);
    void *owner;
};

/* Opens and keeps open: reconnects by itself with backoff 100 ms doubled to 5 s, +-20 % jitter.
 * Copies the options. The texts in them must live until the call returns only. */
struct db_conn *db_conn_open(uv_loop_t *loop, const struct db_conn_options *options);
/* Fails what is in flight with FAULT_DB_LOST; freed once its handles are closed. */
void db_conn_close(struct db_conn *conn);
/* True while it takes queries; true while an attempt to connect runs. */
bool db_conn_is_ready(const struct db_conn *conn);
bool db_conn_is_connecting(const struct db_conn *conn);
/* Why it is not READY (one line, no secret); "" while it is, or before the first attempt. */
const char *db_conn_why(const struct db_conn *conn);
/* When down: try at once instead of at the end of the wait. */
void db_conn_hurry(struct db_conn *conn);
/* Queries in flight. */
int db_conn_load(const struct db_conn *conn);
/* Takes the query when READY and with room; else false, and done is not called. */
bool db_conn_send(struct db_conn *conn, struct query *query) __attribute__((warn_unused_result));

#endif
