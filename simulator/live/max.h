/* SPDX-License-Identifier: MIT
 * How far the software goes: requests at rising rates, sent when they are due whether or not the
 * last ones are answered (open loop), until latency or errors break.
 */
#ifndef SIMULATOR_LIVE_MAX_H
#define SIMULATOR_LIVE_MAX_H

#include <jansson.h>

#include "simulator/live/live.h"

/* A rate breaks when more than one in a hundred answers takes longer than this from its intended
 * time, when anything is refused, or when the service falls behind by more than a tenth. */
enum { MAX_P99_MS = 100 };

/* Writes (filings and their first five steps), then scans. The JSON has a list of "rungs" and the
 * last rate that held for each; NULL after saying why it could not begin. */
json_t *max_run(const struct live_wish *wish, const struct scenario *scenario);
/* As a table. */
void max_print(const json_t *json);
/* True when each kind held at some rate. */
bool max_passes(const json_t *json);

#endif
