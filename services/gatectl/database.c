/* SPDX-License-Identifier: MIT */
#include "services/gatectl/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Notices say what "if not exists" found; nobody needs them here. */
static void on_notice(void *owner, const char *message)
{
    (void)owner;
    (void)message;
}

PGconn *database_open(const char *url)
{
    PGconn *db = PQconnectdb(url);

    if (PQstatus(db) != CONNECTION_OK) {
        fprintf(stderr, "gatectl: %s", PQerrorMessage(db));
        PQfinish(db);
        return NULL;
    }
    PQsetNoticeProcessor(db, on_notice, NULL);
    if (!database_run(db,
                      "set timezone = 'UTC'; set client_encoding = 'UTF8';"
                      "set standard_conforming_strings = on; set application_name = 'gatectl'")) {
        PQfinish(db);
        return NULL;
    }
    return db;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void print_error(PGconn *db, const PGresult *result)
{
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (primary)
        fprintf(stderr, "gatectl: %s%s%s (SQLSTATE %s)\n", primary, detail ? ": " : "",
                detail ? detail : "", state ? state : "?");
    else
        fprintf(stderr, "gatectl: %s", PQerrorMessage(db));
}

PGresult *database_query(PGconn *db, const char *sql, int count, const char *const *values)
{
    PGresult *result = PQexecParams(db, sql, count, NULL, values, NULL, NULL, 0);

    if (is_good(result))
        return result;
    print_error(db, result);
    PQclear(result);
    return NULL;
}

char *database_value(PGconn *db, const char *sql, int count, const char *const *values)
{
    PGresult *result = database_query(db, sql, count, values);
    char *value = NULL;

    if (result && PQntuples(result) > 0 && !PQgetisnull(result, 0, 0)) {
        value = strdup(PQgetvalue(result, 0, 0));
        CHECK(value);
    }
    PQclear(result);
    return value;
}

bool database_is(PGconn *db, const char *sql)
{
    char *value = database_value(db, sql, 0, NULL);
    bool is = value && !strcmp(value, "t");

    free(value);
    return is;
}

bool database_run(PGconn *db, const char *sql)
{
    PGresult *result = PQexec(db, sql);
    bool good = is_good(result);

    if (!good)
        print_error(db, result);
    PQclear(result);
    return good;
}

/* The line of the position (counted in characters from 1) where the server found the error. */
static int line_of(const char *sql, const char *position)
{
    long left = strtol(position, NULL, 10) - 1;
    int line = 1;

    for (; *sql && left > 0; sql++) {
        left -= ((unsigned char)*sql & 0xc0) != 0x80;
        line += *sql == '\n';
    }
    return line;
}

bool database_run_file(PGconn *db, const char *file, const char *sql)
{
    PGresult *result = PQexec(db, sql);
    bool good = is_good(result);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);

    if (!good) {
        fprintf(stderr, "%s", file);
        if (position)
            fprintf(stderr, ":%d", line_of(sql, position));
        fputs(": ", stderr);
        print_error(db, result);
    }
    PQclear(result);
    return good;
}
