/* SPDX-License-Identifier: MIT
 * The keys that sign passes: secrets in a file of this machine, public halves in the database.
 */
#ifndef SERVICES_GATECTL_PASSKEYS_H
#define SERVICES_GATECTL_PASSKEYS_H

#include "common/base/check.h"
#include "services/gatectl/call.h"

/* Makes the file with a first key when it is not there, and puts the public halves that the
 * database does not know into it. In a sandbox, where time is the caller's, the key signs from 2020
 * to 2100. */
MUST_USE enum exit_code passkeys_ensure(PGconn *db, const char *path, bool is_sandbox);

#endif
