/* SPDX-License-Identifier: MIT */
#include "common/db/target.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/check.h"

static const char PINNED[] = " -c TimeZone=UTC -c DateStyle=ISO";

struct target {
    PQconninfoOption *given; /* NULL: the string is malformed */
    char *application;
    char *options; /* settings, then the string's own, then the pinned ones */
};

struct words {
    const char **names;
    const char **values;
    size_t count;
};

static const char *value_of(const PQconninfoOption *given, const char *name)
{
    for (; given && given->keyword; given++)
        if (!strcmp(given->keyword, name))
            return given->val;
    return NULL;
}

static char *options_text(const PQconninfoOption *given, const char *settings)
{
    const char *own = value_of(given, "options");
    struct buffer text = {0};

    buffer_print(&text, "%s %s%s", settings ? settings : "", own ? own : "", PINNED);
    return buffer_steal(&text, NULL);
}

struct target *target_new(const char *url, const char *application, const char *settings)
{
    struct target *target = malloc(sizeof *target);

    CHECK(target);
    target->given = PQconninfoParse(url, NULL);
    target->application = strdup(application);
    target->options = options_text(target->given, settings);
    CHECK(target->application);
    return target;
}

void target_free(struct target *target)
{
    PQconninfoFree(target->given);
    free(target->application);
    free(target->options);
    free(target);
}

static void words_add(struct words *words, const char *name, const char *value)
{
    words->names[words->count] = name;
    words->values[words->count++] = value;
}

static bool has_several_hosts(const PQconninfoOption *given)
{
    const char *host = value_of(given, "host");
    const char *address = value_of(given, "hostaddr");

    return (host && strchr(host, ',')) || (address && strchr(address, ','));
}

/* In libpq a later word overrides an earlier one. */
static void words_fill(struct words *words, const struct target *target)
{
    words_add(words, "client_encoding", "UTF8");
    words_add(words, "keepalives_idle", "10");
    words_add(words, "keepalives_interval", "5");
    words_add(words, "keepalives_count", "3");
    words_add(words, "tcp_user_timeout", "15000");
    words_add(words, "fallback_application_name", target->application);
    if (has_several_hosts(target->given))
        words_add(words, "target_session_attrs", "read-write");
    for (const PQconninfoOption *option = target->given; option->keyword; option++)
        if (option->val && strcmp(option->keyword, "options") != 0)
            words_add(words, option->keyword, option->val);
    words_add(words, "options", target->options);
    words_add(words, NULL, NULL);
}

PGconn *target_connect(const struct target *target)
{
    enum { OURS = 9 };
    struct words words = {0};
    size_t room = OURS;

    if (!target->given)
        return NULL;
    for (const PQconninfoOption *option = target->given; option->keyword; option++)
        room++;
    words.names = calloc(room, sizeof *words.names);
    words.values = calloc(room, sizeof *words.values);
    CHECK(words.names && words.values);
    words_fill(&words, target);
    PGconn *pg = PQconnectStartParams(words.names, words.values, 0);
    free(words.names);
    free(words.values);
    return pg;
}

/* "a,b,c" becomes "b,c,a" in place; one entry stands for all hosts and stays. */
static void rotate(char *list)
{
    char *comma = list ? strchr(list, ',') : NULL;

    if (!comma)
        return;
    size_t first = (size_t)(comma - list);
    size_t rest = strlen(comma + 1);
    char *copy = strdup(list);
    CHECK(copy);
    memcpy(list, copy + first + 1, rest);
    list[rest] = ',';
    memcpy(list + rest + 1, copy, first);
    free(copy);
}

void target_rotate(struct target *target)
{
    for (PQconninfoOption *option = target->given; option && option->keyword; option++)
        if (!strcmp(option->keyword, "host") || !strcmp(option->keyword, "hostaddr") ||
            !strcmp(option->keyword, "port"))
            rotate(option->val);
}
