/* SPDX-License-Identifier: MIT
 * /livez: this process runs; it never touches the database. /readyz: it can serve: the database
 * answers within a second, keys and gates are known, no stop has begun; else 503 and why.
 */
#ifndef SERVICES_GATED_HEALTH_H
#define SERVICES_GATED_HEALTH_H

#include "services/gated/request.h"

/* The asks of GET /livez, which says that the process turns, and GET /readyz, which asks the
 * database and waits a second at most. */
MUST_USE enum fault livez_ask(struct request *r);
MUST_USE enum fault readyz_ask(struct request *r);

#endif
