/* SPDX-License-Identifier: MIT
 * A few connections that share a bounded queue. Least loaded first; refuses at once while all are
 * down (fast fail, as pgbouncer does).
 */
#ifndef COMMON_DB_POOL_H
#define COMMON_DB_POOL_H

#include "common/db/conn.h"

struct db_pool;

struct db_pool_options {
    /* of each connection; on_state speaks of the pool (ready = at least one connection is), on_room
     * and may_connect are the pool's own */
    struct db_conn_options conn;
    int size;    /* connections, at most 64 */
    int waiting; /* queries that may wait for a free place, each statement_timeout + 1 s at most */
};

/* Connects by itself, one connection after the other. */
struct db_pool *db_pool_open(uv_loop_t *loop, const struct db_pool_options *options);
/* Fails what waits and what is in flight with FAULT_DB_LOST (done runs inside), then closes all.
 * The pool is freed once its handles are closed; what a done sends until then gets FAULT_DB_LOST.
 */
void db_pool_close(struct db_pool *pool);
/* Always calls done, later: with FAULT_OVERLOADED when the queue is full or the wait in it too
 * long, with FAULT_DB_LOST when no connection is up (so also before the first on_state). */
void db_pool_send(struct db_pool *pool, struct query *query);
/* True while at least one connection is up. */
bool db_pool_is_ready(const struct db_pool *pool);
/* Queries in flight and waiting, for /metrics. */
int db_pool_load(const struct db_pool *pool);

#endif
