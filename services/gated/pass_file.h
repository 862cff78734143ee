/* SPDX-License-Identifier: MIT
 * The file with the keys that sign passes (GATE_PASS_KEYS; format: common/pass/secrets.h).
 */
#ifndef SERVICES_GATED_PASS_FILE_H
#define SERVICES_GATED_PASS_FILE_H

#include <stdbool.h>

#include "common/base/check.h"
#include "common/pass/keys.h"

/* Replaces *keys by those of the file; an empty path gives none. False, after a line in the log,
 * when the file is unreadable or malformed; *keys is then untouched. */
MUST_USE bool pass_file_read(const char *path, struct pass_keys *keys);
/* Forgets the secrets. */
void pass_file_wipe(struct pass_keys *keys);

#endif
