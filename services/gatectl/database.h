/* SPDX-License-Identifier: MIT
 * Blocking access to PostgreSQL for a command line tool: every failure prints one clear line.
 */
#ifndef SERVICES_GATECTL_DATABASE_H
#define SERVICES_GATECTL_DATABASE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "common/base/check.h"

/* NULL after a line on standard error. The session speaks UTC and UTF-8. Close with PQfinish. */
PGconn *database_open(const char *url);

/* One statement with text parameters; NULL after a line on standard error. Free with PQclear. */
PGresult *database_query(PGconn *db, const char *sql, int count, const char *const *values);
/* The first column of the only row, copied (free it); NULL when there is no row, when it is SQL
 * null, or after a failure. */
char *database_value(PGconn *db, const char *sql, int count, const char *const *values);
/* True when the only column of the only row is true. */
bool database_is(PGconn *db, const char *sql);
/* One or several statements without parameters. */
MUST_USE bool database_run(PGconn *db, const char *sql);
/* Runs a whole file of statements; an error is reported with its line as "file:line: ...". */
MUST_USE bool database_run_file(PGconn *db, const char *file, const char *sql);

#endif
