/* SPDX-License-Identifier: MIT */
#include "tests/client/cast.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

enum { NAME_ROOM = 120 };

/* GATE_TOKEN_CUSTOMS for "customs" */
static const char *variable(const char *head, const char *who, const char *tail)
{
    char name[NAME_ROOM];

    snprintf(name, sizeof name, "%s%s%s", head, who, tail);
    for (char *c = name; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    if (!getenv(name))
        printf("# %s is not set\n", name);
    return getenv(name);
}

const char *cast_token(const char *who)
{
    if (!strcmp(who, "nobody"))
        return NULL;
    return strncmp(who, "firm", 4) ? variable("GATE_TOKEN_", who, "")
                                   : variable("GATE_", who, "_KEY");
}

const char *cast_login(const char *who)
{
    return variable("GATE_LOGIN_", who, "");
}

/* Whose they are: the body names a user, or the step a session. */
static const char *holder_of(const json_t *step, const json_t *body)
{
    const char *user = json_string_value(json_object_get(body, "user"));
    const char *session = strchr(json_string_value(json_object_get(step, "as")), ':');

    return user ? user : session ? session + 1 : NULL;
}

json_t *cast_passwords(const json_t *step, const json_t *body)
{
    static const char *const SECRETS[] = {"password", "old"};
    bool is_to_work = json_integer_value(json_object_get(step, "status")) < 300;
    json_t *copy = json_deep_copy(body);

    for (size_t i = 0; i < COUNT_OF(SECRETS); i++) {
        const char *who = json_object_get(copy, SECRETS[i]) ? holder_of(step, body) : NULL;
        const char *login = who && is_to_work ? cast_login(who) : NULL;
        if (login)
            json_object_set_new(copy, SECRETS[i], json_string(strchr(login, ':') + 1));
    }
    return copy;
}
