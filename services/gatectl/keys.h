/* SPDX-License-Identifier: MIT
 * Issuing access keys, for the verbs and for the seed.
 */
#ifndef SERVICES_GATECTL_KEYS_H
#define SERVICES_GATECTL_KEYS_H

#include <stdint.h>

#include "common/key/key.h"
#include "services/gatectl/call.h"

/* Makes a key for the principal and records its hash. device and expires_ms (0: never) may be
 * absent. Wipe the key with access_key_wipe(). */
MUST_USE enum exit_code keys_issue(PGconn *db, int64_t principal, const char *device,
                                   int64_t expires_ms, struct access_key *key);

/* The principal whom the options --principal or --firm name; 0 after a line on standard error. */
int64_t keys_holder(struct call *call);

#endif
