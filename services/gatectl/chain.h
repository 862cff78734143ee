/* SPDX-License-Identifier: MIT
 * The hash chain of a ledger, recomputed event by event by the published rule:
 *   hash(0) = sha256(code of the ledger)
 *   hash(n) = sha256(hash(n - 1) || body(n))
 * and each body ends in "private":"<hex of sha256(salt || private part)>"}. Knows no database.
 */
#ifndef SERVICES_GATECTL_CHAIN_H
#define SERVICES_GATECTL_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/span.h"

enum { CHAIN_HASH_BYTES = 32 };

enum chain_fault {
    CHAIN_GOOD,
    CHAIN_GAP,             /* an event is missing, or a number occurs twice */
    CHAIN_HASH,            /* the stored hash is not that of the body and the event before */
    CHAIN_BODY,            /* the body is not that of this ledger and number */
    CHAIN_COLUMNS,         /* time, type or crossing beside the body differ from it */
    CHAIN_PRIVATE_MISSING, /* the row of the private part is gone */
    CHAIN_PRIVATE,         /* the private part is not the one the body names */
};

/* One event as it is stored. */
struct chain_event {
    int64_t seq;
    struct span at; /* RFC 3339, as in the body */
    struct span type;
    struct span crossing; /* 14 digits; empty: none */
    struct span body;
    struct span hash; /* raw bytes */
    bool has_private; /* the row of the private part is there */
    struct span salt; /* raw bytes */
    bool is_erased;
    struct span private_body;
};

struct chain {
    struct span code; /* of the ledger, borrowed */
    int64_t seq;      /* of the last event */
    unsigned char hash[CHAIN_HASH_BYTES];
    int64_t erased; /* private parts that were erased, so cannot be compared any more */
};

/* The chain of a ledger before its first event. */
void chain_init(struct chain *chain, struct span code);
/* Takes the next event; after a fault the chain stays where it was. */
enum chain_fault chain_next(struct chain *chain, const struct chain_event *event);
/* One sentence. */
const char *chain_fault_text(enum chain_fault fault);

#endif
