/* SPDX-License-Identifier: MIT
 * Who asks, and may they: bearer keys, roles, gates, and how often.
 */
#ifndef SERVICES_GATED_AUTH_H
#define SERVICES_GATED_AUTH_H

#include "services/gated/request.h"

/* The key in an Authorization header (NULL: absent): RFC 6750 §2.1. Empty when there is none. */
struct span auth_bearer(const char *authorization);

/* Sets r->principal. UNAUTHENTICATED or KEY_REVOKED where the route needs a key; a key that is
 * shown must be good even where none is needed. WRONG_ROLE when the route is not for that role. */
MUST_USE enum fault auth_check(struct request *r);
/* Takes a token of the client's bucket: RATE_LIMITED. */
MUST_USE enum fault auth_limit(struct request *r);
/* WRONG_GATE when the one who asks does not work there. Firms use every gate. */
MUST_USE enum fault auth_gate(const struct request *r, int ledger);

#endif
