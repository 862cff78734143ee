/* SPDX-License-Identifier: MIT */
#include "services/gated/openapi.h"

#include "services/gated/reply.h"

enum fault openapi_ask(struct request *r)
{
    reply_content(r, "application/json", OPENAPI_TEXT, OPENAPI_ETAG);
    request_end(r);
    return OK;
}
