/* SPDX-License-Identifier: MIT
 * The signed lists of revoked passes (common/pass/FORMAT.md §7), kept in memory: a list is made
 * again when its ledger has grown, and anyway after a few seconds, so that many kiosks cost one
 * query and none of them is told an old list.
 */
#ifndef SERVICES_GATED_REVOCATIONS_H
#define SERVICES_GATED_REVOCATIONS_H

struct fan_out;
struct revocations;

/* Empty; the lists are read when asked for. */
struct revocations *revocations_open(struct fan_out *fan_out);
/* After the loop has ended. */
void revocations_free(struct revocations *revocations);

#endif
