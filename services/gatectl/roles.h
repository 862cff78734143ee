/* SPDX-License-Identifier: MIT
 * The roles of the cluster: what sql/read/zz_grants.sql grants to.
 */
#ifndef SERVICES_GATECTL_ROLES_H
#define SERVICES_GATECTL_ROLES_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "common/base/check.h"

/* Makes the roles that are missing. Without the right to do so: prints what a superuser must run
 * and returns false. */
MUST_USE bool roles_make(PGconn *db);
/* Sets the password of gate_service to the first line of the file. It leaves this process only as
 * its SCRAM verifier, so that no log of the server ever holds it. */
MUST_USE bool roles_set_password(PGconn *db, const char *path);

#endif
