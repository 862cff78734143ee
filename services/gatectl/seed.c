/* SPDX-License-Identifier: MIT
 * seed: gates, routes, rules and the first people, in one transaction. What is there already is
 * left alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"
#include "services/gatectl/database.h"
#include "services/gatectl/passkeys.h"
#include "services/gatectl/seed_people.h"
#include "services/gatectl/state.h"
#include "services/gatectl/verbs.h"

enum { NUMBER_ROOM = 24 };

/* Writes the platform's one row, the first time; afterwards only compares. */
static enum exit_code mark(PGconn *db, bool wants_sandbox, bool *is_sandbox)
{
    char now_ms[NUMBER_ROOM];
    const char *values[] = {now_ms, wants_sandbox ? "t" : "f"};

    snprintf(now_ms, sizeof now_ms, "%lld", (long long)clock_wall_ms());
    PGresult *result = database_query(db,
                                      "insert into gate.platform (seeded_at, sandbox) "
                                      "values (gate.from_ms($1), $2) on conflict do nothing",
                                      2, values);
    if (!result)
        return EXIT_DATABASE;
    PQclear(result);
    *is_sandbox = database_is(db, "select sandbox from gate.platform");
    if (!wants_sandbox || *is_sandbox)
        return EXIT_DONE;
    fprintf(stderr, "gatectl: this database was not made as a sandbox and cannot become one\n");
    return EXIT_REFUSED;
}

static bool run_seed(PGconn *db, const char *name)
{
    char path[80];
    const struct schema_file *file = schema_seed(name);

    snprintf(path, sizeof path, "sql/seed/%s.sql", name);
    return !file || database_run_file(db, path, file->text.at);
}

static enum exit_code seed_rows(struct call *call, bool is_sandbox)
{
    bool is_always_open = call_option(call, "--open-all-hours") != NULL;

    if (is_always_open && !is_sandbox) {
        fprintf(stderr, "gatectl: --open-all-hours is for sandboxes only\n");
        return EXIT_REFUSED;
    }
    if (!run_seed(call->db, "platform") || (is_sandbox && !run_seed(call->db, "sandbox")))
        return EXIT_DATABASE;
    if (is_always_open &&
        !database_run(call->db, "update gate.route set opens = '00:00', closes = '24:00' "
                                "where (opens, closes) <> ('00:00', '24:00')"))
        return EXIT_DATABASE;
    /* servers that run already look again */
    return database_run(call->db, "update gate.config_version set version = version + 1")
               ? EXIT_DONE
               : EXIT_DATABASE;
}

static enum exit_code seed_all(struct call *call, struct buffer *printed)
{
    const char *pass_keys = call_option(call, "--pass-keys");
    bool wants_keys = call_option(call, "--new-keys") != NULL;
    bool is_sandbox = false;
    enum exit_code code = mark(call->db, call_option(call, "--sandbox") != NULL, &is_sandbox);

    if (code == EXIT_DONE)
        code = seed_rows(call, is_sandbox);
    if (code == EXIT_DONE && pass_keys)
        code = passkeys_ensure(call->db, pass_keys, is_sandbox);
    if (code == EXIT_DONE)
        code = seed_people(call->db, is_sandbox, wants_keys, printed);
    return code;
}

static enum exit_code seed(struct call *call)
{
    struct buffer printed = {0};

    if (!state_is_current(call->db))
        return EXIT_REFUSED;
    if (!database_run(call->db, "begin; lock table gate.platform in share row exclusive mode"))
        return EXIT_DATABASE;
    enum exit_code code = seed_all(call, &printed);
    if (code == EXIT_DONE && !database_run(call->db, "commit"))
        code = EXIT_DATABASE;
    /* a key is shown once it is good, never before */
    if (code == EXIT_DONE && printed.size > 0)
        fwrite(printed.at, 1, printed.size, stdout);
    else if (code == EXIT_DONE)
        fprintf(stderr, "gatectl: everything was there; keys are shown only once "
                        "(--new-keys issues others)\n");
    buffer_free(&printed);
    return code;
}

const struct verb seed_verb = {
    .subject = "seed",
    .summary = "fill a migrated database with gates, rules and the first people",
    .details =
        "Prints the keys of whom it adds as NAME=VALUE lines, this once, and their sign-ins as\n"
        "NAME=USER:PASSWORD. A sandbox has two firms (tax codes 9900000016 and 9900000023) and "
        "one\n"
        "officer of each kind, valid at every gate; any other database gets one administrator, "
        "with\n"
        "a one-time password and no key. Whether a database is a sandbox is settled by\n"
        "its first seed, for ever. Run again it adds what is missing and prints nothing secret.",
    .needs_database = true,
    .run = seed,
    .options =
        {
            {"--sandbox", NULL, "make it a sandbox: only the first time", false},
            {"--open-all-hours", NULL, "the gates of a sandbox never close", false},
            {"--pass-keys", "FILE", "make, or publish, the keys that sign passes", false},
            {"--new-keys", NULL,
             "issue another key and password to each, revoking the older of two keys", false},
        },
};
