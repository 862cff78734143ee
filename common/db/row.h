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
bool row_is_null(const PGresult *result, int row, int column);
int64_t row_number(const PGresult *result, int row, int column);
bool row_flag(const PGresult *result, int row, int column);

/* The five characters, "" when there are none. */
const char *db_sqlstate(const PGresult *result);
/* style.md §4.4: 57014 -> DB_TIMEOUT; 40001 40P01 55P03 -> RETRY; 08 57P0x 25006 -> DB_LOST;
 * 53 -> OVERLOADED; the rest -> INTERNAL. */
enum fault db_fault(const PGresult *result);
/* True for a state after which the connection must be dropped. */
bool db_state_is_fatal(const char *sqlstate);

#endif
