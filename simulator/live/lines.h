/* SPDX-License-Identifier: MIT
 * Requests to the running service over a number of connections: each waits for a free one, is sent
 * again with its key when the answer was lost or the server asks to come back, and is measured.
 *
 * Waiting is bounded: when something was sent and nothing has been answered for as long as the
 * patience, the service is taken for dead; what is outstanding then stays so.
 */
#ifndef SIMULATOR_LIVE_LINES_H
#define SIMULATOR_LIVE_LINES_H

#include "simulator/client.h"
#include "simulator/latency.h"

enum operation {
    OPERATION_DECLARE,
    OPERATION_STEP,
    OPERATION_OFFLINE, /* steps of a kiosk after an outage */
    OPERATION_CALL,
    OPERATION_CANCEL,
    OPERATION_TURN_BACK,
    OPERATION_SCAN,
    OPERATION_POSITION,
    OPERATION_OTHER, /* before and after the days */
    OPERATION_COUNT
};

extern const char *const OPERATION_NAMES[OPERATION_COUNT];

enum {
    LINES_MAX = 1024,
    ANSWER_MS = 10000, /* without an answer for so long the connection is given up */
    CODES_MAX = 64,
    CODE_ROOM = 40,
    PATH_ROOM = 128
};

struct ask;

/* Called once, with the final answer. body is borrowed. The ask is the caller's again. */
typedef void ask_done(struct ask *ask, int status, struct span body);

struct ask {
    enum operation operation;
    const char *method;
    char path[PATH_ROOM];
    const char *token;    /* borrowed; NULL: nobody's */
    char key[56];         /* of idempotency; "": none */
    int64_t gate_time_ms; /* since 1970; 0: none */
    char *body;           /* malloc'd; NULL: none */
    size_t body_size;
    ask_done *done;
    void *owner;
    int64_t intended_us; /* when it was to be sent; 0: when it is given to the lines */
    /* the lines' own */
    int64_t sent_us, again_ms;
    unsigned tries;
    struct ask *next;
};

struct line_client;

/* How often a status or code of refusal came. */
struct code_count {
    enum operation operation;
    int status;
    char code[CODE_ROOM];
    uint64_t count;
};

struct lines {
    uv_loop_t *loop;
    struct line_client *clients;
    unsigned count, busy;
    uint64_t waiting;         /* not sent yet, or to be sent again */
    struct ask *first, *last; /* that may go now */
    struct ask *again;        /* that may go later */
    int64_t patience_ms;
    int64_t heard_ms; /* the last answer, or the first request after a rest */
    bool is_dead;
    uint64_t requests, resent, limited; /* answered; sent again; told to come later */
    struct latency latency[OPERATION_COUNT];
    uint64_t errors[OPERATION_COUNT];
    struct code_count codes[CODES_MAX];
    unsigned code_count;
};

/* "http://host:port"; false after saying what is wrong with it. */
bool lines_open(struct lines *lines, uv_loop_t *loop, const char *url, unsigned count,
                int64_t patience_ms);
/* After the loop has ended. */
void lines_free(struct lines *lines);
/* Closes all connections; the loop then runs out. */
void lines_close(struct lines *lines);
void lines_send(struct lines *lines, struct ask *ask);
/* To be called every few milliseconds: what may go again goes, what hangs is given up. */
void lines_tend(struct lines *lines);
bool lines_is_idle(const struct lines *lines);
/* Counts a refusal as an error of its operation, beside those that the lines find themselves. */
void lines_note_error(struct lines *lines, const struct ask *ask, int status, struct span body);

/* A new ask, zeroed; the caller fills it in. body may be "". Freed with ask_free. */
struct ask *ask_new(enum operation operation, const char *method, const char *token);
void ask_body(struct ask *ask, struct buffer *body);
void ask_free(struct ask *ask);

#endif
