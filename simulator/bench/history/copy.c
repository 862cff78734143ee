/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/check.h"

enum { SEND_BYTES = 262144, ROW_BYTES_MAX = 65536, TYPE_TIMESTAMPTZ = 1184 };
/* "PGCOPY", no flags, no header extension (PostgreSQL manual, COPY, binary format). */
static const char HEADER[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
static const int64_t EPOCH_2000_MS = 946684800000;

_Noreturn static void fail(PGconn *db, const char *what)
{
    fprintf(stderr, "gatehistory: %.60s: %s", what, PQerrorMessage(db));
    exit(1);
}

PGconn *copy_connect(const char *url)
{
    PGconn *db = PQconnectdb(url);

    if (PQstatus(db) != CONNECTION_OK)
        fail(db, "connect");
    copy_run(db, "set timezone = 'UTC'; set client_encoding = 'UTF8';"
                 "set client_min_messages = error; set application_name = 'gatehistory'");
    return db;
}

void copy_run(PGconn *db, const char *sql)
{
    PGresult *result = PQexec(db, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail(db, sql);
    PQclear(result);
}

PGresult *copy_query(PGconn *db, const char *sql, const char *value)
{
    PGresult *result = PQexecParams(db, sql, value ? 1 : 0, NULL, &value, NULL, NULL, 0);

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail(db, sql);
    return result;
}

static void add(struct copy *copy, const void *at, size_t size)
{
    memcpy(copy->at + copy->size, at, size);
    copy->size += size;
}

static void add_number(struct copy *copy, uint64_t value, size_t bytes)
{
    for (size_t i = bytes; i-- > 0;)
        copy->at[copy->size++] = (char)(value >> (8 * i));
}

static void send_all(struct copy *copy)
{
    if (copy->size && PQputCopyData(copy->db, copy->at, (int)copy->size) != 1)
        fail(copy->db, copy->table);
    copy->size = 0;
}

void copy_open(struct copy *copy, const char *url, const char *table, const char *columns,
               const char *before, const char *options)
{
    struct buffer sql = {0};

    *copy = (struct copy){.db = copy_connect(url), .table = table};
    copy->at = malloc(SEND_BYTES + ROW_BYTES_MAX);
    CHECK(copy->at);
    copy_run(copy->db, "begin");
    copy_run(copy->db, before);
    buffer_print(&sql, "copy %s (%s) from stdin (format binary%s)", table, columns, options);
    PGresult *result = PQexec(copy->db, sql.at);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        fail(copy->db, sql.at);
    PQclear(result);
    buffer_free(&sql);
    add(copy, HEADER, sizeof HEADER);
}

void copy_close(struct copy *copy, const char *after)
{
    add_number(copy, 0xffff, 2);
    send_all(copy);
    if (PQputCopyEnd(copy->db, NULL) != 1)
        fail(copy->db, copy->table);
    for (PGresult *result; (result = PQgetResult(copy->db)) != NULL; PQclear(result))
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail(copy->db, copy->table);
    copy_run(copy->db, after);
    copy_run(copy->db, "commit");
    PQfinish(copy->db);
    free(copy->at);
}

void copy_row(struct copy *copy, int columns)
{
    if (copy->size >= SEND_BYTES)
        send_all(copy);
    add_number(copy, (uint64_t)columns, 2);
    copy->rows++;
}

void copy_null(struct copy *copy)
{
    add_number(copy, 0xffffffff, 4);
}

void copy_bool(struct copy *copy, bool value)
{
    add_number(copy, 1, 4);
    add_number(copy, value, 1);
}

void copy_int16(struct copy *copy, int value)
{
    add_number(copy, 2, 4);
    add_number(copy, (uint64_t)value, 2);
}

void copy_int32(struct copy *copy, int32_t value)
{
    add_number(copy, 4, 4);
    add_number(copy, (uint64_t)value, 4);
}

void copy_int64(struct copy *copy, int64_t value)
{
    add_number(copy, 8, 4);
    add_number(copy, (uint64_t)value, 8);
}

void copy_bytes(struct copy *copy, const void *at, size_t size)
{
    CHECK(size < ROW_BYTES_MAX / 4);
    if (!at) {
        copy_null(copy);
        return;
    }
    add_number(copy, size, 4);
    add(copy, at, size);
}

void copy_text(struct copy *copy, const char *text)
{
    copy_bytes(copy, text, text ? strlen(text) : 0);
}

void copy_jsonb(struct copy *copy, const char *text)
{
    size_t size = strlen(text);

    CHECK(size < ROW_BYTES_MAX / 4);
    add_number(copy, size + 1, 4);
    add_number(copy, 1, 1); /* the version of jsonb's own form */
    add(copy, text, size);
}

void copy_time(struct copy *copy, int64_t ms)
{
    if (ms)
        copy_int64(copy, (ms - EPOCH_2000_MS) * 1000);
    else
        copy_null(copy);
}

static void add_array(struct copy *copy, size_t bytes, bool has_nulls, uint32_t type, int count)
{
    add_number(copy, 20 + bytes, 4);
    add_number(copy, 1, 4); /* dimensions */
    add_number(copy, has_nulls, 4);
    add_number(copy, type, 4);
    add_number(copy, (uint64_t)count, 4);
    add_number(copy, 1, 4); /* the first index */
}

void copy_label(struct copy *copy, uint32_t type, const char *label)
{
    add_array(copy, 4 + strlen(label), false, type, 1);
    copy_text(copy, label);
}

void copy_times(struct copy *copy, const int64_t *ms, int count)
{
    size_t bytes = 0;
    bool has_nulls = false;

    for (int i = 0; i < count; i++) {
        bytes += ms[i] ? 12 : 4;
        has_nulls |= !ms[i];
    }
    add_array(copy, bytes, has_nulls, TYPE_TIMESTAMPTZ, count);
    for (int i = 0; i < count; i++)
        copy_time(copy, ms[i]);
}
