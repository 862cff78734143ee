/* SPDX-License-Identifier: MIT
 * HTTPS beside the plain port: the same API and screens on an address of their own. A certificate
 * that was renewed is taken without a restart: new connections meet the new one, open ones finish
 * what they are about.
 */
#ifndef SERVICES_GATED_HTTPS_H
#define SERVICES_GATED_HTTPS_H

#include "services/gated/http.h"
#include "services/gated/request.h"

struct https;

/* Listens as the configuration says; *https stays NULL when it has no certificate. False after a
 * line in the log. Then looks at the files every few seconds. */
MUST_USE bool https_open(struct server *server, const struct http_events *events,
                         struct https **https);
/* Reads the files again, whether they changed or not. What cannot be used leaves all as it was. */
void https_reload(struct https *https);
/* As http_close(). Frees it before done is called. */
void https_close(struct https *https, void (*done)(void *owner), void *owner);
/* Connections open now; 0 for NULL. */
int https_connections(const struct https *https);

/* GET /ca.crt: the authority that kiosks must trust, when there is one of our own. */
MUST_USE enum fault authority_ask(struct request *r);

#endif
