/* SPDX-License-Identifier: MIT
 * Typed access to rows (text format) and the meaning of SQLSTATE.
 */
#ifndef COMMON_DB_ROW_H
#define COMMON_DB_ROW_H

#include <libpq-fe.h>
#include <stdint.h>

#include "common/base/fault.h"
#include "common/base/span.h"

/* The field as text, empty when SQL null; borrowed from the result. */
struct span row_text(const PGresult *result, int row, int column);
/* True for SQL null. */
bool row_is_null(const PGresult *result, int row, int column);
/* 0 when SQL null. */
int64_t row_number(const PGresult *result, int row, int column);
/* True for SQL true only. */
bool row_flag(const PGresult *result, int row, int column);

/* The five characters, "" when there are none. */
const char *db_sqlstate(const PGresult *result);
/* OK for rows and completed commands. 57014 -> DB_TIMEOUT; 40001 40P01 55P03, and what surely did
 * not run because the session's plan is gone (26000, "cached plan") -> RETRY;
 * 08 57P0x 25006 25P03 and no state at all -> DB_LOST; 53 -> OVERLOADED; the rest -> INTERNAL. */
enum fault db_fault(const PGresult *result);
/* True for a state after which the connection must be dropped. */
bool db_state_is_fatal(const char *sqlstate);
/* The same for an answer, with "cached plan must not change result type"; false for NULL. */
bool db_result_is_fatal(const PGresult *result);

#endif
