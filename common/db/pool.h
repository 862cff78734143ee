/* SPDX-License-Identifier: MIT
 * A few connections that share a bounded queue. Least loaded first; refuses at once while all are
 * down (fast fail, as pgbouncer does).
 */
#ifndef COMMON_DB_POOL_H
#define COMMON_DB_POOL_H

#include "common/db/conn.h"

struct db_pool;

struct db_pool_options {
    struct db_conn_options conn;
    int size;    /* connections */
    int waiting; /* queries that may wait for a free place */
};

struct db_pool *db_pool_open(uv_loop_t *loop, const struct db_pool_options *options);
/* Fails what waits and what is in flight with FAULT_DB_LOST (done still runs), then closes all. */
void db_pool_close(struct db_pool *pool);
/* Always calls done, later: with FAULT_OVERLOADED when the queue is full, with FAULT_DB_LOST when
 * no connection is up. */
void db_pool_send(struct db_pool *pool, struct query *query);
bool db_pool_is_ready(const struct db_pool *pool);
/* Queries in flight and waiting, for /metrics. */
int db_pool_load(const struct db_pool *pool);

#endif
