/* SPDX-License-Identifier: MIT
 * Trucks for the benchmark: each knows the request that moves it on, by the `open` list of the
 * last answer, from its declaration to its exit.
 */
#ifndef SIMULATOR_BENCH_TRUCKS_H
#define SIMULATOR_BENCH_TRUCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/span.h"

enum agency {
    AGENCY_CUSTOMS,
    AGENCY_BORDER_GUARD,
    AGENCY_HEALTH,
    AGENCY_PLANT,
    AGENCY_ANIMAL,
    AGENCY_LICENCE,
    AGENCY_CENTRE,
    AGENCY_YARD,
    AGENCY_OPERATOR,
    AGENCY_COUNT
};

struct truck {
    int gate;        /* 1 or 2 */
    bool is_export;
    char id[16];     /* of its crossing; "" before the declaration */
    char step[24];   /* to confirm next; "" when it waits for its call or is over */
    enum agency agency;
    bool waits;      /* for a call */
    bool is_parked;  /* asked for a call, and another truck was called */
    bool is_called;
    bool is_over;
    char digits[352]; /* of its pass */
};

/* The declaration of the n-th truck as JSON; synthetic identities only. Returns its size. */
size_t truck_declaration(const struct truck *truck, unsigned n, char *text, size_t room);
/* Takes over what an answer says of the crossing: id, state, the next open step. */
void truck_learn(struct truck *truck, struct span answer);
/* "customs" -> AGENCY_CUSTOMS; AGENCY_COUNT when unknown. */
enum agency agency_of(struct span name);

#endif
