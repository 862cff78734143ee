/* SPDX-License-Identifier: MIT
 * Reads: one call of an api function over the pool each, answered in any order.
 */
#ifndef SERVICES_GATED_READS_H
#define SERVICES_GATED_READS_H

#include <uv.h>

#include "common/db/conn.h"
#include "services/gated/request.h"

struct config;
struct reads;
struct read_kind;

/* The pool of connections that reads share; it connects by itself. */
struct reads *reads_open(uv_loop_t *loop, const struct config *config);
/* Fails what waits; afterwards nothing may be sent. */
void reads_close(struct reads *reads);
/* After the loop has ended. */
void reads_free(struct reads *reads);
/* Queries in flight and waiting. */
int reads_load(const struct reads *reads);
/* True while there is a connection. */
bool reads_are_up(const struct reads *reads);
/* How long each read took, with its wait for a connection, in Prometheus text form. */
void reads_print(const struct reads *reads, struct buffer *out);

/* Calls api.<name>() with r->read; the answer goes to r->on_read, or is the reply. name is a static
 * text. */
void reads_submit(struct request *r, const char *name);

/* A read of the server's own. Embedded by the caller, who owns it until done is called. */
struct own_read {
    struct query query;
    struct read_kind *kind; /* these two are reads.c's */
    int64_t asked_us;
    /* Exactly once, and never from inside reads_ask(). answer is borrowed. */
    void (*done)(struct own_read *read, const struct answer *answer);
};
/* argument: JSON text; must live until done is called. */
void reads_ask(struct reads *reads, struct own_read *read, const char *name, const char *argument);
/* Any other call, with its own parameters. */
void reads_send(struct reads *reads, struct query *query);

#endif
