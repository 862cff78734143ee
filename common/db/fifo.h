/* SPDX-License-Identifier: MIT
 * First in, first out, of queries linked through themselves. {0} is an empty one.
 */
#ifndef COMMON_DB_FIFO_H
#define COMMON_DB_FIFO_H

#include "common/db/conn.h"

struct fifo {
    struct query *first;
    struct query *last;
    int count;
};

/* Behind the others; the query is borrowed until it is taken. */
void fifo_add(struct fifo *fifo, struct query *query);
/* The oldest, NULL when empty. */
struct query *fifo_take(struct fifo *fifo);

#endif
