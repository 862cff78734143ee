/* SPDX-License-Identifier: MIT
 * HTTP/1.1 on the loop. Only http*.c know libmicrohttpd; everybody else sees an exchange.
 *
 * What it adds to the library: the header guard, the deadlines of head and body,
 * the strict path, bounds, and the orderly stop. What it does not do: routing, authentication,
 * compression, HTTP/2.
 */
#ifndef SERVICES_GATED_HTTP_H
#define SERVICES_GATED_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/base/arena.h"
#include "common/base/fault.h"
#include "common/base/span.h"

enum {
    HTTP_BODY_MAX = 1 << 20,  /* bytes; a declaration of 100 vehicles is about 90 KiB */
    HTTP_DRAIN_MAX = 8 << 20, /* bytes of a refused body that are read before the answer */
    HTTP_PATH_MAX = 512,
    HTTP_HEAD_MAX = 5120, /* bytes of request line and header; 10 KiB a board */
    HTTP_HEAD_DEADLINE_MS = 10000,
    HTTP_BODY_DEADLINE_MS = 30000,
    HTTP_REPLY_DEADLINE_MS = 120000, /* for a client to take an answer that is no stream */
    HTTP_IDLE_MS = 75000, /* keep-alive connection without a request */
};

struct http;
struct exchange;

/* What a request asked. All spans live as long as the exchange. */
struct http_ask {
    struct span method;  /* "GET" ... */
    struct span path;    /* without the query; never contains '%' */
    struct span body;    /* whole; empty when there was none */
    struct arena *arena; /* of this exchange; freed when it ends */
    const char *address; /* of the client, numeric */
    int64_t arrived_us;  /* steady clock, when the head was complete */
    const char *id;      /* of this request, 16 hex digits, for logs and problem documents */
};

struct http_header {
    const char *name;
    const char *value;
};

enum { HTTP_REPLY_HEADERS_MAX = 16 };

/* An answer. The texts are copied. */
struct http_reply {
    int status;
    const char *content_type; /* NULL: none */
    struct span body;
    bool is_lasting; /* the body outlives the server: it is not copied */
    int header_count;
    struct http_header headers[HTTP_REPLY_HEADERS_MAX];
};

struct http_events {
    /* The request is whole. Must be answered exactly once with http_reply() or http_stream(), now
     * or later. */
    void (*on_request)(struct exchange *exchange, void *owner);
    /* The exchange is over (answered and sent, or the client hung up, or a stream ended). After
     * this the exchange must not be touched. Called exactly once for every on_request. */
    void (*on_end)(struct exchange *exchange, void *owner);
    /* Everything queued for a stream was handed to the system: it may be given more, here and now.
     * May be NULL. */
    void (*on_room)(struct exchange *exchange, void *owner);
    /* A request was refused before on_request, with a problem document; may be NULL. */
    void (*on_refusal)(enum fault fault, void *owner);
    void *owner;
};

struct http_options {
    const char *address;             /* numeric, "127.0.0.1" */
    int64_t port;                    /* 0: any free one */
    int64_t connections;             /* at most; streams included */
    int64_t connections_per_address; /* 0: no limit (behind a proxy) */
    const char *tls_certificate;     /* PEM text; NULL: plain HTTP; not kept */
    const char *tls_key;
    struct http *beside;      /* not NULL: shares that one's socket, which is to be closed next */
    int64_t head_deadline_ms; /* 0: the HTTP_… default, as for the next three; for tests */
    int64_t body_deadline_ms;
    int64_t reply_deadline_ms;
    int64_t idle_ms;
};

/* Raises the process's limit of descriptors for so many servers of so many connections each, as far
 * as the system lets us, with some to spare for files and the database. Returns how many connections
 * each may have, at least 1: more would leave nothing to come back to the database with. */
int64_t http_reserve(int64_t connections, int servers);

/* NULL when the address cannot be bound (one log line says why). */
struct http *http_open(uv_loop_t *loop, const struct http_options *options,
                       const struct http_events *events);
/* The port it listens on, also when any free one was asked for. */
int http_port(const struct http *http);
/* Stops accepting, ends streams, lets running exchanges finish, then closes its handles. done is
 * called when the last exchange is over. */
void http_close(struct http *http, void (*done)(void *owner), void *owner);
/* Connections open now. */
int http_connections(const struct http *http);

/* What was asked; borrowed, as long as the exchange lives. */
const struct http_ask *http_ask(const struct exchange *exchange);
/* Whether the client came over TLS. */
bool http_is_secure(const struct exchange *exchange);
/* A request header by name (any case); NULL when absent. */
const char *http_header(const struct exchange *exchange, const char *name);
/* A query parameter, percent-decoded into the arena; NULL when absent. */
const char *http_query(const struct exchange *exchange, const char *name);
/* False when the query cannot be decoded (a broken escape, a control byte, no UTF-8), or gives a
 * parameter twice or without a name; the others can still be read. */
bool http_query_is_valid(const struct exchange *exchange);
/* Of a query that is not: the name of the first parameter at fault, and whether it is given twice;
 * NULL when its name cannot be told. */
const char *http_query_wrong(const struct exchange *exchange, bool *is_twice);
/* Calls visit for every query parameter, until it returns false. */
void http_query_each(const struct exchange *exchange,
                     bool (*visit)(void *context, const char *name, const char *value),
                     void *context);
/* The owner's pointer on the exchange. */
void http_set_context(struct exchange *exchange, void *context);
void *http_context(const struct exchange *exchange);

/* Answers the exchange, once; body and headers are copied. */
void http_reply(struct exchange *exchange, const struct http_reply *reply);

/* Streams (server-sent events): the head goes out at once, then what http_stream_send() queues.
 * A block is shared by all streams it is sent to and counted by reference. */
struct http_block;
/* A copy of the text, held once by the caller until http_block_release(). */
struct http_block *http_block_new(struct span text);
void http_block_release(struct http_block *block);

/* Answers with a stream of that content type. queue_max: bytes that may wait for a slow client. */
void http_stream(struct exchange *exchange, const struct http_reply *head, size_t queue_max);
/* Queues the block. False when the client is too slow: the stream is ended, on_end follows. */
bool http_stream_send(struct exchange *exchange, struct http_block *block);
/* From now on on_room is called whenever all is sent. Without it a block may go straight to the
 * socket, unheard. */
void http_stream_ask_room(struct exchange *exchange);
/* Ends the stream after what is queued; on_end follows. */
void http_stream_end(struct exchange *exchange);

#endif
