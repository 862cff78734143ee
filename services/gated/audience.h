/* SPDX-License-Identifier: MIT
 * Who sees which events, and which part of them: a firm its own, officers and operators those of
 * their gates, administrators the platform's and the public part of their gates'. The same rule as
 * gate.ledgers_followed and gate.feed_item in SQL; a test compares the two.
 */
#ifndef SERVICES_GATED_AUDIENCE_H
#define SERVICES_GATED_AUDIENCE_H

#include "services/gated/cursor.h"
#include "services/gated/feed_event.h"
#include "services/gated/request.h"

enum { AUDIENCE_TYPES_MAX = 400 }; /* bytes of a list of types */

/* Spans are borrowed: audience_copy() owns them. */
struct audience {
    enum role role;
    int64_t firm; /* 0: none */
    uint8_t gates[LEDGER_COUNT / 8 + 1];
    int gate;          /* only this ledger; -1: all that may be seen */
    struct span types; /* "called,step"; empty: all */
    struct span actor; /* JSON, for reads */
};

/* What the query of a feed may hold beside its cursor: gate and types. BAD_QUERY, WRONG_GATE. */
MUST_USE enum fault audience_of(struct request *r, struct audience *audience);
/* In one block; free() it. */
struct audience *audience_copy(const struct audience *audience);
bool audience_is_equal(const struct audience *a, const struct audience *b);
/* False when the key stands for somebody else by now. */
bool audience_is_of(const struct audience *audience, const struct principal *principal);

bool audience_follows(const struct audience *audience, int ledger);
bool audience_sees(const struct audience *audience, int ledger, const struct feed_event *event);
/* PART_... of the events of that ledger. */
unsigned audience_parts(const struct audience *audience, int ledger);
/* The name of its list in cursors. */
void audience_list(const struct audience *audience, struct buffer *out);
/* The argument of api.events() for what it sees behind a cursor. after: empty for none. */
void audience_ask(const struct audience *audience, int64_t now_ms, struct span after,
                  struct buffer *out);
/* types and gate as members of such an argument. */
void audience_write(const struct audience *audience, struct buffer *out);

#endif
