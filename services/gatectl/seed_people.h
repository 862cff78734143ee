/* SPDX-License-Identifier: MIT
 * The first people of a database, for the seed.
 */
#ifndef SERVICES_GATECTL_SEED_PEOPLE_H
#define SERVICES_GATECTL_SEED_PEOPLE_H

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "services/gatectl/call.h"

/* Adds those that are missing and appends their secrets to printed as NAME=VALUE lines; wants_new:
 * other secrets for those that are there. */
MUST_USE enum exit_code seed_people(PGconn *db, bool is_sandbox, bool wants_new,
                                    struct buffer *printed);

#endif
