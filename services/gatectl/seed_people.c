/* SPDX-License-Identifier: MIT
 * The first people of a database: the cast of a sandbox, or one administrator.
 */
#include "services/gatectl/seed_people.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "services/gatectl/database.h"
#include "services/gatectl/keys.h"
#include "services/gatectl/platform.h"
#include "services/gatectl/users.h"

enum { NUMBER_ROOM = 24 };

struct person {
    const char *variable; /* under which the key is printed; NULL: they get none */
    const char *login_variable;
    const char *user;     /* to sign in with */
    const char *tax_code; /* firms only */
    const char *role;     /* the others */
    const char *agency;
    const char *name;
};

/* The cast of a sandbox: synthetic firms (domain B6) and one officer of each kind, at every gate.
 */
static const struct person SANDBOX[] = {
    {"GATE_FIRM_KEY", "GATE_LOGIN_FIRM", "firm", "9900000016", NULL, NULL, "Công ty Mẫu Một"},
    {"GATE_FIRM2_KEY", "GATE_LOGIN_FIRM2", "firm2", "9900000023", NULL, NULL, "Công ty Mẫu Hai"},
    {"GATE_TOKEN_CUSTOMS", "GATE_LOGIN_CUSTOMS", "customs", NULL, "officer", "customs",
     "Sandbox customs"},
    {"GATE_TOKEN_BORDER_GUARD", "GATE_LOGIN_BORDER_GUARD", "border_guard", NULL, "officer",
     "border_guard", "Sandbox border guard"},
    {"GATE_TOKEN_HEALTH", "GATE_LOGIN_HEALTH", "health", NULL, "officer", "health",
     "Sandbox health quarantine"},
    {"GATE_TOKEN_PLANT", "GATE_LOGIN_PLANT", "plant", NULL, "officer", "plant",
     "Sandbox plant quarantine"},
    {"GATE_TOKEN_ANIMAL", "GATE_LOGIN_ANIMAL", "animal", NULL, "officer", "animal",
     "Sandbox animal quarantine"},
    {"GATE_TOKEN_LICENCE", "GATE_LOGIN_LICENCE", "licence", NULL, "officer", "licence",
     "Sandbox transport licensing"},
    {"GATE_TOKEN_CENTRE", "GATE_LOGIN_CENTRE", "centre", NULL, "officer", "centre",
     "Sandbox gate centre"},
    {"GATE_TOKEN_YARD", "GATE_LOGIN_YARD", "yard", NULL, "officer", "yard", "Sandbox yard"},
    {"GATE_TOKEN_OPERATOR", "GATE_LOGIN_OPERATOR", "operator", NULL, "operator", "centre",
     "Sandbox operator"},
    {"GATE_TOKEN_SUPERVISOR", "GATE_LOGIN_SUPERVISOR", "supervisor", NULL, "supervisor", "centre",
     "Sandbox supervisor"},
    {"GATE_TOKEN_ADMIN", "GATE_LOGIN_ADMIN", "admin", NULL, "admin", NULL, "Sandbox administrator"},
};

/* What any other database starts with. */
static const struct person FIRST_ADMIN[] = {
    {NULL, "GATE_LOGIN_ADMIN", "admin", NULL, "admin", NULL, "Administrator"},
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

/* A key for them, when they get one and have none or new ones are wanted. */
static enum exit_code give_key(PGconn *db, const struct person *person, int64_t id,
                               struct buffer *printed)
{
    struct access_key key;

    if (!person->variable)
        return EXIT_DONE;
    enum exit_code code = revoke_oldest(db, id);
    if (code == EXIT_DONE)
        code = keys_issue(db, id, NULL, 0, &key);
    if (code != EXIT_DONE)
        return code;
    buffer_print(printed, "%s=%s\n", person->variable, key.text);
    access_key_wipe(&key);
    return EXIT_DONE;
}

/* The same of a user. In a sandbox the password is good for ever, else for one sign-in. */
static enum exit_code give_login(PGconn *db, const struct person *person, int64_t id,
                                 bool is_sandbox, bool wants_new, struct buffer *printed)
{
    char password[PASSWORD_MADE_ROOM];
    int64_t user = users_find(db, person->user);

    if (user && !wants_new)
        return EXIT_DONE;
    enum exit_code code =
        user ? users_set_password(db, user, !is_sandbox, password)
             : users_add(db, id, person->user, person->name, !is_sandbox, password, NULL);
    if (code == EXIT_DONE)
        buffer_print(printed, "%s=%s:%s\n", person->login_variable, person->user, password);
    sodium_memzero(password, sizeof password);
    return code;
}

/* Adds the person when missing, with a key and a user; other ones when new ones are wanted. */
static enum exit_code seed_person(PGconn *db, const struct person *person, json_t *gates,
                                  bool is_sandbox, bool wants_new, struct buffer *printed)
{
    int64_t id = find_person(db, person);
    bool is_known = id;
    enum exit_code code = is_known ? EXIT_DONE : add_person(db, person, gates, &id);

    if (code == EXIT_DONE && (!is_known || wants_new))
        code = give_key(db, person, id, printed);
    if (code == EXIT_DONE)
        code = give_login(db, person, id, is_sandbox, wants_new, printed);
    return code;
}

enum exit_code seed_people(PGconn *db, bool is_sandbox, bool wants_new, struct buffer *printed)
{
    const struct person *people = is_sandbox ? SANDBOX : FIRST_ADMIN;
    size_t count = is_sandbox ? COUNT_OF(SANDBOX) : COUNT_OF(FIRST_ADMIN);
    enum exit_code code = EXIT_DONE;
    char *text = database_value(
        db, "select coalesce(jsonb_agg(code order by number), '[]') from gate.gate", 0, NULL);
    json_t *gates = text ? json_loads(text, 0, NULL) : NULL;

    free(text);
    if (!gates)
        return EXIT_DATABASE;
    for (size_t i = 0; code == EXIT_DONE && i < count; i++)
        code = seed_person(db, &people[i], gates, is_sandbox, wants_new, printed);
    json_decref(gates);
    return code;
}
