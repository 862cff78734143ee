/* SPDX-License-Identifier: MIT
 * A reader of server-sent events for tests: one connection, event by event, as the HTML standard
 * has it (fields event, id, data, retry; comments).
 */
#ifndef TESTS_CLIENT_SSE_H
#define TESTS_CLIENT_SSE_H

#include "tests/client/wire.h"

struct sse {
    struct wire wire;
    struct buffer text;    /* out of its chunks, not yet taken */
    struct buffer last_id; /* stays over events, as in a browser */
    int retry_ms;          /* the last one told; 0: none */
    int beats;             /* comments seen */
    bool is_over;          /* the last chunk came */
};

struct sse_event {
    struct buffer name;
    struct buffer data;
};

/* Asks for the stream; headers: further lines, each ending in CRLF. The HTTP status; 0 when there
 * was no answer. Only with 200 the stream is open. */
int sse_open(struct sse *sse, const char *url, const char *path, const char *headers);
void sse_close(struct sse *sse); /* keeps last_id, retry_ms and beats */
void sse_free(struct sse *sse);
/* WIRE_ANSWER with the next event that has data; WIRE_SILENT when none came in time; WIRE_CLOSED
 * when there will be none. The caller frees the event. */
enum wire_result sse_next(struct sse *sse, struct sse_event *event, int timeout_ms);
void sse_event_free(struct sse_event *event);

#endif
