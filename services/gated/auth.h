/* SPDX-License-Identifier: MIT
 * Who asks, and may they: bearer keys and sessions, roles, gates, and how often. A key wins: where
 * one is shown, no cookie is looked at.
 */
#ifndef SERVICES_GATED_AUTH_H
#define SERVICES_GATED_AUTH_H

#include "services/gated/request.h"

/* The key in an Authorization header (NULL: absent): RFC 6750 §2.1. Empty when there is none. */
struct span auth_bearer(const char *authorization);

/* Sets r->principal, and r->csrf in a session. UNAUTHENTICATED, KEY_REVOKED or SESSION_ENDED where
 * the route needs somebody; a key that is shown must be good even where none is needed, a cookie,
 * which browsers send unasked, need not. CSRF_FAILED for a change that another site may have made.
 * WRONG_ROLE, SESSION_NEEDED, PASSWORD_CHANGE_REQUIRED when the route is not for them. */
MUST_USE enum fault auth_check(struct request *r);
/* For whom the key or the session of that row stands now; NULL when it is over. */
const struct principal *auth_principal(const struct server *server, int64_t key, int64_t session,
                                       int64_t now_ms);
/* Takes a token of the client's bucket: RATE_LIMITED. */
MUST_USE enum fault auth_limit(struct request *r);
/* WRONG_GATE when the one who asks does not work there. Firms use every gate. */
MUST_USE enum fault auth_gate(const struct request *r, int ledger);

#endif
