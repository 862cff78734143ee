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
#include "services/gatectl/keys.h"
#include "services/gatectl/passkeys.h"
#include "services/gatectl/platform.h"
#include "services/gatectl/state.h"
#include "services/gatectl/verbs.h"

enum { NUMBER_ROOM = 24 };

struct person {
    const char *variable; /* under which the key is printed */
    const char *tax_code; /* firms only */
    const char *role;     /* the others */
    const char *agency;
    const char *name;
};

/* The cast of a sandbox: synthetic firms (domain B6) and one officer of each kind, at every gate.
 */
static const struct person SANDBOX[] = {
    {"GATE_FIRM_KEY", "9900000016", NULL, NULL, "Công ty Mẫu Một"},
    {"GATE_FIRM2_KEY", "9900000023", NULL, NULL, "Công ty Mẫu Hai"},
    {"GATE_TOKEN_CUSTOMS", NULL, "officer", "customs", "Sandbox customs"},
    {"GATE_TOKEN_BORDER_GUARD", NULL, "officer", "border_guard", "Sandbox border guard"},
    {"GATE_TOKEN_HEALTH", NULL, "officer", "health", "Sandbox health quarantine"},
    {"GATE_TOKEN_PLANT", NULL, "officer", "plant", "Sandbox plant quarantine"},
    {"GATE_TOKEN_ANIMAL", NULL, "officer", "animal", "Sandbox animal quarantine"},
    {"GATE_TOKEN_LICENCE", NULL, "officer", "licence", "Sandbox transport licensing"},
    {"GATE_TOKEN_CENTRE", NULL, "officer", "centre", "Sandbox gate centre"},
    {"GATE_TOKEN_YARD", NULL, "officer", "yard", "Sandbox yard"},
    {"GATE_TOKEN_OPERATOR", NULL, "operator", "centre", "Sandbox operator"},
    {"GATE_TOKEN_SUPERVISOR", NULL, "supervisor", "centre", "Sandbox supervisor"},
    {"GATE_TOKEN_ADMIN", NULL, "admin", NULL, "Sandbox administrator"},
};

/* What any other database starts with. */
static const struct person FIRST_ADMIN[] = {
    {"GATE_TOKEN_ADMIN", NULL, "admin", NULL, "Administrator"},
};

/* The principal of that person; 0: not there yet. */
static int64_t find_person(PGconn *db, const struct person *person)
{
    const char *firm[] = {person->tax_code};
    const char *officer[] = {person->role, person->agency, person->name};
    char *found =
        person->tax_code
            ? database_value(db,
                             "select min(p.id) from gate.principal p join gate.firm f "
                             "on f.id = p.firm where f.tax_code = $1",
                             1, firm)
            : database_value(db,
                             "select min(id) from gate.principal where id > 0 and role = $1 "
                             "and agency is not distinct from $2 and name = $3",
                             3, officer);
    int64_t id = found ? strtoll(found, NULL, 10) : 0;

    free(found);
    return id;
}

static enum exit_code add_person(PGconn *db, const struct person *person, json_t *gates,
                                 int64_t *id)
{
    json_t *body = NULL;
    json_t *args = person->tax_code
                       ? json_pack("{s:s,s:s}", "tax_code", person->tax_code, "name", person->name)
                       : json_pack("{s:s,s:s,s:s?,s:O}", "name", person->name, "role", person->role,
                                   "agency", person->agency, "gates", gates);
    enum exit_code code =
        platform_apply(db, person->tax_code ? "firm_add" : "officer_add", args, &body);

    *id = person->tax_code
              ? json_integer_value(json_object_get(json_object_get(body, "firm"), "principal"))
              : json_integer_value(json_object_get(json_object_get(body, "officer"), "id"));
    json_decref(body);
    return code;
}

/* Makes room for one more key: of two live ones the older goes. */
static enum exit_code revoke_oldest(PGconn *db, int64_t principal)
{
    char id[NUMBER_ROOM];
    const char *values[] = {id};

    snprintf(id, sizeof id, "%lld", (long long)principal);
    char *oldest = database_value(db,
                                  "select min(id) from gate.api_key where principal = $1 "
                                  "and revoked_at is null having count(*) > 1",
                                  1, values);
    if (!oldest)
        return EXIT_DONE;
    json_t *args = json_pack("{s:I,s:s}", "key", (json_int_t)strtoll(oldest, NULL, 10), "reason",
                             "seed --new-keys");
    free(oldest);
    return platform_apply(db, "key_revoke", args, NULL);
}

/* Adds the person when missing, with a key; another key when new ones are wanted. */
static enum exit_code seed_person(PGconn *db, const struct person *person, json_t *gates,
                                  bool wants_key, struct buffer *printed)
{
    struct access_key key;
    int64_t id = find_person(db, person);
    enum exit_code code = EXIT_DONE;

    if (id && !wants_key)
        return EXIT_DONE;
    code = id ? revoke_oldest(db, id) : add_person(db, person, gates, &id);
    if (code == EXIT_DONE)
        code = keys_issue(db, id, NULL, 0, &key);
    if (code != EXIT_DONE)
        return code;
    buffer_print(printed, "%s=%s\n", person->variable, key.text);
    access_key_wipe(&key);
    return EXIT_DONE;
}

static enum exit_code seed_people(PGconn *db, const struct person *people, size_t count,
                                  bool wants_keys, struct buffer *printed)
{
    enum exit_code code = EXIT_DONE;
    char *text = database_value(
        db, "select coalesce(jsonb_agg(code order by number), '[]') from gate.gate", 0, NULL);
    json_t *gates = text ? json_loads(text, 0, NULL) : NULL;

    free(text);
    if (!gates)
        return EXIT_DATABASE;
    for (size_t i = 0; code == EXIT_DONE && i < count; i++)
        code = seed_person(db, &people[i], gates, wants_keys, printed);
    json_decref(gates);
    return code;
}

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
        code = is_sandbox
                   ? seed_people(call->db, SANDBOX, COUNT_OF(SANDBOX), wants_keys, printed)
                   : seed_people(call->db, FIRST_ADMIN, COUNT_OF(FIRST_ADMIN), wants_keys, printed);
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
        "Prints the keys of whom it adds as NAME=VALUE lines, this once. A sandbox has two firms\n"
        "(tax codes 9900000016 and 9900000023) and one officer of each kind, valid at every gate;\n"
        "any other database gets one administrator. Whether a database is a sandbox is settled by\n"
        "its first seed, for ever. Run again it adds what is missing and prints nothing secret.",
    .needs_database = true,
    .run = seed,
    .options =
        {
            {"--sandbox", NULL, "make it a sandbox: only the first time", false},
            {"--open-all-hours", NULL, "the gates of a sandbox never close", false},
            {"--pass-keys", "FILE", "make, or publish, the keys that sign passes", false},
            {"--new-keys", NULL, "issue another key to each, revoking the older of two", false},
        },
};
