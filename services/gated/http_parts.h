/* SPDX-License-Identifier: MIT
 * What the http*.c files share among themselves; nobody else includes this.
 *
 * A peer is a connection, an exchange is one request and its answer on it. Both are born and die
 * in callbacks of the library; an exchange's arena holds everything of it but its body.
 */
#ifndef SERVICES_GATED_HTTP_PARTS_H
#define SERVICES_GATED_HTTP_PARTS_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <utlist.h>

#include "common/base/buffer.h"
#include "common/base/fault.h"
#include "services/gated/http.h"

enum {
    DRAIN_MS = 2000,
    ID_SIZE = 17,
    /* The library keeps in one pool per connection the head, a record of each field, cookie and
     * parameter, a copy of the cookies, and the head of the answer. */
    POOL_BYTES = HTTP_HEAD_MAX + 2048,
    RECORD_BYTES = 64,
    ANSWER_HEAD_BYTES = 1024,
};

/* Where an exchange is; the library's callbacks and the owner's answers move it on. */
enum phase {
    PHASE_HEAD,   /* the request line is here, the header not yet */
    PHASE_BODY,   /* the body is coming; kept, or dropped when the exchange has a refusal */
    PHASE_OWNER,  /* the owner has it and has not answered */
    PHASE_REPLY,  /* the answer is made and on its way */
    PHASE_STREAM, /* the same, and more is added to it */
};

struct peer {
    struct http *http;
    struct peer *prev, *next;
    struct exchange *exchange; /* NULL between two requests */
    int socket;
    int64_t since_ms; /* steady: opened, or the last exchange ended */
    bool has_served;  /* at least one exchange */
    bool is_cut;      /* shut down by us; the library notices in its next run */
    char address[INET6_ADDRSTRLEN];
};

struct piece { /* a block in one stream's queue */
    struct piece *next;
    struct http_block *block;
};

struct stream {
    struct piece *queue; /* the one being sent first */
    size_t queued;       /* bytes, all blocks whole */
    size_t queue_max;
    size_t offset; /* of the first block: sent already */
    bool is_asking; /* wants to hear of room */
    bool is_ended;
};

struct parameter {
    const char *name, *value;
};

struct query {
    struct parameter *parameters;
    size_t count;
    bool is_valid;
    const char *wrong; /* the name of the first parameter that is not; NULL: unreadable, too */
    bool is_twice;     /* that one came before */
};

struct exchange {
    struct http_ask ask;
    struct http *http;
    struct peer *peer;
    struct MHD_Connection *library;
    enum phase phase;
    enum fault refusal; /* decided before the body was read; OK: none */
    bool is_owned;      /* on_request was called, so on_end must be */
    bool is_suspended;  /* the library leaves the connection alone until it is resumed */
    bool is_lost;       /* the client is gone or was cut */
    bool is_chunked;    /* a stream's bytes on the socket are chunks, and plain */
    bool is_head;       /* asked by HEAD: an answer has no body, nor the end of one */
    int status;
    struct MHD_Response *response; /* made, not yet handed to the library */
    int64_t since_ms;              /* steady: when this phase or the refusal began */
    size_t drained;                /* bytes of body dropped */
    struct buffer body;
    struct query query;
    struct stream stream;
    struct span target; /* as it stood in the request line */
    void *context;
    char id[ID_SIZE];
};

struct http {
    uv_loop_t *loop;
    struct MHD_Daemon *daemon;
    struct http_options options;
    struct http_events events;
    uv_poll_t poll;   /* the library's epoll descriptor */
    uv_timer_t soon;  /* the library has more to do */
    uv_timer_t sweep; /* deadlines, once a second */
    struct peer *peers;
    int peer_count;
    int owned_count; /* exchanges the owner has not seen the end of */
    unsigned sweeps;
    unsigned calls; /* of ours by the library: what it has to show for its runs */
    uint64_t last_id;
    int listener; /* the daemon's */
    int port;
    bool is_tls;
    bool is_wanted; /* a connection was resumed since the last run */
    bool is_closing;
    bool is_stopped;
    int handles; /* open, of the three above */
    void (*done)(void *owner);
    void *done_owner;
};

/* http.c */
/* Has the library run once, after all that is now being resumed. */
void http_want_run(struct http *http);
/* Ends a connection on which no answer is being sent: with a problem document when there is a
 * fault and the line is plain, and then at once. */
void peer_cut(struct peer *peer, enum fault fault);

/* http_exchange.c: the callbacks of the library, cls is the struct http. */
void *exchange_on_line(void *cls, const char *target, struct MHD_Connection *library);
enum MHD_Result exchange_on_call(void *cls, struct MHD_Connection *library, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *size, void **context);
void exchange_on_completed(void *cls, struct MHD_Connection *library, void **context,
                           enum MHD_RequestTerminationCode code);
struct peer *peer_of(struct MHD_Connection *library);
/* Resumes a suspended exchange; the library then calls for its answer. */
void exchange_wake(struct exchange *exchange);
/* The problem document of a fault that is found before the owner sees the request. */
void problem_print(struct buffer *text, enum fault fault, enum language language, const char *id);
/* Adds the reply's content type and headers to the response. */
void response_describe(struct MHD_Response *response, const struct http_reply *reply);

/* http_guard.c */
/* Whether the frame of the request is beyond doubt; anything but OK ends the connection, since
 * where the next request begins is not known. */
enum fault guard_frame(struct MHD_Connection *library, struct span target, const char *method,
                       const char *version);
/* The path of the target (RFC 9112 §3.2); refuses what is not plain, above all any '%'. */
enum fault guard_path(struct span target, struct span *path);

/* http_query.c */
/* Reads the part after the '?'; the texts go to the arena. */
struct query query_read(struct arena *arena, struct span target);

/* http_stream.c */
/* Drops what is queued. */
void stream_clear(struct stream *stream);

#endif
