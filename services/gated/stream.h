/* SPDX-License-Identifier: MIT
 * GET /v1/stream: the feed of /v1/events, pushed (server-sent events). Everybody sees what is
 * theirs; those who see the same share the blocks. Who comes back with Last-Event-ID is told from
 * the ring what it missed, or by pages from the database, each at its own pace; it joins the others
 * when it has caught up.
 */
#ifndef SERVICES_GATED_STREAM_H
#define SERVICES_GATED_STREAM_H

#include "services/gated/request.h"

struct streams;

/* Without streams as yet. Borrows the server. */
struct streams *streams_open(struct server *server);
/* Ends all streams. */
void streams_stop(struct streams *streams);
/* After the loop has ended. */
void streams_free(struct streams *streams);
/* Ends the streams of keys that are not valid any more, or mean somebody else by now. */
void streams_check_keys(struct streams *streams);

/* The asks of GET /v1/stream and GET /v1/events. */
MUST_USE enum fault stream_ask(struct request *r);
MUST_USE enum fault events_ask(struct request *r);

#endif
