/* SPDX-License-Identifier: MIT
 * What sessions and one-time secrets have in common: replies with something that the database never
 * saw, and arguments that carry the wall clock (sql/120_user.sql).
 */
#ifndef SERVICES_GATED_SESSION_REPLY_H
#define SERVICES_GATED_SESSION_REPLY_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

/* The object with one more member, a text; in the request's arena. */
struct span body_with(struct request *r, struct span body, const char *name, struct span text);
/* The answer with a secret under that name; of a repetition null, and a notice of that code says
 * why. */
struct span body_with_secret(struct request *r, const struct answer *answer, const char *name,
                             const char *secret, const char *notice);
/* "wall": when the request came. */
void write_wall(const struct request *r, struct buffer *args);
/* "address": of the client; not of this machine: that is a proxy, for all who come through it. */
void write_address(const struct request *r, struct buffer *args);

/* Finishes a reply that is a session: adds its csrf. For r->finish. */
void session_finish(struct request *r);
/* Ends the request with that fault, or with the answer's. */
void request_refuse(struct request *r, enum fault fault);

#endif
