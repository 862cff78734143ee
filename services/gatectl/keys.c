/* SPDX-License-Identifier: MIT
 * key: what firms, officers and systems show to the service.
 */
#include "services/gatectl/keys.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/form/instant.h"
#include "common/form/taxcode.h"
#include "services/gatectl/database.h"
#include "services/gatectl/listing.h"
#include "services/gatectl/verbs.h"

enum { ID_ROOM = 24 };

static const struct column KEY_COLUMNS[] = {
    {"ID", "id"},
    {"PRINCIPAL", "principal"},
    {"PREFIX", "prefix"},
    {"DEVICE", "device"},
    {"ISSUED", "issued_at"},
    {"EXPIRES", "expires_at"},
    {"REVOKED", "revoked_at"},
    {"LAST USED", "last_used_at"},
    {NULL, NULL},
};

/* The kind in a key's text: an officer's agency, else the role. NULL: no such principal. */
static char *kind_of(PGconn *db, int64_t principal)
{
    char id[ID_ROOM];
    const char *values[] = {id};

    snprintf(id, sizeof id, "%lld", (long long)principal);
    return database_value(
        db,
        "select case when role in ('officer', 'system') then agency else role end "
        "from gate.principal where id = $1 and id > 0",
        1, values);
}

enum exit_code keys_issue(PGconn *db, int64_t principal, const char *device, int64_t expires_ms,
                          struct access_key *key)
{
    char *kind = kind_of(db, principal);

    if (!kind || !access_key_make(key, span_of(kind))) {
        fprintf(stderr, "gatectl: there is no principal %lld\n", (long long)principal);
        free(kind);
        return EXIT_REFUSED;
    }
    free(kind);
    json_t *args = json_pack("{s:I,s:s,s:s,s:s?}", "principal", (json_int_t)principal, "prefix",
                             key->prefix, "hash", key->hash, "device", device);
    if (expires_ms)
        json_object_set_new(args, "expires_at", json_integer((json_int_t)expires_ms));
    enum exit_code code = platform_apply(db, "key_issue", args, NULL);
    if (code != EXIT_DONE)
        access_key_wipe(key);
    return code;
}

int64_t keys_holder(struct call *call)
{
    const char *principal = call_option(call, "--principal");
    const char *firm = call_option(call, "--firm");
    char tax_code[TAXCODE_ROOM];
    const char *values[] = {firm};
    uint64_t id = 0;

    if (firm && taxcode_read(span_of(firm), tax_code) == MESSAGE_NONE)
        values[0] = tax_code; /* as it is stored, however it was typed */
    if (!principal == !firm) {
        fprintf(stderr, "gatectl: name the holder with either --principal or --firm\n");
        return 0;
    }
    char *found = values[0] ? database_value(call->db,
                                             "select min(p.id) from gate.principal p "
                                             "join gate.firm f on f.id = p.firm "
                                             "where f.tax_code = $1",
                                             1, values)
                            : NULL;
    if (!span_to_number(span_of(principal ? principal : found), INT32_MAX, &id) || id == 0)
        fprintf(stderr, "gatectl: %s: there is no such holder\n",
                principal ? principal : values[0]);
    free(found);
    return (int64_t)id;
}

static enum exit_code key_issue(struct call *call)
{
    const char *expires = call_option(call, "--expires");
    int64_t expires_ms = 0;
    struct access_key key;

    if (expires && instant_read(span_of(expires), &expires_ms) != MESSAGE_NONE) {
        fprintf(stderr, "gatectl: %s: expected e.g. 2027-01-01T00:00:00+07:00\n", expires);
        return EXIT_USAGE;
    }
    int64_t holder = keys_holder(call);
    if (!holder)
        return EXIT_REFUSED;
    enum exit_code code =
        keys_issue(call->db, holder, call_option(call, "--device"), expires_ms, &key);
    if (code == EXIT_DONE)
        puts(key.text);
    access_key_wipe(&key);
    return code;
}

static enum exit_code key_list(struct call *call)
{
    const char *principal = call_option(call, "--principal");
    uint64_t id;

    if (principal && !span_to_number(span_of(principal), INT32_MAX, &id)) {
        fprintf(stderr, "gatectl: %s is not a principal's id (see officer list)\n", principal);
        return EXIT_USAGE;
    }
    return listing_read(call, "keys", json_pack("{s:s*}", "principal", principal), KEY_COLUMNS);
}

static enum exit_code key_revoke(struct call *call)
{
    return listing_end(call, "key_revoke", "key", "a key's id (see key list)", KEY_COLUMNS);
}

const struct verb key_issue_verb = {
    .subject = "key",
    .name = "issue",
    .summary = "issue a key and print it, this once",
    .details =
        "Two keys of a holder may live at a time: issue the second, move everything over to\n"
        "it, revoke the first.",
    .needs_database = true,
    .run = key_issue,
    .options =
        {
            {"--principal", "ID", "the holder, as in officer list", false},
            {"--firm", "TAX-CODE", "the holder, when it is a firm", false},
            {"--device", "NAME", "the kiosk or system that will keep it", false},
            {"--expires", "TIME", "RFC 3339; without it the key lives until it is revoked", false},
        },
};

const struct verb key_list_verb = {
    .subject = "key",
    .name = "list",
    .summary = "list keys, with when they were last used",
    .needs_database = true,
    .run = key_list,
    .options = {{"--principal", "ID", "only this holder's", false}},
};

const struct verb key_revoke_verb = {
    .subject = "key",
    .name = "revoke",
    .operands = "ID",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "revoke a key: it opens nothing after a second, on any server",
    .needs_database = true,
    .run = key_revoke,
    .options = {{"--reason", "TEXT", "why, for the ledger", false}},
};
