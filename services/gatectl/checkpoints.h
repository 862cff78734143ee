/* SPDX-License-Identifier: MIT
 * The signed heads of a ledger (FORMAT.md §8), held to its chain and to the published keys.
 */
#ifndef SERVICES_GATECTL_CHECKPOINTS_H
#define SERVICES_GATECTL_CHECKPOINTS_H

#include <libpq-fe.h>
#include <stdint.h>

#include "common/base/span.h"

/* The first checkpoint of the ledger with that number that is not on its chain, or that the key it
 * names has not signed: *what says which, and the number of its event is returned. 0: all are good.
 * -1 after a line on standard error. Must be called within a transaction. */
int64_t checkpoints_find_bad(PGconn *db, const char *ledger, struct span code, const char **what);

#endif
