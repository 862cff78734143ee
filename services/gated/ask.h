/* SPDX-License-Identifier: MIT
 * What the ask functions are made of: from the path and the body to commands and reads. Nothing
 * here waits or reads a clock.
 */
#ifndef SERVICES_GATED_ASK_H
#define SERVICES_GATED_ASK_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

/* The body as sent; empty when there was none. Valid until the ask returns. */
struct span ask_body(const struct request *r);
/* What was written, moved into the request's arena. */
struct span ask_text(struct request *r, struct buffer *text);

/* Names the ledger the request is about: checks that who asks works there (WRONG_GATE) and takes
 * that ledger's time as r->now_ms. */
MUST_USE enum fault ask_ledger(struct request *r, int ledger);
/* {gate}: its code or number. NOT_FOUND when there is none. Calls ask_ledger(). */
MUST_USE enum fault ask_gate(struct request *r, int *ledger);
/* {id}: 14 digits that begin with the gate's number. Calls ask_ledger(). */
MUST_USE enum fault ask_crossing(struct request *r, int *ledger, struct span *id);
/* {number}: YYYYMMDD, the gate's number, its daily count. Calls ask_ledger(). */
MUST_USE enum fault ask_declaration(struct request *r, int *ledger, struct span *number);
/* The gate that a link's token begins with; NOT_FOUND when there is none. Calls ask_ledger(). */
MUST_USE enum fault ask_link(struct request *r, struct span token, int *ledger);
/* {event}: the gate's code, a dash, the seq. Calls ask_ledger(). */
MUST_USE enum fault ask_event(struct request *r, int *ledger, int64_t *seq);

/* The ledger in the first digits of a crossing's number; -1 when it is none or there is no such
 * gate. */
int ledger_of_crossing(const struct server *server, struct span id);

/* --- writes --------------------------------------------------------------------------------- */

/* What one command touches, gathered while its form is read. */
struct touched {
    struct arena *arena;
    uint64_t *hashes;
    int count;
    int room;
};
void touched_add(struct touched *touched, const char *kind, struct span name);

/* The request's only command, with the key of its Idempotency-Key header. args: a JSON object. What
 * it touches beside its key: touched (may be NULL). IDEMPOTENCY_KEY_... */
MUST_USE enum fault ask_write(struct request *r, int ledger, const char *verb, struct span args,
                              const struct touched *touched);
/* The same where not method, path and body are what a repetition must repeat, but content. */
MUST_USE enum fault ask_write_same(struct request *r, int ledger, const char *verb,
                                   struct span content, struct span args,
                                   const struct touched *touched);
/* The request's only command, of the server's own: nobody's key, nobody's name. */
void ask_own(struct request *r, int ledger, const char *verb, struct span args);
/* The request's only command, of who asks, but without a key: what it carries must leave nothing
 * behind that a secret could be guessed from, not even a digest. */
void ask_unkeyed(struct request *r, int ledger, const char *verb, struct span args);
/* Room for count commands, each then made with ask_command(); finish makes the reply. */
void ask_many(struct request *r, int count, void (*finish)(struct request *r));
/* One of them; key is the item's own, content what a repetition must repeat. now_ms is r's. */
void ask_command(struct request *r, int index, int ledger, const char *verb, struct span key,
                 struct span content, struct span args, const struct touched *touched);
/* One that is answered already: its form was bad, its gate is not theirs. */
void ask_refused(struct request *r, int index, const struct answer *answer);

/* --- reads ---------------------------------------------------------------------------------- */

/* What a list may be asked for in the query. */
enum filter_kind {
    FILTER_NONE, /* allowed, and read by the ask itself */
    FILTER_TEXT,
    FILTER_DIRECTION, /* import or export */
    FILTER_NUMBER,
    FILTER_COUNT, /* a number from 1 on; too large a page is made smaller */
    FILTER_DATE,
    FILTER_INSTANT,
    FILTER_FLAG,
    FILTER_GATE,       /* the code of a gate that there is */
    FILTER_PLATE,      /* a plate or VIN, however it is typed */
    FILTER_PLATE_PART, /* part of one */
    FILTER_DECLARATION_STATE,
    FILTER_CROSSING_STATE,
    FILTER_STAFF, /* a role of all but firms */
    FILTER_AGENCY,
    FILTER_EVENT_TYPES /* "called,step" */
};
struct filter {
    const char *name;
    enum filter_kind kind;
};
/* The query's parameters as members of a JSON object; instants become <name>_ms. BAD_QUERY for one
 * that is not of its kind or not among the filters, with its name. */
MUST_USE enum fault ask_filters(struct request *r, const struct filter *filters, size_t count,
                                struct buffer *members);

/* The query of a request whose ask has no filters must be empty: BAD_QUERY. */
MUST_USE enum fault ask_query_unread(struct request *r);
/* A read whose argument is its filters and nothing else. */
MUST_USE enum fault ask_list(struct request *r, const struct filter *filters, size_t count);

/* The argument of the read: members is the inner text of a JSON object, may be empty. */
void ask_read(struct request *r, struct span members);
/* A write that must read first: then is called with the answer, and makes the commands. */
void ask_read_first(struct request *r, const char *name, struct span members,
                    void (*then)(struct request *r, const struct answer *answer));

#endif
