/* SPDX-License-Identifier: MIT */
#include "common/db/row.h"

#include <stdlib.h>

#include "common/base/check.h"

struct span row_text(const PGresult *result, int row, int column)
{
    return (struct span){.at = PQgetvalue(result, row, column),
                         .size = (size_t)PQgetlength(result, row, column)};
}

bool row_is_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column);
}

int64_t row_number(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

bool row_flag(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

const char *db_sqlstate(const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    return state ? state : "";
}

static bool starts_with(const char *state, const char *prefix)
{
    return !strncmp(state, prefix, strlen(prefix));
}

bool db_state_is_fatal(const char *sqlstate)
{
    /* 57P0x: the server goes down, 25006: a former primary, 25P03: the session was ended,
     * 26000: the session no longer has what we prepared. */
    static const char *const FATAL[] = {"08", "57P0", "25006", "25P03", "26000"};

    for (size_t i = 0; i < COUNT_OF(FATAL); i++)
        if (starts_with(sqlstate, FATAL[i]))
            return true;
    return false;
}

/* 0A000 has many meanings and its text is translated; the function that raised it is not. */
static bool plan_is_stale(const PGresult *result)
{
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

    return starts_with(db_sqlstate(result), "0A000") && function &&
           !strcmp(function, "RevalidateCachedQuery");
}

bool db_result_is_fatal(const PGresult *result)
{
    return result && (db_state_is_fatal(db_sqlstate(result)) || plan_is_stale(result));
}

static enum fault fault_of_state(const char *state)
{
    static const struct {
        const char *prefix;
        enum fault fault;
    } CLASSES[] = {
        {"57014", FAULT_DB_TIMEOUT}, {"40001", FAULT_RETRY},   {"40P01", FAULT_RETRY},
        {"55P03", FAULT_RETRY},      {"26000", FAULT_RETRY},   {"08", FAULT_DB_LOST},
        {"57P0", FAULT_DB_LOST},     {"25006", FAULT_DB_LOST}, {"25P03", FAULT_DB_LOST},
        {"53", FAULT_OVERLOADED},
    };

    if (!state[0]) /* libpq's own words: the server gave no answer */
        return FAULT_DB_LOST;
    for (size_t i = 0; i < COUNT_OF(CLASSES); i++)
        if (starts_with(state, CLASSES[i].prefix))
            return CLASSES[i].fault;
    return FAULT_INTERNAL;
}

enum fault db_fault(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return OK;
    if (status == PGRES_EMPTY_QUERY)
        return FAULT_INTERNAL;
    return plan_is_stale(result) ? FAULT_RETRY : fault_of_state(db_sqlstate(result));
}
