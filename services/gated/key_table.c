/* SPDX-License-Identifier: MIT */
#include "services/gated/key_table.h"

#include <stdlib.h>
#include <uthash.h>

#include "common/key/key.h"
#include "services/gated/sighting.h"

static const char *const ROLES[ROLE_COUNT] = {"firm",     "officer",    "system",
                                              "operator", "supervisor", "admin"};

struct key {
    char hash[ACCESS_KEY_HASH_ROOM];
    struct principal principal;
    bool is_revoked;
    int64_t expires_ms; /* 0: never */
    int64_t used_ms;    /* since the last report; 0: not */
    int64_t requests;   /* the same */
    struct sighting sighting;
    UT_hash_handle hh;
    UT_hash_handle by_row; /* principal.key */
};

struct key_table {
    struct arena *arena;
    struct key *keys;
    struct key *rows; /* the same */
};

const char *role_name(enum role role)
{
    CHECK(role < ROLE_COUNT);
    return ROLES[role];
}

static bool read_role(const char *name, enum role *role)
{
    for (enum role r = 0; name && r < ROLE_COUNT; r++)
        if (!strcmp(name, ROLES[r])) {
            *role = r;
            return true;
        }
    return false;
}

static struct span copy_text(struct arena *arena, const json_t *row, const char *name)
{
    return arena_copy(arena, span_of(json_string_value(json_object_get(row, name))));
}

static void read_gates(struct principal *principal, const json_t *gates)
{
    size_t i;
    json_t *gate;

    json_array_foreach (gates, i, gate) {
        json_int_t ledger = json_integer_value(gate);
        if (ledger > 0 && ledger < LEDGER_COUNT)
            principal->gates[ledger / 8] |= (uint8_t)(1u << ledger % 8);
    }
}

/* What every command says of who gave it. */
static struct span write_actor(struct arena *arena, const struct principal *principal,
                               const json_t *row)
{
    static const char *const COPIED[] = {"role", "agency", "firm", "gates", "device"};
    json_t *actor = json_pack("{s:I}", "id", (json_int_t)principal->id);

    if (principal->user)
        json_object_set_new(actor, "user", json_integer((json_int_t)principal->user));
    for (size_t i = 0; i < COUNT_OF(COPIED); i++) {
        json_t *value = json_object_get(row, COPIED[i]);
        json_object_set_new(actor, COPIED[i], value ? json_incref(value) : json_null());
    }
    char *text = json_dumps(actor, JSON_COMPACT);
    CHECK(text);
    struct span copy = arena_copy(arena, span_of(text));
    free(text);
    json_decref(actor);
    return copy;
}

bool principal_read(struct principal *p, struct arena *arena, const json_t *row)
{
    if (!read_role(json_string_value(json_object_get(row, "role")), &p->role))
        return false;
    p->firm = json_integer_value(json_object_get(row, "firm"));
    p->agency = copy_text(arena, row, "agency");
    p->device = copy_text(arena, row, "device");
    read_gates(p, json_object_get(row, "gates"));
    p->actor = write_actor(arena, p, row);
    return true;
}

static bool read_key(struct key_table *table, const json_t *row)
{
    const char *hash = json_string_value(json_object_get(row, "hash"));
    struct key *key = arena_alloc(table->arena, sizeof *key);
    struct principal *p = &key->principal;

    if (!hash || strlen(hash) != ACCESS_KEY_HASH_ROOM - 1)
        return false;
    memcpy(key->hash, hash, ACCESS_KEY_HASH_ROOM);
    p->id = json_integer_value(json_object_get(row, "principal"));
    p->key = json_integer_value(json_object_get(row, "key"));
    if (!principal_read(p, table->arena, row))
        return false;
    key->is_revoked = json_is_true(json_object_get(row, "revoked"));
    key->expires_ms = json_integer_value(json_object_get(row, "expires_ms"));
    HASH_ADD_STR(table->keys, hash, key);
    HASH_ADD(by_row, table->rows, principal.key, sizeof p->key, key);
    return true;
}

static bool read_keys(struct key_table *table, const json_t *rows)
{
    size_t i;
    json_t *row;

    if (!json_is_array(rows))
        return false;
    json_array_foreach (rows, i, row)
        if (!read_key(table, row))
            return false;
    return true;
}

struct key_table *key_table_read(struct span json)
{
    struct arena *arena = arena_new();
    struct key_table *table = arena_alloc(arena, sizeof *table);
    json_t *root = json_loadb(json.at, json.size, 0, NULL);

    table->arena = arena;
    bool is_good = read_keys(table, json_object_get(root, "keys"));
    json_decref(root);
    if (is_good)
        return table;
    key_table_free(table);
    return NULL;
}

void key_table_free(struct key_table *table)
{
    if (!table)
        return;
    HASH_CLEAR(hh, table->keys);
    HASH_CLEAR(by_row, table->rows);
    arena_free(table->arena);
}

static bool is_expired(const struct key *key, int64_t now_ms)
{
    return key->expires_ms && key->expires_ms <= now_ms;
}

const struct principal *key_table_principal(const struct key_table *table, int64_t row,
                                            int64_t now_ms)
{
    struct key *key;

    HASH_FIND(by_row, table->rows, &row, sizeof row, key);
    return key && !key->is_revoked && !is_expired(key, now_ms) ? &key->principal : NULL;
}

enum fault key_table_find(struct key_table *table, struct span text, int64_t now_ms,
                          const struct principal **principal)
{
    char hash[ACCESS_KEY_HASH_ROOM];
    struct key *key;

    if (text.size == 0 || text.size > KEY_TEXT_MAX)
        return FAULT_UNAUTHENTICATED;
    access_key_hash(text, hash);
    HASH_FIND_STR(table->keys, hash, key);
    if (!key || is_expired(key, now_ms))
        return FAULT_UNAUTHENTICATED;
    if (key->is_revoked)
        return FAULT_KEY_REVOKED;
    key->used_ms = now_ms;
    key->requests++;
    *principal = &key->principal;
    return OK;
}

int64_t key_table_seen(struct key_table *table, int64_t row, int64_t now_ms)
{
    struct key *key;

    HASH_FIND(by_row, table->rows, &row, sizeof row, key);
    return key ? sighting_note(&key->sighting, now_ms) : 0;
}

void key_table_take_seen(struct key_table *table, const struct key_table *older)
{
    for (struct key *key = table->keys; key; key = key->hh.next) {
        struct key *known;
        HASH_FIND_STR(older->keys, key->hash, known);
        if (!known)
            continue;
        key->sighting = known->sighting;
        key->used_ms = known->used_ms;
        key->requests = known->requests;
    }
}

bool key_table_take_usage(struct key_table *table, struct buffer *json)
{
    bool is_any = false;

    for (struct key *key = table->keys; key; key = key->hh.next) {
        if (!key->used_ms)
            continue;
        buffer_print(json, "%s{\"key\":%lld,\"used_ms\":%lld,\"requests\":%lld}",
                     is_any ? "," : "[", (long long)key->principal.key, (long long)key->used_ms,
                     (long long)key->requests);
        key->used_ms = key->requests = 0;
        is_any = true;
    }
    if (is_any)
        buffer_add(json, SPAN("]"));
    return is_any;
}

bool principal_has_gate(const struct principal *principal, int ledger)
{
    CHECK(ledger >= 0 && ledger < LEDGER_COUNT);
    return principal->gates[ledger / 8] & 1u << ledger % 8;
}

struct principal *principal_copy(struct arena *arena, const struct principal *principal)
{
    struct principal *copy = arena_alloc(arena, sizeof *copy);

    *copy = *principal;
    copy->agency = arena_copy(arena, principal->agency);
    copy->device = arena_copy(arena, principal->device);
    copy->actor = arena_copy(arena, principal->actor);
    return copy;
}
