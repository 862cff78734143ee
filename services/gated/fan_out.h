/* SPDX-License-Identifier: MIT
 * Who must hear that a ledger grew: the streams of this process at once, the other processes by a
 * NOTIFY after the commit, over the read pool, at most one in flight per ledger. A notice is a
 * hint; the ledger is the truth.
 */
#ifndef SERVICES_GATED_FAN_OUT_H
#define SERVICES_GATED_FAN_OUT_H

#include <stdint.h>

struct fan_out;
struct server;

/* seq: the last event of the ledger as far as this process knows; 0: look yourself. */
typedef void fan_out_heard(void *owner, int ledger, int64_t seq);

/* Listens on channel gate_events. */
struct fan_out *fan_out_open(struct server *server);
/* Stops listening; nobody is told any more. */
void fan_out_close(struct fan_out *fan_out);
/* After the loop has ended. */
void fan_out_free(struct fan_out *fan_out);

/* heard is called for every growth, of our own batches and of others' (a few such owners only). */
void fan_out_subscribe(struct fan_out *fan_out, fan_out_heard *heard, void *owner);
/* A batch of ours committed events up to seq. */
void fan_out_committed(struct fan_out *fan_out, int ledger, int64_t seq);

#endif
