/* SPDX-License-Identifier: MIT
 * pass-key: rotation. A key signs for its days; what it signed is verified longer, until the last
 * pass it can have signed has expired. The next key is published before it signs, so that kiosks
 * have preloaded it by then.
 */
#include "services/gatectl/passkeys.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/pass/secrets.h"
#include "services/gatectl/database.h"
#include "services/gatectl/file.h"
#include "services/gatectl/platform.h"
#include "services/gatectl/table.h"
#include "services/gatectl/verbs.h"

enum {
    DAY_S = 86400,
    SIGNS_DAYS = 365,
    VERIFIES_DAYS = 60, /* beyond: planned arrival at most weeks ahead, then a pass's validity */
    KIDS = 256, /* of two hexadecimal digits: a third, and a VIN's pass is too long to be signed */
    KID_ROOM = 3,
    HEX_ROOM = 2 * COSE_PUBLIC_BYTES + 1,
    DAYS_MAX = 3650,
    SECONDS_ROOM = 24,
};

static const int64_t SANDBOX_FROM_S = 1577836800;  /* 2020-01-01T00:00:00Z */
static const int64_t SANDBOX_UNTIL_S = 4102444800; /* 2100-01-01T00:00:00Z */

/* When a new key begins and stops to sign; it verifies from its making on. */
struct span_of_signing {
    int64_t from_s;
    int64_t until_s;
};

static bool read_secrets(const char *path, struct pass_keys *keys)
{
    size_t size;
    char *text = file_read(path, &size);
    bool is_good = text && pass_secrets_read((struct span){text, size}, keys);

    if (text && !is_good)
        fprintf(stderr, "gatectl: %s: not a file of pass keys\n", path);
    if (text)
        sodium_memzero(text, size);
    free(text);
    return is_good;
}

static bool write_secrets(const char *path, const struct pass_keys *keys)
{
    struct buffer json = {0};

    pass_secrets_write(keys, &json);
    bool is_good = file_write_secret(path, json.at, json.size);
    sodium_memzero(json.at, json.size);
    buffer_free(&json);
    return is_good;
}

static bool is_in_file(const struct pass_keys *keys, const char *kid)
{
    for (size_t i = 0; i < keys->count; i++)
        if (!strcmp(keys->items[i].kid, kid))
            return true;
    return false;
}

/* The public key of that name in the database, in hexadecimal; NULL: there is none. */
static char *published(PGconn *db, const char *kid)
{
    const char *values[] = {kid};

    return database_value(db, "select encode(public_key, 'hex') from gate.pass_key where id = $1",
                          1, values);
}

/* A name that no key has, nor had: the database keeps those that ended. False: all are taken. */
static bool draw_kid(PGconn *db, const struct pass_keys *keys, char kid[KID_ROOM])
{
    unsigned first = randombytes_uniform(KIDS);

    for (unsigned i = 0; i < KIDS; i++) {
        snprintf(kid, KID_ROOM, "%02x", (first + i) % KIDS);
        char *found = published(db, kid);
        bool is_free = !found && !is_in_file(keys, kid);
        free(found);
        if (is_free)
            return true;
    }
    fprintf(stderr, "gatectl: all %d names of keys are taken\n", KIDS);
    return false;
}

/* Drops the keys that verify nothing any more; adds a fresh one. False: the file is full. */
static bool add_key(PGconn *db, struct pass_keys *keys, int64_t now_s,
                    struct span_of_signing signing)
{
    int64_t from_s = signing.from_s < now_s ? signing.from_s : now_s;
    uint8_t seed[PASS_SEED_BYTES];
    char kid[KID_ROOM];
    size_t kept = 0;

    for (size_t i = 0; i < keys->count; i++)
        if (keys->items[i].valid_to_s > now_s)
            keys->items[kept++] = keys->items[i];
    keys->count = kept;
    if (keys->count == PASS_KEYS_MAX) {
        fprintf(stderr, "gatectl: the file has %d live keys already\n", PASS_KEYS_MAX);
        return false;
    }
    if (!draw_kid(db, keys, kid))
        return false;
    randombytes_buf(seed, sizeof seed);
    bool is_made = pass_key_init(&keys->items[keys->count], span_of(kid), seed, from_s,
                                 signing.until_s + (int64_t)VERIFIES_DAYS * DAY_S);
    sodium_memzero(seed, sizeof seed);
    CHECK(is_made);
    keys->count++;
    return true;
}

static json_t *describe(const struct pass_key *key, struct span_of_signing signing)
{
    char hex[HEX_ROOM];

    sodium_bin2hex(hex, sizeof hex, key->public_key, sizeof key->public_key);
    return json_pack("{s:s,s:s,s:I,s:I,s:I}", "id", key->kid, "public_key", hex, "signs_from",
                     (json_int_t)signing.from_s * 1000, "signs_until",
                     (json_int_t)signing.until_s * 1000, "verifies_until",
                     (json_int_t)key->valid_to_s * 1000);
}

/* True when the database has the key; *is_other when it has another one of that name. */
static bool is_published(PGconn *db, const struct pass_key *key, bool *is_other)
{
    char hex[HEX_ROOM];

    sodium_bin2hex(hex, sizeof hex, key->public_key, sizeof key->public_key);
    char *found = published(db, key->kid);
    *is_other = found && strcmp(found, hex) != 0;
    bool is = found != NULL;
    free(found);
    return is;
}

/* Publishes what the database lacks: it may be a new one, with the file of an old machine. */
static enum exit_code publish(PGconn *db, const struct pass_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        const struct pass_key *key = &keys->items[i];
        struct span_of_signing signing = {key->valid_from_s,
                                          key->valid_to_s - (int64_t)VERIFIES_DAYS * DAY_S};
        bool is_other;

        if (is_published(db, key, &is_other)) {
            if (is_other) {
                fprintf(stderr, "gatectl: key %s of the database is not the file's\n", key->kid);
                return EXIT_REFUSED;
            }
            continue;
        }
        enum exit_code code = platform_apply(db, "pass_key_add", describe(key, signing), NULL);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

enum exit_code passkeys_ensure(PGconn *db, const char *path, bool is_sandbox)
{
    struct pass_keys keys = {.count = 0};
    int64_t now_s = clock_wall_ms() / 1000;
    struct span_of_signing signing = {now_s, now_s + (int64_t)SIGNS_DAYS * DAY_S};
    if (is_sandbox)
        signing = (struct span_of_signing){SANDBOX_FROM_S, SANDBOX_UNTIL_S};
    bool is_there = access(path, F_OK) == 0;
    bool is_good = is_there ? read_secrets(path, &keys)
                            : add_key(db, &keys, now_s, signing) && write_secrets(path, &keys);
    enum exit_code code = is_good ? publish(db, &keys) : EXIT_DATABASE;

    sodium_memzero(&keys, sizeof keys);
    return code;
}

static bool read_days(const struct call *call, const char *option, int64_t fallback, int64_t *days)
{
    const char *text = call_option(call, option);
    uint64_t number = (uint64_t)fallback;

    if (text && !span_to_number(span_of(text), DAYS_MAX, &number)) {
        fprintf(stderr, "gatectl: %s %s: expected days from 0 to %d\n", option, text, DAYS_MAX);
        return false;
    }
    *days = (int64_t)number;
    return true;
}

/* True when the key that is to sign then has its secret in the file, and a name that leaves room for
 * a VIN: keys had longer ones once. */
static bool can_sign(PGconn *db, const struct pass_keys *keys, int64_t at_s)
{
    char text[SECONDS_ROOM];
    const char *values[] = {text};

    snprintf(text, sizeof text, "%lld", (long long)at_s);
    char *kid = database_value(db, "select gate.pass_key_at(to_timestamp($1::bigint))", 1, values);
    bool can = kid && strlen(kid) < KID_ROOM && is_in_file(keys, kid);
    free(kid);
    return can;
}

static enum exit_code add_next(PGconn *db, const char *path, struct pass_keys *keys, int64_t now_s,
                               int64_t lead_days, int64_t days)
{
    struct span_of_signing signing = {now_s + lead_days * DAY_S, 0};

    signing.until_s = signing.from_s + (days > 0 ? days : 1) * DAY_S;
    /* the file first: a key that signs must never be known to the database alone */
    if (!add_key(db, keys, now_s, signing) || !write_secrets(path, keys))
        return EXIT_DATABASE;
    const struct pass_key *added = &keys->items[keys->count - 1];
    enum exit_code code = platform_apply(db, "pass_key_add", describe(added, signing), NULL);
    if (code == EXIT_DONE)
        printf("key %s signs in %lld days\n", added->kid, (long long)lead_days);
    return code;
}

static enum exit_code rotate(struct call *call)
{
    const char *path = call_option(call, "--pass-keys");
    struct pass_keys keys = {.count = 0};
    int64_t now_s = clock_wall_ms() / 1000;
    int64_t lead_days, days, left_days;

    if (!read_days(call, "--days", SIGNS_DAYS, &days) || !read_days(call, "--left", 0, &left_days))
        return EXIT_USAGE;
    if (access(path, F_OK) == 0 && !read_secrets(path, &keys))
        return EXIT_DATABASE;
    /* kiosks that preload it are of no use while nothing is signed */
    if (!read_days(call, "--lead", can_sign(call->db, &keys, now_s) ? 2 : 0, &lead_days))
        return EXIT_USAGE;
    bool is_early = call_option(call, "--left") && can_sign(call->db, &keys, now_s) &&
                    can_sign(call->db, &keys, now_s + left_days * DAY_S);
    enum exit_code code =
        is_early ? EXIT_DONE : add_next(call->db, path, &keys, now_s, lead_days, days);
    sodium_memzero(&keys, sizeof keys);
    return code;
}

static enum exit_code list(struct call *call)
{
    static const struct column COLUMNS[] = {
        {"ID", "id"},
        {"SIGNS FROM", "signs_from"},
        {"UNTIL", "signs_until"},
        {"VERIFIES UNTIL", "verifies_until"},
        {"PUBLIC KEY", "public_key"},
        {NULL, NULL},
    };
    json_t *body = NULL;
    enum exit_code code = platform_read(call->db, "pass_keys", NULL, &body);

    if (code == EXIT_DONE)
        table_print(json_object_get(body, "keys"), COLUMNS);
    json_decref(body);
    return code;
}

const struct verb pass_key_rotate_verb = {
    .subject = "pass-key",
    .name = "rotate",
    .summary = "make the next key that signs passes",
    .details =
        "Adds a secret to the file and its public half to the database, where the servers publish\n"
        "it at once. It begins to sign after the lead, in which kiosks preload it; older keys go "
        "on\n"
        "verifying what they signed. Copy the file to every machine that signs before the lead is\n"
        "over, and send gated SIGHUP there; on this machine it reads the file by itself.\n"
        "services/up does this 30 days before no key would sign.",
    .needs_database = true,
    .run = rotate,
    .options =
        {
            {"--pass-keys", "FILE", "the file of the secrets; made when it is not there", true},
            {"--lead", "DAYS", "until it signs (default 2; 0 while no key of the file signs)",
             false},
            {"--days", "DAYS", "how long it signs (default 365)", false},
            {"--left", "DAYS", "only if in so many days none of the file signs any more", false},
        },
};

const struct verb pass_key_list_verb = {
    .subject = "pass-key",
    .name = "list",
    .summary = "list the published keys that sign passes",
    .needs_database = true,
    .run = list,
};
