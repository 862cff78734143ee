/* SPDX-License-Identifier: MIT */
#include "services/gatectl/platform.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/fault.h"
#include "services/gatectl/database.h"

enum { HASH_HEX = 33 };

/* Principal 0 is the owner at the command line. */
static json_t *actor(void)
{
    return json_pack("{s:i,s:s,s:n,s:n,s:[],s:n}", "id", 0, "role", "admin", "agency", "firm",
                     "gates", "device");
}

static void print_refusal(const char *code, const json_t *body)
{
    const json_t *error;
    size_t index;
    const char *constraint = json_string_value(json_object_get(body, "constraint"));

    fprintf(stderr, "gatectl: %s (%s)\n", fault_text(fault_of_code(span_of(code)), LANGUAGE_EN),
            code);
    json_array_foreach (json_object_get(body, "errors"), index, error)
        fprintf(stderr, "  %s: %s\n", json_string_value(json_object_get(error, "pointer")),
                json_string_value(json_object_get(error, "code")));
    if (constraint)
        fprintf(stderr, "  constraint %s\n", constraint);
}

/* Takes code and body out of the columns of the only row. */
static enum exit_code take_answer(PGresult *result, int code_column, int body_column, json_t **body)
{
    json_t *said = NULL;

    if (!result)
        return EXIT_DATABASE;
    CHECK(PQntuples(result) == 1);
    const char *code = PQgetvalue(result, 0, code_column);
    if (!PQgetisnull(result, 0, body_column))
        said = json_loads(PQgetvalue(result, 0, body_column), 0, NULL);
    bool is_ok = !strcmp(code, "ok");
    if (!is_ok)
        print_refusal(code, said);
    if (body && is_ok)
        *body = said;
    else
        json_decref(said);
    PQclear(result);
    return is_ok ? EXIT_DONE : EXIT_REFUSED;
}

/* The calls are our own: what would keep them from being encoded is a mistake in this program. */
static char *encode(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);

    CHECK(text);
    json_decref(value);
    return text;
}

enum exit_code platform_apply(PGconn *db, const char *verb, json_t *args, json_t **body)
{
    unsigned char random[16];
    char key[HASH_HEX];

    randombytes_buf(random, sizeof random);
    sodium_bin2hex(key, sizeof key, random, sizeof random);
    json_t *batch = json_pack("[{s:s,s:I,s:i,s:s,s:s,s:s,s:o,s:o}]", "verb", verb, "now",
                              (json_int_t)clock_wall_ms(), "client", 0, "route", verb, "key", key,
                              "digest", key, "actor", actor(), "args", args);
    CHECK(batch);
    char *text = encode(batch);
    const char *values[] = {text};
    PGresult *result =
        database_query(db, "select code, body from api.apply(0::smallint, $1::jsonb)", 1, values);
    free(text);
    return take_answer(result, 0, 1, body);
}

enum exit_code platform_read(PGconn *db, const char *name, json_t *args, json_t **body)
{
    char sql[120];
    json_t *asked = args ? args : json_object();

    json_object_set_new(asked, "now", json_integer((json_int_t)clock_wall_ms()));
    json_object_set_new(asked, "actor", actor());
    char *text = encode(asked);
    const char *values[] = {text};
    snprintf(sql, sizeof sql, "select code, body from api.%s($1::jsonb)", name);
    PGresult *result = database_query(db, sql, 1, values);
    free(text);
    return take_answer(result, 0, 1, body);
}

enum exit_code platform_list(PGconn *db, const char *name, json_t *args, json_t **items)
{
    json_t *asked = args ? args : json_object();
    enum exit_code code = EXIT_DONE;
    bool is_more = true;

    *items = json_array();
    json_object_set_new(asked, "limit", json_integer(200));
    while (is_more && code == EXIT_DONE) {
        json_t *page = NULL;

        code = platform_read(db, name, json_deep_copy(asked), &page);
        json_array_extend(*items, json_object_get(page, "items"));
        is_more = json_is_string(json_object_get(page, "next"));
        json_object_set(asked, "after", json_object_get(page, "next"));
        json_decref(page);
    }
    json_decref(asked);
    return code;
}
