/* SPDX-License-Identifier: MIT
 * Users and their one-time passwords, for the verbs and for the seed.
 */
#ifndef SERVICES_GATECTL_USERS_H
#define SERVICES_GATECTL_USERS_H

#include <jansson.h>
#include <stdint.h>

#include "common/key/password.h"
#include "services/gatectl/call.h"

/* The user of that name; 0: none. */
int64_t users_find(PGconn *db, const char *user);
/* Adds a user for the principal, with a password made here. *body (may be NULL): as
 * platform_apply() gives it. */
MUST_USE enum exit_code users_add(PGconn *db, int64_t principal, const char *user, const char *name,
                                  bool must_change, char password[PASSWORD_MADE_ROOM],
                                  json_t **body);
/* Gives the user another one: signs them out everywhere. */
MUST_USE enum exit_code users_set_password(PGconn *db, int64_t user, bool must_change,
                                           char password[PASSWORD_MADE_ROOM]);

#endif
