/* SPDX-License-Identifier: MIT */
#include "common/pass/keys.h"

#include <inttypes.h>

#include <jansson.h>
#include <sodium.h>

enum { KEY_TEXT_ROOM = 64 }; /* base64url of 32 bytes is 43 characters */

/* Everything but the key itself. */
static bool key_begin(struct pass_key *key, struct span kid, int64_t valid_from_s,
                      int64_t valid_to_s)
{
    *key = (struct pass_key){.valid_from_s = valid_from_s, .valid_to_s = valid_to_s};
    if (!cose_kid_is_possible((struct bytes){(const uint8_t *)kid.at, kid.size}) ||
        valid_from_s < 0 || valid_from_s >= valid_to_s)
        return false;
    memcpy(key->kid, kid.at, kid.size);
    return true;
}

bool pass_key_init(struct pass_key *key, struct span kid, const uint8_t seed[PASS_SEED_BYTES],
                   int64_t valid_from_s, int64_t valid_to_s)
{
    CHECK(sodium_init() >= 0);
    if (!key_begin(key, kid, valid_from_s, valid_to_s))
        return false;
    return crypto_sign_seed_keypair(key->public_key, key->secret, seed) == 0;
}

void pass_key_wipe(struct pass_key *key)
{
    sodium_memzero(key, sizeof *key);
}

struct bytes pass_key_kid(const struct pass_key *key)
{
    return (struct bytes){.at = (const uint8_t *)key->kid, .size = strlen(key->kid)};
}

bool pass_key_is_valid(const struct pass_key *key, int64_t now_s)
{
    return key->valid_from_s <= now_s && now_s < key->valid_to_s;
}

static void key_write(const struct pass_key *key, struct buffer *json)
{
    char x[KEY_TEXT_ROOM];

    sodium_bin2base64(x, sizeof x, key->public_key, sizeof key->public_key,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buffer_print(json,
                 "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"alg\":\"EdDSA\","
                 "\"kid\":\"%s\",\"x\":\"%s\",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 "}",
                 key->kid, x, key->valid_from_s, key->valid_to_s);
}

const struct pass_key *pass_keys_signer(const struct pass_keys *keys, int64_t now_s)
{
    const struct pass_key *best = NULL;

    for (size_t i = 0; i < keys->count; i++) {
        const struct pass_key *key = &keys->items[i];
        if (sodium_is_zero(key->secret, sizeof key->secret) || !pass_key_is_valid(key, now_s))
            continue;
        if (!best || key->valid_from_s > best->valid_from_s)
            best = key;
    }
    return best;
}

void pass_keys_write(const struct pass_keys *keys, struct buffer *json)
{
    buffer_add_text(json, "{\"keys\":[");
    for (size_t i = 0; i < keys->count; i++) {
        if (i)
            buffer_add_text(json, ",");
        key_write(&keys->items[i], json);
    }
    buffer_add_text(json, "]}");
}

static bool public_read(const char *text, uint8_t public_key[COSE_PUBLIC_BYTES])
{
    size_t size = 0;

    return sodium_base642bin(public_key, COSE_PUBLIC_BYTES, text, strlen(text), NULL, &size, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           size == COSE_PUBLIC_BYTES && crypto_core_ed25519_is_valid_point(public_key);
}

static bool key_read(const json_t *item, struct pass_key *key)
{
    const char *kid = json_string_value(json_object_get(item, "kid"));
    const char *x = json_string_value(json_object_get(item, "x"));
    const json_t *from = json_object_get(item, "nbf"), *to = json_object_get(item, "exp");

    return kid && x && json_is_integer(from) && json_is_integer(to) &&
           key_begin(key, span_of(kid), json_integer_value(from), json_integer_value(to)) &&
           public_read(x, key->public_key);
}

static bool member_is(const json_t *item, const char *name, const char *value)
{
    const char *text = json_string_value(json_object_get(item, name));

    return text && strcmp(text, value) == 0;
}

static bool set_read(const json_t *list, struct pass_keys *keys)
{
    if (!json_is_array(list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_object(item))
            return false;
        if (!member_is(item, "kty", "OKP") || !member_is(item, "crv", "Ed25519"))
            continue;
        if (keys->count == PASS_KEYS_MAX || !key_read(item, &keys->items[keys->count]))
            return false;
        keys->count++;
    }
    return true;
}

bool pass_keys_read(struct span json, struct pass_keys *keys)
{
    CHECK(sodium_init() >= 0);
    *keys = (struct pass_keys){0};
    json_t *root = json_loadb(json.at, json.size, JSON_REJECT_DUPLICATES, NULL);
    bool is_read = set_read(json_object_get(root, "keys"), keys);
    json_decref(root);
    if (!is_read)
        keys->count = 0;
    return is_read;
}
