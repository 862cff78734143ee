/* SPDX-License-Identifier: MIT */
#include "services/gated/openapi.h"

#include "services/gated/http.h"
#include "services/gated/reply.h"
#include "services/gated/web.h"

enum fault openapi_ask(struct request *r)
{
    bool is_packed = web_takes_gzip(http_header(r->exchange, "Accept-Encoding"));
    struct http_reply reply = {
        .status = 200,
        .content_type = "application/json",
        .body = is_packed ? OPENAPI_PACKED : OPENAPI_TEXT,
        .is_lasting = true,
        .header_count = is_packed ? 3 : 2,
        .headers = {{"Cache-Control", r->principal ? "private, no-cache" : "no-cache"},
                    {"Vary", "Accept-Encoding"},
                    {"Content-Encoding", "gzip"}},
    };

    reply_static(r, &reply, arena_print(r->arena, "%s%s", OPENAPI_ETAG, is_packed ? "-gz" : ""));
    request_end(r);
    return OK;
}
