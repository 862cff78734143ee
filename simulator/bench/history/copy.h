/* SPDX-License-Identifier: MIT
 * Rows into one table by COPY in its binary form, over a connection of its own, so that the
 * database takes several tables at once. Anything that fails ends the program with a line: what it
 * fills is a database that can be made again.
 */
#ifndef SIMULATOR_BENCH_HISTORY_COPY_H
#define SIMULATOR_BENCH_HISTORY_COPY_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/span.h"

struct copy {
    PGconn *db;
    const char *table;
    char *at; /* bytes not yet sent */
    size_t size;
    uint64_t rows;
};

/* A session as the owner; ends the program when there is none. Close with PQfinish. */
PGconn *copy_connect(const char *url);
/* Statements without parameters; ends the program when one fails. */
void copy_run(PGconn *db, const char *sql);
/* The rows of a query with at most one text parameter (or NULL). Free with PQclear. */
PGresult *copy_query(PGconn *db, const char *sql, const char *value);

/* Begins; before: statements run first, in the same transaction. columns: "a, b"; options:
 * "" or ", freeze". */
void copy_open(struct copy *copy, const char *url, const char *table, const char *columns,
               const char *before, const char *options);
/* Ends the rows, runs the statements of after and commits. */
void copy_close(struct copy *copy, const char *after);

/* A row: its number of columns, then each of them in order. */
void copy_row(struct copy *copy, int columns);
void copy_null(struct copy *copy);
void copy_bool(struct copy *copy, bool value);
void copy_int16(struct copy *copy, int value);
void copy_int32(struct copy *copy, int32_t value);
void copy_int64(struct copy *copy, int64_t value);
/* Text, bytea, uuid and enumerations alike; no text: null. */
void copy_bytes(struct copy *copy, const void *at, size_t size);
void copy_text(struct copy *copy, const char *text);
void copy_jsonb(struct copy *copy, const char *text);
/* Milliseconds since 1970 as timestamptz; 0: null. */
void copy_time(struct copy *copy, int64_t ms);
/* An array of one enumeration's label; type: its oid. */
void copy_label(struct copy *copy, uint32_t type, const char *label);
/* timestamptz[] of at least one member; 0: null. */
void copy_times(struct copy *copy, const int64_t *ms, int count);

#endif
