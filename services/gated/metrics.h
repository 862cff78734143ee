/* SPDX-License-Identifier: MIT
 * Counts of what was served, in Prometheus text form at /metrics: on a port of its own, or
 * for loopback peers only.
 */
#ifndef SERVICES_GATED_METRICS_H
#define SERVICES_GATED_METRICS_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

struct metrics;

/* All at zero; free it with metrics_free(). */
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* One request ended. route may be NULL: no such path, or refused before. */
void metrics_count(struct metrics *metrics, const struct route *route, int status, int64_t took_us);
/* A gauge of another part, asked for at every read of /metrics. */
void metrics_gauge(struct metrics *metrics, const char *name, int64_t (*value)(void *owner),
                   void *owner);

/* The ask of GET /metrics. */
MUST_USE enum fault metrics_ask(struct request *r);
/* The events of a port of its own (GATE_METRICS_PORT). owner: struct server. */
struct exchange;
void metrics_serve(struct exchange *exchange, void *owner);

#endif
