/* SPDX-License-Identifier: MIT
 * What the digits of a scan say, before the database is asked. Revocation and the crossing's state
 * are the database's to judge.
 */
#ifndef SERVICES_GATED_PASS_CHECK_H
#define SERVICES_GATED_PASS_CHECK_H

#include "services/gated/server.h"

enum { PASS_CHECK_DIGITS = 15 };

struct pass_finding {
    const char *verdict;              /* pass_verdict_code(): "valid", "expired", "forged" ... */
    char crossing[PASS_CHECK_DIGITS]; /* "" when the digits do not tell it */
    unsigned version;                 /* of the pass; 0: not known */
};

/* now_ms: the later of the gate's time and what was seen before. */
void pass_check(const struct server *server, struct span digits, int64_t now_ms,
                struct pass_finding *finding);

#endif
