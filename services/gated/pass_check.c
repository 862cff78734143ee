/* SPDX-License-Identifier: MIT */
#include "services/gated/pass_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/pass/pass.h"

void pass_check(const struct server *server, struct span digits, int64_t now_ms,
                struct pass_finding *finding)
{
    struct pass_claims claims;
    struct pass_reading reading;
    enum pass_verdict verdict = pass_verify(digits, &server->pass_keys, now_ms / 1000, &claims);

    *finding = (struct pass_finding){.verdict = pass_verdict_code(verdict)};
    if (claims.version == 0) {
        /* Not signed by us: what it says is only good for finding whom it pretends to be. */
        enum pass_verdict form = pass_read(digits, &reading);
        if (form != PASS_VALID && form != PASS_MISMATCH)
            return;
        claims = reading.claims;
    }
    finding->version = claims.version;
    snprintf(finding->crossing, sizeof finding->crossing, "%014" PRIu64, claims.crossing);
}
