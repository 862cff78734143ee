/* SPDX-License-Identifier: MIT
 * What goes back to the client: answers of the database, problem documents (RFC 9457), other
 * content. Each sets r->status and does nothing more when the client has hung up. Headers of every
 * reply: X-Request-Id, the limits; where they belong: ETag, Idempotent-Replayed, Retry-After,
 * Allow.
 */
#ifndef SERVICES_GATED_REPLY_H
#define SERVICES_GATED_REPLY_H

#include "services/gated/request.h"

struct http_reply;

/* The answer as it is: JSON with its promises fulfilled, 304 when the client has this version
 * (RFC 9110 §13.1.2), or the problem document of its fault. */
void reply_answer(struct request *r, const struct answer *answer);
/* A problem document; failures of the form go into errors[]. */
void reply_fault(struct request *r, enum fault fault);
/* JSON that may hold promises. */
void reply_json(struct request *r, int status, struct span json);
/* Anything else, as it is; etag (NULL: none) without quotes. */
void reply_content(struct request *r, const char *content_type, struct span body, const char *etag);

/* A whole reply, made by the caller; adds the ETag (without quotes), and turns it into 304 when the
 * client has it. */
void reply_static(struct request *r, struct http_reply *reply, struct span etag);

/* JSON that anybody may keep for so long, made age_s ago: as reply_answer(), with max-age and Age
 * (RFC 9111 §5.2.2.1, §5.1). */
void reply_shared(struct request *r, const struct answer *answer, int max_age_s, int64_t age_s);
/* Begins server-sent events. The exchange is the caller's from now on, the request is still to be
 * ended; NULL when the client has hung up. */
struct exchange *reply_stream(struct request *r, size_t queue_max);

/* The problem document of one answer, into out: also the items of a request of many commands. */
void problem_write(struct request *r, const struct answer *answer, struct buffer *out);
/* True when the header If-None-Match (NULL: absent) names this version. */
bool etag_is_known(const char *if_none_match, struct span etag);

#endif
