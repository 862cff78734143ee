/* SPDX-License-Identifier: MIT
 * The ask functions that the route table names, by resource. Each turns a request into commands or
 * a read (request.h); those of KIND_LOCAL routes answer it.
 */
#ifndef SERVICES_GATED_ASKS_H
#define SERVICES_GATED_ASKS_H

#include "services/gated/request.h"

/* scans.c */
MUST_USE enum fault scan_ask(struct request *r);

/* steps.c */
MUST_USE enum fault step_ask(struct request *r);
MUST_USE enum fault steps_ask(struct request *r);
MUST_USE enum fault undo_ask(struct request *r);

#endif
