/* SPDX-License-Identifier: MIT */
#include "services/gated/session_table.h"

#include <jansson.h>
#include <stdlib.h>
#include <uthash.h>

#include "common/key/key.h"
#include "services/gated/key_table.h"
#include "services/gated/sighting.h"

enum { COOKIE_TEXT_MAX = 100 };

struct session {
    char hash[ACCESS_KEY_HASH_ROOM];
    struct arena *arena; /* of the principal's texts, and of this */
    struct principal principal;
    int64_t device; /* its row; 0: none */
    int64_t expires_ms;
    int64_t idle_ms;
    int64_t used_ms;
    int64_t told_ms; /* the use that was reported last */
    UT_hash_handle hh;
    UT_hash_handle by_row; /* principal.session */
};

/* A kiosk is the same one when the shift changes. */
struct place {
    int64_t id; /* the device; the session, negative, where there is none */
    struct sighting sighting;
    UT_hash_handle hh;
};

struct session_table {
    struct session *sessions;
    struct session *rows; /* the same */
    struct place *places;
    int64_t version;
};

struct session_table *session_table_new(void)
{
    struct session_table *table = calloc(1, sizeof *table);

    CHECK(table);
    return table;
}

static void place_forget(struct session_table *table, int64_t id)
{
    struct place *place;

    HASH_FIND(hh, table->places, &id, sizeof id, place);
    if (!place)
        return;
    HASH_DEL(table->places, place);
    free(place);
}

static void session_remove(struct session_table *table, struct session *session)
{
    if (!session->device)
        place_forget(table, -session->principal.session);
    HASH_DELETE(hh, table->sessions, session);
    HASH_DELETE(by_row, table->rows, session);
    arena_free(session->arena);
}

void session_table_clear(struct session_table *table)
{
    struct session *session, *next;

    for (session = table->sessions; session; session = next) {
        next = session->hh.next;
        session_remove(table, session);
    }
    table->version = 0;
}

void session_table_free(struct session_table *table)
{
    struct place *place, *next;

    if (!table)
        return;
    session_table_clear(table);
    for (place = table->places; place; place = next) {
        next = place->hh.next;
        HASH_DEL(table->places, place);
        free(place);
    }
    free(table);
}

int64_t session_table_version(const struct session_table *table)
{
    return table->version;
}

int session_table_count(const struct session_table *table)
{
    return (int)HASH_COUNT(table->sessions);
}

/* --- reading --------------------------------------------------------------------------------- */

static struct session *find_row(const struct session_table *table, int64_t row)
{
    struct session *session;

    HASH_FIND(by_row, table->rows, &row, sizeof row, session);
    return session;
}

static int64_t integer(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static bool is_over(const struct session *session, int64_t now_ms)
{
    return session->expires_ms <= now_ms || session->used_ms + session->idle_ms <= now_ms;
}

static struct session *session_read(const json_t *row, const char *hash)
{
    struct arena *arena = arena_new();
    struct session *session = arena_alloc(arena, sizeof *session);
    struct principal *p = &session->principal;

    memcpy(session->hash, hash, ACCESS_KEY_HASH_ROOM);
    session->arena = arena;
    session->device = integer(row, "device_id");
    session->expires_ms = integer(row, "expires_ms");
    session->idle_ms = integer(row, "idle_ms");
    session->used_ms = session->told_ms = integer(row, "used_ms");
    p->id = integer(row, "principal");
    p->session = integer(row, "session");
    p->user = integer(row, "user");
    p->must_change = json_is_true(json_object_get(row, "must_change"));
    p->is_by_pin = !strcmp(json_string_value(json_object_get(row, "way")), "pin");
    if (principal_read(p, arena, row))
        return session;
    arena_free(arena);
    return NULL;
}

/* In place of what was known of it, but when it was used. */
static bool merge_row(struct session_table *table, const json_t *row, int64_t now_ms)
{
    const char *hash = json_string_value(json_object_get(row, "hash"));
    struct session *known = find_row(table, integer(row, "session"));
    bool is_ended = json_is_true(json_object_get(row, "ended"));

    if (!hash || strlen(hash) != ACCESS_KEY_HASH_ROOM - 1 ||
        !json_is_string(json_object_get(row, "way")))
        return false;
    struct session *session = is_ended ? NULL : session_read(row, hash);
    if (session && known) {
        session->told_ms = known->told_ms;
        if (known->used_ms > session->used_ms)
            session->used_ms = known->used_ms;
    }
    if (known)
        session_remove(table, known);
    if (!session)
        return is_ended;
    if (is_over(session, now_ms)) {
        arena_free(session->arena);
        return true;
    }
    HASH_ADD_STR(table->sessions, hash, session);
    HASH_ADD(by_row, table->rows, principal.session, sizeof session->principal.session, session);
    return true;
}

static bool merge_rows(struct session_table *table, const json_t *rows, int64_t now_ms)
{
    size_t i;
    json_t *row;

    if (!json_is_array(rows))
        return false;
    json_array_foreach (rows, i, row)
        if (!merge_row(table, row, now_ms))
            return false;
    return true;
}

static void sweep(struct session_table *table, int64_t now_ms)
{
    struct session *session, *next;

    for (session = table->sessions; session; session = next) {
        next = session->hh.next;
        if (session->expires_ms <= now_ms)
            session_remove(table, session);
    }
}

bool session_table_merge(struct session_table *table, struct span json, int64_t now_ms)
{
    json_t *root = json_loadb(json.at, json.size, 0, NULL);
    bool is_good = merge_rows(table, json_object_get(root, "sessions"), now_ms);

    if (is_good)
        table->version = integer(root, "version");
    json_decref(root);
    sweep(table, now_ms);
    return is_good;
}

/* --- looking up ------------------------------------------------------------------------------ */

enum fault session_table_find(struct session_table *table, struct span cookie, int64_t now_ms,
                              const struct principal **principal)
{
    char hash[ACCESS_KEY_HASH_ROOM];
    struct session *session;

    if (cookie.size == 0 || cookie.size > COOKIE_TEXT_MAX)
        return FAULT_SESSION_ENDED;
    access_key_hash(cookie, hash);
    HASH_FIND_STR(table->sessions, hash, session);
    if (!session || is_over(session, now_ms))
        return FAULT_SESSION_ENDED;
    if (now_ms > session->used_ms)
        session->used_ms = now_ms;
    *principal = &session->principal;
    return OK;
}

const struct principal *session_table_principal(const struct session_table *table, int64_t row,
                                                int64_t now_ms)
{
    const struct session *session = find_row(table, row);

    return session && !is_over(session, now_ms) ? &session->principal : NULL;
}

int64_t session_table_seen(struct session_table *table, int64_t row, int64_t now_ms)
{
    const struct session *session = find_row(table, row);
    struct place *place;

    if (!session)
        return 0;
    int64_t id = session->device ? session->device : -row;
    HASH_FIND(hh, table->places, &id, sizeof id, place);
    if (!place) {
        place = calloc(1, sizeof *place);
        CHECK(place);
        place->id = id;
        HASH_ADD(hh, table->places, id, sizeof place->id, place);
    }
    return sighting_note(&place->sighting, now_ms);
}

/* --- usage ----------------------------------------------------------------------------------- */

void session_table_take_usage(struct session_table *table, struct buffer *json)
{
    const char *separator = "";

    buffer_add(json, SPAN("["));
    for (struct session *session = table->sessions; session; session = session->hh.next) {
        if (session->used_ms <= session->told_ms)
            continue;
        buffer_print(json, "%s{\"session\":%lld,\"used_ms\":%lld}", separator,
                     (long long)session->principal.session, (long long)session->used_ms);
        session->told_ms = session->used_ms;
        separator = ",";
    }
    buffer_add(json, SPAN("]"));
}

void session_table_note_usage(struct session_table *table, struct span json)
{
    json_t *root = json_loadb(json.at, json.size, 0, NULL), *row;
    size_t i;

    json_array_foreach (json_object_get(root, "sessions"), i, row) {
        struct session *session = find_row(table, integer(row, "session"));
        int64_t used_ms = integer(row, "used_ms");
        if (session && used_ms > session->used_ms)
            session->used_ms = session->told_ms = used_ms;
    }
    json_decref(root);
}
