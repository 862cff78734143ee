/* SPDX-License-Identifier: MIT
 * How the schema of a database compares with this build's.
 */
#ifndef SERVICES_GATECTL_STATE_H
#define SERVICES_GATECTL_STATE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "common/base/check.h"
#include "common/schema/schema.h"

/* Judges what the database records (nothing, when it is empty). False: the database failed. */
MUST_USE bool state_read(PGconn *db, enum schema_state *state, int *number);
/* Prints a refusal of a newer or edited schema to standard error, and true; else false. */
bool state_is_refused(enum schema_state state, int number);
/* True when the schema is exactly this build's; else says on standard error what to do. */
bool state_is_current(PGconn *db);

#endif
