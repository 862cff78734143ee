/* SPDX-License-Identifier: MIT
 * The two cookies of a browser (RFC 6265bis): the session, and the secret of a kiosk. Over TLS
 * their names begin with __Host-, so that a page of the plain port can neither read nor replace
 * them.
 */
#ifndef SERVICES_GATED_COOKIE_H
#define SERVICES_GATED_COOKIE_H

#include "services/gated/request.h"

enum {
    COOKIE_SECRET_BYTES = 32,
    COOKIE_SECRET_ROOM = 44, /* as base64url */
    COOKIE_DEVICE_AGE_S = 400 * 86400,
};

extern const char COOKIE_SESSION[]; /* "gate_session" */
extern const char COOKIE_DEVICE[];  /* "gate_device" */

/* What the request's cookie of that name holds; empty when it is not there, or not once. */
struct span cookie_read(const struct request *r, const char *name);
/* The same out of a header (NULL: absent). */
struct span cookie_find(const char *header, const char *name);
/* A new secret. */
void cookie_secret(char text[COOKIE_SECRET_ROOM]);
/* Has the reply set it; age_s 0 takes it away. */
void cookie_set(struct request *r, const char *name, const char *value, int64_t age_s);

#endif
