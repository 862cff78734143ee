/* SPDX-License-Identifier: MIT */
#include "services/gatectl/roles.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "services/gatectl/database.h"
#include "services/gatectl/file.h"

enum { PASSWORD_MAX = 256 };

struct role {
    const char *name;
    const char *statement;
};

static const struct role ROLES[] = {
    {"gate_service", "create role gate_service login"},
    {"gate_reader", "create role gate_reader"},
    {"gate_privacy", "create role gate_privacy"},
};

static bool role_is_there(PGconn *db, const struct role *role)
{
    char *found = database_value(db, "select 't' from pg_roles where rolname = $1", 1, &role->name);
    bool is_there = found != NULL;

    free(found);
    return is_there;
}

/* Another database of the same cluster may be migrated at this moment: who comes second is content
 * with what it finds. */
static bool role_make(PGconn *db, const struct role *role)
{
    char sql[400];

    snprintf(sql, sizeof sql,
             "do $$ begin %s; exception when duplicate_object or unique_violation then null; "
             "end $$",
             role->statement);
    return database_run(db, sql);
}

static void print_statements(PGconn *db)
{
    fprintf(stderr, "gatectl: user %s may not create roles; let a superuser run once:\n",
            PQuser(db));
    for (size_t i = 0; i < COUNT_OF(ROLES); i++)
        if (!role_is_there(db, &ROLES[i]))
            fprintf(stderr, "  %s;\n", ROLES[i].statement);
}

bool roles_make(PGconn *db)
{
    bool is_complete = true;

    for (size_t i = 0; i < COUNT_OF(ROLES); i++)
        is_complete = role_is_there(db, &ROLES[i]) && is_complete;
    if (is_complete)
        return true;
    if (!database_is(db, "select rolcreaterole or rolsuper from pg_roles "
                         "where rolname = current_user")) {
        print_statements(db);
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(ROLES); i++)
        if (!role_is_there(db, &ROLES[i]) && !role_make(db, &ROLES[i]))
            return false;
    return true;
}

bool roles_set_password(PGconn *db, const char *path)
{
    char password[PASSWORD_MAX];
    char sql[400];

    if (!file_read_line(path, password, sizeof password))
        return false;
    char *verifier = PQencryptPasswordConn(db, password, "gate_service", "scram-sha-256");
    sodium_memzero(password, sizeof password);
    if (!verifier) {
        fprintf(stderr, "gatectl: %s", PQerrorMessage(db));
        return false;
    }
    /* a verifier has letters, digits and $:+/= only: it needs no quoting */
    snprintf(sql, sizeof sql, "alter role gate_service password '%s'", verifier);
    PQfreemem(verifier);
    return database_run(db, sql);
}
