/* SPDX-License-Identifier: MIT
 * The time of a ledger. Everywhere but in a sandbox it is the wall clock. In a sandbox a request
 * may carry its time in the header Gate-Time; once one did, that ledger's time is
 * driven: it stands still between such requests and never goes backwards.
 */
#ifndef SERVICES_GATED_GATE_TIME_H
#define SERVICES_GATED_GATE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/base/fault.h"

struct gate_clock {
    int64_t last_ms; /* the latest time used; 0: none yet */
    bool is_driven;
};

/* The time a header value tells (NULL: absent; given_ms becomes 0). Refused outside a sandbox, and
 * when it is not an instant of RFC 3339 after 1970. */
MUST_USE enum fault gate_time_read(const char *header, bool is_sandbox, int64_t *given_ms);

/* The ledger's time for a request that gave given_ms (0: none) at wall_ms; moves the clock. */
int64_t gate_clock_move(struct gate_clock *clock, int64_t given_ms, int64_t wall_ms);
/* The ledger's time for nobody's request: ticks. */
int64_t gate_clock_now(const struct gate_clock *clock, int64_t wall_ms);

#endif
