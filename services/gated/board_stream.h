/* SPDX-License-Identifier: MIT
 * GET /v1/gates/{gate}/board/stream: a public board that keeps itself up to date. First the whole
 * board, as event "board"; then at once who is called, who left, lanes and calendar; and, at most
 * every two seconds, as event "counts", those members of the board that changed. Who comes back
 * soon gets what it missed and all members again; later, the board anew.
 */
#ifndef SERVICES_GATED_BOARD_STREAM_H
#define SERVICES_GATED_BOARD_STREAM_H

#include "services/gated/request.h"

struct boards;

/* One board per gate, followed while somebody watches. Borrows the server. */
struct boards *boards_open(struct server *server);
/* Ends all streams. */
void boards_stop(struct boards *boards);
/* After the loop has ended. */
void boards_free(struct boards *boards);

/* The ask of GET /v1/gates/{gate}/board/stream. */
MUST_USE enum fault board_stream_ask(struct request *r);

#endif
