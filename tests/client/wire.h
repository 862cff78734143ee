/* SPDX-License-Identifier: MIT
 * One HTTP/1.1 connection of a test: blocking, byte for byte as given, with a deadline on reading.
 * It sends anything and believes only well-formed answers. No TLS, no redirects.
 */
#ifndef TESTS_CLIENT_WIRE_H
#define TESTS_CLIENT_WIRE_H

#include <stdbool.h>

#include "common/base/buffer.h"

enum wire_result {
    WIRE_ANSWER, /* one whole answer, the next one may follow */
    WIRE_CLOSED, /* the server closed the connection, or reset it */
    WIRE_SILENT, /* nothing, or not enough, in time */
    WIRE_BROKEN, /* what came is not HTTP/1.1 */
};

struct wire {
    int socket;
    struct buffer read; /* came, not yet taken */
};

struct wire_answer {
    int status;
    struct buffer head; /* from the status line to the empty line */
    struct buffer body; /* without its framing */
};

/* host_port: "127.0.0.1:8080", also with "http://" before and a path behind. False when nobody
 * listens. */
bool wire_open(struct wire *wire, const char *host_port);
void wire_close(struct wire *wire);
/* False when not all of it could be sent, which may be an answer of its own. */
bool wire_send(struct wire *wire, struct span bytes);
/* The next answer, 1xx ones too. A HEAD answer has no body. The caller frees the answer. */
enum wire_result wire_read(struct wire *wire, struct wire_answer *answer, bool is_head,
                           int timeout_ms);
/* The same for an answer that goes on: its head alone, then its chunks one by one, each added to
 * the body. The last one is empty. */
enum wire_result wire_read_head(struct wire *wire, struct wire_answer *answer, int timeout_ms);
enum wire_result wire_read_chunk(struct wire *wire, struct buffer *body, int timeout_ms);
void wire_answer_free(struct wire_answer *answer);
/* A field of the answer by name, any case, into the buffer; false when it is absent. */
bool wire_header(const struct wire_answer *answer, const char *name, struct buffer *value);

#endif
