/* SPDX-License-Identifier: MIT */
#include "services/gatectl/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "services/gatectl/database.h"

bool state_read(PGconn *db, enum schema_state *state, int *number)
{
    if (database_is(db, "select to_regclass('gate.migration') is null")) {
        *state = schema_judge(NULL, 0, number);
        return true;
    }
    PGresult *result =
        database_query(db, "select number, checksum from gate.migration order by number", 0, NULL);
    if (!result)
        return false;
    size_t count = (size_t)PQntuples(result);
    struct schema_row *rows = calloc(count + 1, sizeof *rows);
    CHECK(rows);
    for (size_t i = 0; i < count; i++) {
        rows[i].number = (int)strtol(PQgetvalue(result, (int)i, 0), NULL, 10);
        rows[i].checksum = PQgetvalue(result, (int)i, 1);
    }
    *state = schema_judge(rows, count, number);
    free(rows);
    PQclear(result);
    return true;
}

bool state_is_refused(enum schema_state state, int number)
{
    if (state == SCHEMA_NEWER)
        fprintf(stderr,
                "gatectl: the database has migration %d, which this build does not know: "
                "use the newer build\n",
                number);
    if (state == SCHEMA_EDITED)
        fprintf(stderr,
                "gatectl: migration %d was changed after it had run here: "
                "restore its text and put the change into a new migration\n",
                number);
    return state == SCHEMA_NEWER || state == SCHEMA_EDITED;
}

bool state_is_current(PGconn *db)
{
    enum schema_state state;
    int number;

    if (!state_read(db, &state, &number) || state_is_refused(state, number))
        return false;
    if (state == SCHEMA_OLDER)
        fprintf(stderr, "gatectl: the schema is not this build's: run gatectl migrate first\n");
    return state == SCHEMA_CURRENT;
}
