/* SPDX-License-Identifier: MIT */
#include "common/db/pool.h"

#include <stdlib.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/db/fifo.h"

enum { GRACE_MS = 1000, CONNECTIONS_MAX = 64 };

struct db_pool {
    struct db_pool_options options;
    struct db_conn *conns[CONNECTIONS_MAX];
    int opened; /* so many of conns exist */
    struct fifo waiting;
    struct fifo refused; /* to be answered before the loop sleeps */
    uv_idle_t later;
    uv_timer_t patience; /* of the oldest that waits; looked at late rather than moved often */
    bool is_ready;
    bool is_closing;
    int open_handles;
};

static void answer_refused(struct db_pool *pool)
{
    struct fifo refused = pool->refused;

    pool->refused = (struct fifo){0};
    for (struct query *query; (query = fifo_take(&refused));)
        query->done(query, query->refusal, NULL);
}

static void on_later(uv_idle_t *idle)
{
    uv_idle_stop(idle);
    answer_refused(container_of(idle, struct db_pool, later));
}

static void refuse(struct db_pool *pool, struct query *query, enum fault fault)
{
    query->refusal = fault;
    fifo_add(&pool->refused, query);
    if (!pool->is_closing)
        uv_idle_start(&pool->later, on_later);
}

static struct db_conn *least_loaded(const struct db_pool *pool)
{
    struct db_conn *best = NULL;

    for (int i = 0; i < pool->opened; i++) {
        struct db_conn *conn = pool->conns[i];
        if (db_conn_is_ready(conn) && db_conn_load(conn) < pool->options.conn.depth &&
            (!best || db_conn_load(conn) < db_conn_load(best)))
            best = conn;
    }
    return best;
}

/* True when no query waits any more. */
static bool send_waiting(struct db_pool *pool)
{
    struct db_conn *conn;

    while (pool->waiting.first && (conn = least_loaded(pool)))
        CHECK(db_conn_send(conn, fifo_take(&pool->waiting)));
    return !pool->waiting.first;
}

static void on_patience_over(uv_timer_t *timer)
{
    struct db_pool *pool = container_of(timer, struct db_pool, patience);
    int64_t limit_ms = pool->options.conn.statement_timeout_ms + GRACE_MS;
    int64_t oldest_ms = clock_steady_ms() - limit_ms; /* a send before this has waited too long */

    while (pool->waiting.first && pool->waiting.first->sent_ms <= oldest_ms)
        refuse(pool, fifo_take(&pool->waiting), FAULT_OVERLOADED);
    if (pool->waiting.first)
        uv_timer_start(timer, on_patience_over,
                       (uint64_t)(pool->waiting.first->sent_ms - oldest_ms), 0);
}

static void wait_for_room(struct db_pool *pool, struct query *query)
{
    if (pool->waiting.count >= pool->options.waiting) {
        refuse(pool, query, FAULT_OVERLOADED);
        return;
    }
    query->sent_ms = clock_steady_ms();
    fifo_add(&pool->waiting, query);
    if (!uv_is_active((uv_handle_t *)&pool->patience))
        uv_timer_start(&pool->patience, on_patience_over,
                       (uint64_t)(pool->options.conn.statement_timeout_ms + GRACE_MS), 0);
}

void db_pool_send(struct db_pool *pool, struct query *query)
{
    struct db_conn *conn = NULL;

    if (!pool->is_ready)
        refuse(pool, query, FAULT_DB_LOST);
    else if (send_waiting(pool) && (conn = least_loaded(pool)))
        CHECK(db_conn_send(conn, query));
    else
        wait_for_room(pool, query);
}

static void on_room(void *owner)
{
    send_waiting(owner);
}

static bool one_is(const struct db_pool *pool, bool (*is)(const struct db_conn *))
{
    for (int i = 0; i < pool->opened; i++)
        if (is(pool->conns[i]))
            return true;
    return false;
}

/* While all are down one attempt at a time is enough to find out when the server is back. */
static bool may_connect(void *owner)
{
    const struct db_pool *pool = owner;

    return pool->is_ready || !one_is(pool, db_conn_is_connecting);
}

static void tell_owner(struct db_pool *pool, const char *why)
{
    if (pool->options.conn.on_state)
        pool->options.conn.on_state(pool->options.conn.owner, pool->is_ready, why);
}

static void go_up(struct db_pool *pool)
{
    pool->is_ready = true;
    for (int i = 0; i < pool->opened; i++)
        db_conn_hurry(pool->conns[i]);
    tell_owner(pool, NULL);
}

static void go_down(struct db_pool *pool, const char *why)
{
    pool->is_ready = false;
    for (struct query *query; (query = fifo_take(&pool->waiting));)
        refuse(pool, query, FAULT_DB_LOST);
    tell_owner(pool, why);
}

static void on_conn_state(void *owner, bool is_ready, const char *why)
{
    struct db_pool *pool = owner;

    if (is_ready && !pool->is_ready)
        go_up(pool);
    else if (!is_ready && pool->is_ready && !one_is(pool, db_conn_is_ready))
        go_down(pool, why);
    if (!pool->is_closing)
        send_waiting(pool);
}

static void handle_closed(struct db_pool *pool)
{
    if (--pool->open_handles > 0)
        return;
    while (pool->refused.first)
        answer_refused(pool);
    free(pool);
}

static void on_later_closed(uv_handle_t *handle)
{
    handle_closed(container_of((uv_idle_t *)handle, struct db_pool, later));
}

static void on_patience_closed(uv_handle_t *handle)
{
    handle_closed(container_of((uv_timer_t *)handle, struct db_pool, patience));
}

struct db_pool *db_pool_open(uv_loop_t *loop, const struct db_pool_options *options)
{
    struct db_pool *pool = calloc(1, sizeof *pool);
    struct db_conn_options conn = options->conn;

    CHECK(pool && options->size > 0 && options->size <= CONNECTIONS_MAX && options->waiting >= 0);
    pool->options = *options;
    conn.on_state = on_conn_state;
    conn.on_room = on_room;
    conn.may_connect = may_connect;
    conn.owner = pool;
    CHECK(uv_idle_init(loop, &pool->later) == 0);
    CHECK(uv_timer_init(loop, &pool->patience) == 0);
    pool->open_handles = 2;
    while (pool->opened < options->size)
        pool->conns[pool->opened++] = db_conn_open(loop, &conn);
    return pool;
}

void db_pool_close(struct db_pool *pool)
{
    CHECK(!pool->is_closing);
    pool->is_closing = true;
    pool->is_ready = false;
    uv_close((uv_handle_t *)&pool->later, on_later_closed);
    uv_close((uv_handle_t *)&pool->patience, on_patience_closed);
    answer_refused(pool);
    for (struct query *query; (query = fifo_take(&pool->waiting));)
        query->done(query, FAULT_DB_LOST, NULL);
    for (int i = 0; i < pool->opened; i++)
        db_conn_close(pool->conns[i]);
}

bool db_pool_is_ready(const struct db_pool *pool)
{
    return pool->is_ready;
}

int db_pool_load(const struct db_pool *pool)
{
    int load = pool->waiting.count;

    for (int i = 0; i < pool->opened; i++)
        load += db_conn_load(pool->conns[i]);
    return load;
}
