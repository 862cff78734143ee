/* SPDX-License-Identifier: MIT
 * What the HTTP layer calls: a whole request comes in, an exchange is over.
 */
#ifndef SERVICES_GATED_SERVE_H
#define SERVICES_GATED_SERVE_H

#include "common/base/fault.h"

struct exchange;

/* The four events of the API's port; owner is the struct server. */
void serve_request(struct exchange *exchange, void *owner);
void serve_end(struct exchange *exchange, void *owner);
void serve_room(struct exchange *exchange, void *owner);
void serve_refusal(enum fault fault, void *owner);

#endif
