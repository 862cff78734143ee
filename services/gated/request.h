/* SPDX-License-Identifier: MIT
 * The words of the server: a route of the API, a request on its way through it, and the commands
 * and answers it exchanges with the database.
 *
 * A request waits once: for its commands or its read. Before they are submitted the caller of
 * prepare() owns it, afterwards whoever answers; the connection only points at it, so a client that
 * hangs up costs nothing but its reply.
 */
#ifndef SERVICES_GATED_REQUEST_H
#define SERVICES_GATED_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/span.h"
#include "common/form/failures.h"
#include "services/gated/limits.h"
#include "services/gated/refresh.h"

struct exchange;
struct request;
struct server;

enum {
    LEDGER_PLATFORM = 0, /* people, keys, credits, procedures, reference data */
    LEDGER_COUNT = 100,  /* a ledger's number has two digits in every id */
    PARAMETERS_MAX = 4,
    COOKIES_MAX = 2, /* that one reply sets */
};

enum role {
    ROLE_FIRM,
    ROLE_OFFICER,
    ROLE_SYSTEM,
    ROLE_OPERATOR,
    ROLE_SUPERVISOR,
    ROLE_ADMIN,
    ROLE_COUNT
};

/* Sets of roles, one bit each; MAY_ANYBODY needs no key at all. With IN_SESSION no key will do: a
 * person must have signed in. With UNCHANGED it may be one who has not changed their one-time
 * password yet. */
enum {
    MAY_ANYBODY = 0,
    MAY_FIRM = 1 << ROLE_FIRM,
    MAY_AGENCY = 1 << ROLE_OFFICER | 1 << ROLE_SYSTEM,
    MAY_SYSTEM = 1 << ROLE_SYSTEM,
    MAY_SUPERVISE = 1 << ROLE_SUPERVISOR,
    MAY_OPERATE = 1 << ROLE_OPERATOR | MAY_SUPERVISE,
    MAY_ADMIN = 1 << ROLE_ADMIN,
    MAY_GATE = MAY_AGENCY | MAY_OPERATE,
    MAY_ALL = MAY_FIRM | MAY_GATE | MAY_ADMIN,
    IN_SESSION = 1 << ROLE_COUNT,
    UNCHANGED = 2 << ROLE_COUNT,
};

/* Who asks: what a valid key or session stands for. */
struct principal {
    int64_t id;
    int64_t key;     /* the row of the key it was shown with; 0: in a session */
    int64_t session; /* its row; 0: with a key */
    int64_t user;    /* who signed in; 0: with a key */
    int64_t firm;    /* 0: none */
    enum role role;
    struct span agency; /* empty: none */
    struct span device; /* empty: none */
    struct span actor;  /* the same as JSON, as every command and read carries it */
    uint8_t gates[LEDGER_COUNT / 8 + 1];
    bool must_change; /* the one-time password first */
    bool is_by_pin;
};

/* What the database said to one command or one read. Borrowed for the call that brings it. */
struct answer {
    enum fault fault;
    int status;       /* HTTP, when fault is OK */
    struct span etag; /* version; empty: none */
    struct span body; /* JSON; of a fault: an object with further members, or empty */
    bool is_replayed; /* the stored answer of an earlier request with the same key */
};

/* An answer that outlives the call that brought it. */
struct answer answer_keep(struct arena *arena, const struct answer *answer);

/* One change of one ledger. Owned by its request; by the batcher between submit and done. */
struct command {
    struct request *request;
    int ledger;
    int64_t now_ms;          /* raised by the batcher where the ledger is already further */
    struct span text;        /* its JSON object without the opening {"now":N, */
    const uint64_t *touches; /* hashes of what no two commands of one batch may share */
    int touch_count;
    /* Exactly once, and never from inside the submit. */
    void (*done)(struct command *command, const struct answer *answer);
    /* the batcher's */
    struct command *next;
    int64_t queued_ms;
    int again_count;
};

/* How a route is answered. */
enum kind {
    KIND_LOCAL, /* by its ask, which owns the request when it returns OK */
    KIND_READ,  /* by api.<verb>(), over the pool */
    KIND_WRITE, /* by commands, through the batcher */
};

struct route {
    const char *method;
    const char *path; /* "/v1/crossings/{id}/steps"; {name} stands for one segment */
    const char *verb; /* of the SQL that it ends in; also its name in metrics and in the log */
    enum kind kind;
    unsigned roles; /* MAY_... */
    /* Turns the request into commands or a read: no waiting, no clock but now_ms. All failures of
     * the form are collected in r->failures, not only the first. */
    enum fault (*ask)(struct request *r);
};

struct parameter {
    struct span name;
    struct span value;
};

/* What an exchange points at: told when it is over. */
struct follower {
    void (*on_end)(struct follower *follower);
    void (*on_room)(struct follower *follower); /* of a stream; may be NULL */
};

struct request {
    struct follower follower;
    struct server *server;
    struct exchange *exchange; /* NULL once the client has hung up */
    struct arena *arena;       /* outlives the exchange */
    const struct route *route; /* NULL: no such path */
    struct span id;            /* 16 hex digits */
    enum language language;
    struct parameter parameters[PARAMETERS_MAX];
    int parameter_count;
    const char *allow;           /* methods of the path, with FAULT_METHOD_NOT_ALLOWED */
    struct principal *principal; /* NULL: anybody */
    struct failures failures;
    bool is_query_read; /* ask_filters() has judged the query */
    int64_t given_ms;   /* Gate-Time; 0: none */
    int64_t wall_ms;    /* when it arrived */
    int64_t now_ms;     /* the time of the ledger it is about: ask_ledger() */
    int64_t left_ms;    /* when the device was seen last before it was away; 0: unknown */
    int64_t started_us;
    int status; /* of the reply; 0: none was given */
    struct limit_state limit;

    struct command *commands;
    struct answer *answers; /* one per command, copied, when there are several */
    int command_count;
    int outstanding;
    struct refresh_waiter waiter;     /* of a change of people, keys or sessions */
    bool is_about_session;            /* people and keys are not changed */
    const char *cookies[COOKIES_MAX]; /* Set-Cookie, of the reply */
    int cookie_count;
    struct span csrf; /* what a change in this session must show; empty: no session */
    /* Makes the reply from answers[]; NULL: the only answer is the reply. Needed with several
     * commands; may be set with one of the platform's, to add what the database never saw. */
    void (*finish)(struct request *r);
    /* Takes the only command's answer, for one that another ledger's must follow; NULL otherwise.
     * The request is its own: it replies and ends it, or submits the next. */
    void (*then)(struct request *r, const struct answer *answer);
    /* Takes the answer of a read; NULL: the answer is the reply. */
    void (*on_read)(struct request *r, const struct answer *answer);
    struct span read;      /* the read's JSON argument */
    void *context;         /* of the ask, for its finish or on_read; in the arena */
    const char *read_name; /* of a write that must read first; NULL: it need not */
};

/* --- the life of a request, from the exchange to the line in the log --- */

/* The exchange has its request from here on; request_end() frees both arena and request. */
struct request *request_new(struct server *server, struct exchange *exchange);
/* Writes the log line and counts it, then frees it. The reply was given before, or cannot be. */
void request_end(struct request *r);
/* Submits what the ask has made: the commands or the read. From here on others own the request. */
void request_submit(struct request *r);
/* The second wait of a write that had to read first: its on_read has made the commands. */
void request_submit_commands(struct request *r);
/* The exchange, for a stream: what it does from now on is no longer the request's business. */
struct exchange *request_steal_exchange(struct request *r);
/* routes.c: the part of the path that {name} stands for; empty when there is none. */
struct span request_parameter(const struct request *r, const char *name);

#endif
