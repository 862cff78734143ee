/* SPDX-License-Identifier: MIT
 * That a change in a session was made by our own page. SameSite=Strict keeps the cookie from
 * requests that other sites begin; beside it stand a token that only our page can read, and what
 * the browser itself says of where the request comes from (Fetch Metadata, Origin).
 */
#ifndef SERVICES_GATED_CSRF_H
#define SERVICES_GATED_CSRF_H

#include "services/gated/request.h"

/* The token of a session, made of its cookie: nothing needs to be stored, and every server knows
 * it. */
struct span csrf_token(struct arena *arena, struct span cookie);
/* Reads pass. CSRF_FAILED when the token is missing or another, or the browser names another site.
 */
MUST_USE enum fault csrf_check(const struct request *r);
/* Only the latter: of a sign-in, which has no session yet. */
MUST_USE enum fault csrf_check_site(const struct request *r);

#endif
