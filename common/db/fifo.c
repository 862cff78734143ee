/* SPDX-License-Identifier: MIT */
#include "common/db/fifo.h"

#include <stddef.h>

void fifo_add(struct fifo *fifo, struct query *query)
{
    query->next = NULL;
    if (fifo->last)
        fifo->last->next = query;
    else
        fifo->first = query;
    fifo->last = query;
    fifo->count++;
}

struct query *fifo_take(struct fifo *fifo)
{
    struct query *query = fifo->first;

    if (!query)
        return NULL;
    fifo->first = query->next;
    if (!fifo->first)
        fifo->last = NULL;
    fifo->count--;
    query->next = NULL;
    return query;
}
