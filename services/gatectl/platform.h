/* SPDX-License-Identifier: MIT
 * The platform's ledger from the command line: changes as commands of ledger 0, reads as the
 * functions of schema api, both exactly as the service uses them.
 */
#ifndef SERVICES_GATECTL_PLATFORM_H
#define SERVICES_GATECTL_PLATFORM_H

#include <jansson.h>

#include "common/base/check.h"
#include "services/gatectl/call.h"

/* Applies one command as principal 0, now; args is taken over. On EXIT_DONE *body is its answer
 * (json_decref it; body may be NULL). A refusal is printed. */
MUST_USE enum exit_code platform_apply(PGconn *db, const char *verb, json_t *args, json_t **body);
/* Calls api.<name>({"now", "actor", ...args}); args is taken over (NULL: none). */
MUST_USE enum exit_code platform_read(PGconn *db, const char *name, json_t *args, json_t **body);
/* All pages of a list, as one array in *items. */
MUST_USE enum exit_code platform_list(PGconn *db, const char *name, json_t *args, json_t **items);

#endif
