/* SPDX-License-Identifier: MIT
 * GET /openapi.json: the API's description (OpenAPI 3.1), made from the folder openapi/ when the
 * service is built. A test compares it with the routes, another with what the service answers.
 */
#ifndef SERVICES_GATED_OPENAPI_H
#define SERVICES_GATED_OPENAPI_H

#include "services/gated/request.h"

/* NUL-terminated behind its end. */
extern const struct span OPENAPI_TEXT;
/* The same as gzip. */
extern const struct span OPENAPI_PACKED;
/* Follows from the text; without quotes. */
extern const char OPENAPI_ETAG[];

MUST_USE enum fault openapi_ask(struct request *r);

#endif
