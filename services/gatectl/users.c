/* SPDX-License-Identifier: MIT
 * user: who signs in with a browser.
 */
#include "services/gatectl/users.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "services/gatectl/database.h"
#include "services/gatectl/keys.h"
#include "services/gatectl/listing.h"
#include "services/gatectl/verbs.h"

static const struct column USER_COLUMNS[] = {
    {"ID", "id"},     {"USER", "user"},
    {"ROLE", "role"}, {"AGENCY", "agency"},
    {"FIRM", "firm"}, {"PRINCIPAL", "principal"},
    {"NAME", "name"}, {"SIGNED IN", "last_signed_in_at"},
    {NULL, NULL},
};

/* --- for others ------------------------------------------------------------------------------ */

int64_t users_find(PGconn *db, const char *user)
{
    const char *values[] = {user};
    char *found =
        database_value(db, "select id from gate.user_account where login = lower($1)", 1, values);
    int64_t id = found ? strtoll(found, NULL, 10) : 0;

    free(found);
    return id;
}

/* Adds a made password's hash to the arguments, which are taken over, and applies them. */
static enum exit_code apply_with_password(PGconn *db, const char *verb, json_t *args,
                                          bool must_change, char password[PASSWORD_MADE_ROOM],
                                          json_t **body)
{
    char hash[PASSWORD_HASH_ROOM];

    password_make(password);
    CHECK(password_hash(hash, span_of(password), PASSWORD_RANDOM));
    json_object_set_new(args, "password", json_string(hash));
    json_object_set_new(args, "must_change", json_boolean(must_change));
    json_object_set_new(args, "wall", json_integer((json_int_t)clock_wall_ms()));
    return platform_apply(db, verb, args, body);
}

enum exit_code users_add(PGconn *db, int64_t principal, const char *user, const char *name,
                         bool must_change, char password[PASSWORD_MADE_ROOM], json_t **body)
{
    json_t *args =
        json_pack("{s:I,s:s,s:s}", "principal", (json_int_t)principal, "user", user, "name", name);

    return apply_with_password(db, "user_add", args, must_change, password, body);
}

enum exit_code users_set_password(PGconn *db, int64_t user, bool must_change,
                                  char password[PASSWORD_MADE_ROOM])
{
    json_t *args = json_pack("{s:I}", "id", (json_int_t)user);

    return apply_with_password(db, "password_set", args, must_change, password, NULL);
}

/* --- the verbs ------------------------------------------------------------------------------- */

static enum exit_code print_password(enum exit_code code, char password[PASSWORD_MADE_ROOM])
{
    if (code == EXIT_DONE)
        puts(password);
    sodium_memzero(password, PASSWORD_MADE_ROOM);
    return code;
}

static enum exit_code user_add(struct call *call)
{
    char password[PASSWORD_MADE_ROOM];
    int64_t holder = keys_holder(call);

    if (!holder)
        return EXIT_REFUSED;
    return print_password(users_add(call->db, holder, call_option(call, "--user"),
                                    call_option(call, "--name"), true, password, NULL),
                          password);
}

static enum exit_code user_list(struct call *call)
{
    json_t *args = json_pack("{s:s*}", "q", call_option(call, "--find"));

    return listing_read(call, "users", args, USER_COLUMNS);
}

/* The user whom the operand names; 0 after a line on standard error. */
static int64_t read_user(struct call *call)
{
    int64_t user = users_find(call->db, call->operands[0]);

    if (!user)
        fprintf(stderr, "gatectl: %s: there is no such user\n", call->operands[0]);
    return user;
}

static enum exit_code user_password(struct call *call)
{
    char password[PASSWORD_MADE_ROOM];
    int64_t user = read_user(call);

    if (!user)
        return EXIT_REFUSED;
    return print_password(users_set_password(call->db, user, true, password), password);
}

static enum exit_code user_disable(struct call *call)
{
    int64_t user = read_user(call);

    if (!user)
        return EXIT_REFUSED;
    json_t *args = json_pack("{s:I,s:s?,s:I}", "id", (json_int_t)user, "reason",
                             call_option(call, "--reason"), "wall", (json_int_t)clock_wall_ms());
    return listing_apply(call, "user_disable", args, "user", USER_COLUMNS);
}

const struct verb user_add_verb = {
    .subject = "user",
    .name = "add",
    .summary = "add a user and print the one-time password, this once",
    .details = "A firm may have several users, any other holder one: the ledger says who it was.",
    .needs_database = true,
    .run = user_add,
    .options =
        {
            {"--user", "NAME", "to sign in with: a-z, digits and . _ @ -", true},
            {"--name", "TEXT", "of the person", true},
            {"--principal", "ID", "for whom they act, as in officer list", false},
            {"--firm", "TAX-CODE", "the same, when it is a firm", false},
        },
};

const struct verb user_list_verb = {
    .subject = "user",
    .name = "list",
    .summary = "list users, with when they last signed in",
    .needs_database = true,
    .run = user_list,
    .options = {{"--find", "TEXT", "only those whose name has, or user name begins with TEXT",
                 false}},
};

const struct verb user_password_verb = {
    .subject = "user",
    .name = "password",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "give a user a new one-time password: signs them out everywhere, lifts a lock",
    .needs_database = true,
    .run = user_password,
};

const struct verb user_disable_verb = {
    .subject = "user",
    .name = "disable",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "disable a user: they are signed out within a second, on any server",
    .needs_database = true,
    .run = user_disable,
    .options = {{"--reason", "TEXT", "why, for the ledger", false}},
};
