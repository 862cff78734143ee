/* SPDX-License-Identifier: MIT */
#include "common/db/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/db/fifo.h"
#include "common/db/link.h"
#include "common/db/row.h"
#include "common/db/statements.h"

enum { GRACE_MS = 1000 }; /* the server's own timeout comes first */

enum conn_state { CONN_DOWN, CONN_READY, CONN_DRAINING, CONN_CLOSED };

struct db_conn {
    struct link link;
    struct db_conn_options options;
    enum conn_state state;
    struct statements statements;
    struct fifo fifo;      /* in flight, oldest first */
    PGresult *held;        /* the head's answer, given out when its sync comes */
    int64_t head_since_ms; /* since when the head is the head */
    uv_timer_t deadline;   /* of the head; looked at late rather than moved often */
    enum fault head_fault; /* of the head when the connection is lost */
    char why[64];          /* why it drains */
    bool is_renewal;       /* it drains only for a fresh session: come back at once */
};

/* The one place that changes the state. */
static void set_state(struct db_conn *conn, enum conn_state state)
{
    bool was_ready = conn->state == CONN_READY;

    CHECK(conn->state != CONN_CLOSED);
    CHECK(state != CONN_DRAINING || was_ready);
    conn->state = state;
    if (was_ready != (state == CONN_READY) && state != CONN_CLOSED && conn->options.on_state)
        conn->options.on_state(conn->options.owner, state == CONN_READY,
                               state == CONN_READY ? NULL : db_conn_why(conn));
}

/* Answers all that is in flight; the outcome is unknown unless the server already gave an error. */
static void fail_all(struct db_conn *conn)
{
    struct fifo lost = conn->fifo;
    PGresult *held = conn->held;
    enum fault fault = conn->head_fault;

    conn->fifo = (struct fifo){0};
    conn->held = NULL;
    conn->head_fault = FAULT_DB_LOST;
    if (held && db_fault(held) != OK) {
        struct query *head = fifo_take(&lost);
        head->done(head, db_fault(held), held);
        fault = FAULT_DB_LOST;
    }
    PQclear(held);
    for (struct query *query; (query = fifo_take(&lost)); fault = FAULT_DB_LOST)
        query->done(query, fault, NULL);
}

/* Without personal data: the statement is a static text, and only class 42 (names, syntax)
 * speaks of nothing but the schema. */
static void log_unexpected(const struct query *query, const PGresult *result)
{
    const char *state = db_sqlstate(result);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bool is_harmless = !strncmp(state, "42", 2);

    log_write(LOG_ERROR, "unexpected answer of the database", "sqlstate", state, "statement",
              query->statement, "constraint", constraint ? constraint : "", "text",
              is_harmless && message ? message : "", NULL);
}

static void judge(struct db_conn *conn, const struct query *query, enum fault fault,
                  const PGresult *result)
{
    if (fault == FAULT_INTERNAL)
        log_unexpected(query, result);
    if (conn->state != CONN_READY || !db_result_is_fatal(result))
        return;
    snprintf(conn->why, sizeof conn->why, "the server answered with SQLSTATE %s",
             db_sqlstate(result));
    conn->is_renewal = fault == FAULT_RETRY;
    set_state(conn, CONN_DRAINING);
}

/* The sync of the head has come: its transaction is over. */
static void finish_head(struct db_conn *conn)
{
    struct query *query = fifo_take(&conn->fifo);
    PGresult *result = conn->held;
    enum fault fault = result ? db_fault(result) : FAULT_INTERNAL;

    conn->held = NULL;
    conn->head_since_ms = clock_steady_ms();
    judge(conn, query, fault, result);
    query->done(query, fault, result);
    PQclear(result);
}

/* The answer to a PREPARE in front of the head. True when it was good and is thereby used up. */
static bool take_prepared(struct query *head, const PGresult *result)
{
    struct statement *statement = head->preparing;
    bool is_good = PQresultStatus(result) == PGRES_COMMAND_OK;

    head->preparing = NULL;
    statement->state = is_good ? STATEMENT_PREPARED : STATEMENT_NEW;
    return is_good;
}

/* A later error replaces an answer: a transaction can still fail when it commits. */
static void take_result(struct db_conn *conn, PGresult *result)
{
    struct query *head = conn->fifo.first;
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        finish_head(conn);
    } else if (status == PGRES_PIPELINE_ABORTED ||
               (head->preparing && take_prepared(head, result)) ||
               (conn->held && db_fault(conn->held) != OK)) {
        PQclear(result); /* says nothing new */
    } else {
        PQclear(conn->held);
        conn->held = result;
    }
}

/* Takes out what is complete. PQgetResult() would block while libpq is busy; a NULL ends each
 * command, two in a row mean that nothing is left. */
static void take_results(struct db_conn *conn)
{
    int ends = 0;

    while (conn->fifo.first && conn->link.pg && ends < 2 && !PQisBusy(conn->link.pg)) {
        PGresult *result = PQgetResult(conn->link.pg);
        ends = result ? 0 : ends + 1;
        if (result)
            take_result(conn, result);
    }
    if (!conn->fifo.first && conn->link.pg)
        (void)PQisBusy(conn->link.pg); /* lets libpq digest notices between queries */
}

static void on_input(struct link *link)
{
    struct db_conn *conn = container_of(link, struct db_conn, link);
    int before = conn->fifo.count;

    take_results(conn);
    if (conn->state == CONN_DRAINING && !conn->fifo.first) {
        link_drop(link, conn->why);
        if (conn->is_renewal)
            link_hurry(link);
    } else if (conn->state == CONN_READY && conn->fifo.count < before && conn->options.on_room)
        conn->options.on_room(conn->options.owner);
}

static void on_deadline(uv_timer_t *timer)
{
    struct db_conn *conn = container_of(timer, struct db_conn, deadline);
    int64_t limit_ms = conn->options.statement_timeout_ms + GRACE_MS;

    /* The loop itself may have slept (a stopped process): the answer may lie in the socket. */
    if (conn->fifo.first && clock_steady_ms() - conn->head_since_ms >= limit_ms)
        link_read(&conn->link);
    if (conn->state == CONN_CLOSED || !conn->fifo.first)
        return;
    int64_t left_ms = conn->head_since_ms + limit_ms - clock_steady_ms();
    if (left_ms > 0) {
        uv_timer_start(timer, on_deadline, (uint64_t)left_ms, 0);
    } else {
        conn->head_fault = FAULT_DB_TIMEOUT;
        link_drop(&conn->link, "the server did not answer in time");
    }
}

static void on_up(struct link *link)
{
    struct db_conn *conn = container_of(link, struct db_conn, link);

    if (!PQenterPipelineMode(link->pg)) {
        link_drop(link, NULL);
        return;
    }
    link_settle(link);
    conn->why[0] = '\0';
    set_state(conn, CONN_READY);
}

static void on_down(struct link *link)
{
    struct db_conn *conn = container_of(link, struct db_conn, link);

    statements_clear(&conn->statements);
    uv_timer_stop(&conn->deadline);
    if (conn->state != CONN_DOWN)
        set_state(conn, CONN_DOWN);
    fail_all(conn);
}

static void on_deadline_closed(uv_handle_t *handle)
{
    free(container_of((uv_timer_t *)handle, struct db_conn, deadline));
}

static void on_link_closed(struct link *link)
{
    struct db_conn *conn = container_of(link, struct db_conn, link);

    uv_close((uv_handle_t *)&conn->deadline, on_deadline_closed);
}

static bool may_connect(struct link *link)
{
    struct db_conn *conn = container_of(link, struct db_conn, link);

    return !conn->options.may_connect || conn->options.may_connect(conn->options.owner);
}

static struct target *target_of(const struct db_conn_options *options)
{
    char settings[512];
    int size = snprintf(settings, sizeof settings,
                        "-c statement_timeout=%lld -c lock_timeout=500 "
                        "-c idle_in_transaction_session_timeout=5000 %s",
                        (long long)options->statement_timeout_ms,
                        options->settings ? options->settings : "");

    CHECK(size > 0 && (size_t)size < sizeof settings);
    return target_new(options->url, options->application, settings);
}

struct db_conn *db_conn_open(uv_loop_t *loop, const struct db_conn_options *options)
{
    static const struct link_events EVENTS = {.on_up = on_up,
                                              .on_input = on_input,
                                              .on_down = on_down,
                                              .on_closed = on_link_closed,
                                              .may_connect = may_connect};
    struct db_conn *conn = calloc(1, sizeof *conn);

    CHECK(conn && options->depth > 0 && options->statement_timeout_ms > 0);
    conn->options = *options;
    conn->head_fault = FAULT_DB_LOST;
    CHECK(uv_timer_init(loop, &conn->deadline) == 0);
    link_open(&conn->link, loop, target_of(options), options->connect_timeout_ms, &EVENTS);
    return conn;
}

void db_conn_close(struct db_conn *conn)
{
    set_state(conn, CONN_CLOSED);
    uv_timer_stop(&conn->deadline);
    statements_clear(&conn->statements);
    link_close(&conn->link);
    fail_all(conn);
}

bool db_conn_is_ready(const struct db_conn *conn)
{
    return conn->state == CONN_READY;
}

bool db_conn_is_connecting(const struct db_conn *conn)
{
    return conn->link.state == LINK_CONNECTING;
}

const char *db_conn_why(const struct db_conn *conn)
{
    return conn->state == CONN_DRAINING ? conn->why : conn->link.why;
}

void db_conn_hurry(struct db_conn *conn)
{
    link_hurry(&conn->link);
}

int db_conn_load(const struct db_conn *conn)
{
    return conn->fifo.count;
}

/* libpq 17 can leave the sending to the flush; before, every sync is a system call. */
static bool put_sync(PGconn *pg)
{
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
    return PQsendPipelineSync(pg);
#else
    return PQpipelineSync(pg);
#endif
}

/* Prepare if need be, execute, sync: all into libpq's buffer. */
static bool put(struct db_conn *conn, struct query *query)
{
    PGconn *pg = conn->link.pg;
    struct statement *statement = statements_find(&conn->statements, query->statement);
    int count = query->parameter_count;

    if (statement->state == STATEMENT_ASKED)
        return PQsendQueryParams(pg, query->statement, count, NULL, query->parameters, NULL, NULL,
                                 0) &&
               put_sync(pg);
    if (statement->state == STATEMENT_NEW) {
        query->preparing = statement;
        statement->state = STATEMENT_ASKED;
        if (!PQsendPrepare(pg, statement->name, query->statement, 0, NULL))
            return false;
    }
    return PQsendQueryPrepared(pg, statement->name, count, query->parameters, NULL, NULL, 0) &&
           put_sync(pg);
}

bool db_conn_send(struct db_conn *conn, struct query *query)
{
    CHECK(query->done && query->parameter_count >= 0 &&
          query->parameter_count <= QUERY_PARAMETERS_MAX);
    if (conn->state != CONN_READY || conn->fifo.count >= conn->options.depth)
        return false;
    query->sent_ms = clock_steady_ms();
    query->preparing = NULL;
    if (!conn->fifo.first)
        conn->head_since_ms = query->sent_ms;
    fifo_add(&conn->fifo, query);
    /* From the first byte on the query is ours, for better or worse: after a failure here all that
     * is in flight is lost with it, but later, never inside the send. */
    if (put(conn, query))
        link_flush_soon(&conn->link);
    else
        link_drop_soon(&conn->link);
    if (!uv_is_active((uv_handle_t *)&conn->deadline))
        uv_timer_start(&conn->deadline, on_deadline,
                       (uint64_t)(conn->options.statement_timeout_ms + GRACE_MS), 0);
    return true;
}
