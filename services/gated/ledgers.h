/* SPDX-License-Identifier: MIT
 * The batchers of all ledgers, each with a database connection of its own: the world behind struct
 * batch_port. A ledger's line is opened when its first command comes, or its gate is learned of.
 */
#ifndef SERVICES_GATED_LEDGERS_H
#define SERVICES_GATED_LEDGERS_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

struct ledgers;

/* Without lines as yet: each is opened by the first command or ledgers_know(). */
struct ledgers *ledgers_open(struct server *server);
/* Answers what waits with DRAINING, then closes the connections. Nothing may be in flight. */
void ledgers_close(struct ledgers *ledgers);

/* done is called later, whatever happens. */
void ledgers_submit(struct ledgers *ledgers, struct command *command);
/* Opens the ledger's line now. with_ticks: what fell due before this process is looked for, too. */
void ledgers_know(struct ledgers *ledgers, int ledger, bool with_ticks);
/* True when every line that was opened has its connection. */
bool ledgers_are_ready(const struct ledgers *ledgers);
/* The process is about to stop: what waits for a connection is answered DB_LOST, no ledger ticks.
 */
void ledgers_drain(struct ledgers *ledgers);
/* Commands waiting and in flight, over all ledgers. */
int ledgers_load(const struct ledgers *ledgers);
/* Queue lengths, waits, batch sizes and latencies in Prometheus text form. */
void ledgers_print(const struct ledgers *ledgers, struct buffer *out);

#endif
