/* SPDX-License-Identifier: MIT
 * migrate: brings a database to this build's schema. Each migration runs once, in a transaction of
 * its own that also records it; then all functions are created again, in one transaction, whenever
 * one of them changed. One lock for the whole run makes two at once safe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/gatectl/database.h"
#include "services/gatectl/roles.h"
#include "services/gatectl/state.h"
#include "services/gatectl/verbs.h"

/* "gate" in hexadecimal ASCII: nobody else's advisory lock by chance. */
#define MIGRATE_LOCK "1734440037"

/* The first migration makes the schema; the record of it stands in the same transaction. */
static const char RECORD_TABLE[] =
    "create table if not exists gate.migration ("
    "  number integer primary key,"
    "  name text not null,"
    "  checksum text not null,"
    "  applied_at timestamptz not null,"
    "  constraint migration_checksum_form check (checksum ~ '^[0-9a-f]{64}$'),"
    "  constraint migration_name_length check (length(name) between 1 and 100))";

/* Functions are marked when they are made, so that the next run can take away exactly those: what
 * changed its result type, or is gone from the sources, cannot be replaced. What the migrations
 * made stays: triggers and indexes need it. */
static const char FUNCTIONS_DROP[] =
    "do $$ declare old text; begin"
    "  select string_agg(p.oid::regprocedure::text, ', ') into old from pg_proc p"
    "  where p.pronamespace in ('gate'::regnamespace, 'api'::regnamespace)"
    "    and obj_description(p.oid, 'pg_proc') = 're-created by migrate';"
    "  if old is not null then execute 'drop function ' || old; end if; "
    "end $$;"
    "create temporary table migrated_function on commit drop as"
    "  select oid from pg_proc"
    "  where pronamespace in ('gate'::regnamespace, 'api'::regnamespace)";
static const char FUNCTIONS_MARK[] =
    "do $$ declare made regprocedure; begin"
    "  for made in select p.oid::regprocedure from pg_proc p"
    "    where p.pronamespace in ('gate'::regnamespace, 'api'::regnamespace)"
    "      and p.oid not in (select oid from migrated_function)"
    "  loop execute format('comment on function %s is %L', made, 're-created by migrate'); end "
    "loop; "
    "end $$";

static bool record(PGconn *db, int number, const char *name, const char *checksum)
{
    char digits[16];
    const char *values[] = {digits, name, checksum};

    snprintf(digits, sizeof digits, "%d", number);
    if (!database_run(db, RECORD_TABLE))
        return false;
    PGresult *result =
        database_query(db,
                       "insert into gate.migration (number, name, checksum, applied_at) "
                       "values ($1, $2, $3, clock_timestamp()) on conflict (number) do update "
                       "set checksum = excluded.checksum, applied_at = excluded.applied_at",
                       3, values);
    PQclear(result);
    return result != NULL;
}

static bool run_file(PGconn *db, const struct schema_file *file)
{
    char name[120];

    if (file->kind == SCHEMA_MIGRATION)
        snprintf(name, sizeof name, "sql/%03d_%s.sql", file->number, file->name);
    else
        snprintf(name, sizeof name, "sql/%s.sql", file->name);
    if (!database_run_file(db, name, file->text.at))
        return false;
    if (PQtransactionStatus(db) == PQTRANS_INTRANS)
        return true;
    fprintf(stderr, "gatectl: %s ends the transaction it runs in\n", name);
    return false;
}

static bool finish(PGconn *db, bool is_good)
{
    if (is_good)
        return database_run(db, "commit");
    PQclear(PQexec(db, "rollback"));
    return false;
}

static bool run_migration(PGconn *db, const struct schema_file *file)
{
    bool is_good = database_run(db, "begin") && run_file(db, file) &&
                   record(db, file->number, file->name, file->checksum);

    if (!finish(db, is_good))
        return false;
    printf("migration %03d_%s\n", file->number, file->name);
    return true;
}

static bool run_functions(PGconn *db)
{
    const struct schema_file *file;
    bool is_good = database_run(db, "begin") && database_run(db, FUNCTIONS_DROP);

    for (size_t i = 0; is_good && (file = schema_file(SCHEMA_FUNCTIONS, i)); i++)
        is_good = run_file(db, file);
    is_good = is_good && database_run(db, FUNCTIONS_MARK) &&
              record(db, SCHEMA_FUNCTIONS_NUMBER, "functions", schema_functions_checksum());
    if (!finish(db, is_good))
        return false;
    puts("functions");
    return true;
}

static bool is_recorded(PGconn *db, int number)
{
    char digits[16];
    const char *values[] = {digits};

    snprintf(digits, sizeof digits, "%d", number);
    if (database_is(db, "select to_regclass('gate.migration') is null"))
        return false;
    char *found = database_value(db, "select 't' from gate.migration where number = $1", 1, values);
    bool is = found != NULL;
    free(found);
    return is;
}

static enum exit_code migrate_locked(PGconn *db)
{
    enum schema_state state;
    const struct schema_file *file;
    int number;
    bool is_changed = false;

    if (!state_read(db, &state, &number))
        return EXIT_DATABASE;
    if (state_is_refused(state, number))
        return EXIT_REFUSED;
    if (state == SCHEMA_CURRENT) {
        printf("schema %d is current\n", schema_version());
        return EXIT_DONE;
    }
    for (size_t i = 0; (file = schema_file(SCHEMA_MIGRATION, i)); i++) {
        if (is_recorded(db, file->number))
            continue;
        if (!run_migration(db, file))
            return EXIT_DATABASE;
        is_changed = true;
    }
    if ((is_changed || number == SCHEMA_FUNCTIONS_NUMBER) && !run_functions(db))
        return EXIT_DATABASE;
    printf("schema %d\n", schema_version());
    return EXIT_DONE;
}

static enum exit_code check(PGconn *db)
{
    enum schema_state state;
    int number;

    if (!state_read(db, &state, &number))
        return EXIT_DATABASE;
    if (state_is_refused(state, number))
        return EXIT_REFUSED;
    if (state == SCHEMA_CURRENT)
        printf("schema %d is current\n", schema_version());
    else if (number == SCHEMA_FUNCTIONS_NUMBER)
        puts("functions are not this build's: migrate");
    else
        printf("migration %d has not run: migrate\n", number);
    return state == SCHEMA_CURRENT ? EXIT_DONE : EXIT_REFUSED;
}

static enum exit_code run_migrate(struct call *call)
{
    const char *password = call_option(call, "--service-password");

    if (call_option(call, "--check"))
        return check(call->db);
    if (!roles_make(call->db))
        return EXIT_REFUSED;
    /* the lock goes with the session, so also when this process dies */
    if (!database_run(call->db, "select pg_advisory_lock(" MIGRATE_LOCK ")"))
        return EXIT_DATABASE;
    enum exit_code code = migrate_locked(call->db);
    if (code == EXIT_DONE && password && !roles_set_password(call->db, password))
        return EXIT_DATABASE;
    return code;
}

const struct verb migrate_verb = {
    .subject = "migrate",
    .summary = "bring the database to this build's schema",
    .details =
        "Runs the migrations that have not run yet, each in one transaction, and creates the\n"
        "functions again when they changed. Refuses a database whose schema is newer than this\n"
        "build, or in which a migration differs from the one that ran. Two at once are safe: the\n"
        "second waits, and finds nothing to do. Makes the roles gate_service, gate_reader and\n"
        "gate_privacy; without the right to do so it prints what a superuser must run.\n"
        "The user who migrates owns the schema.",
    .needs_database = true,
    .run = run_migrate,
    .options =
        {
            {"--check", NULL, "only say whether there is something to do (status 1: yes)", false},
            {"--service-password", "FILE", "set gate_service's password to the file's first line",
             false},
        },
};
