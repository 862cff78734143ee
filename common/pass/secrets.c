/* SPDX-License-Identifier: MIT */
#include "common/pass/secrets.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>

enum { BASE64_ROOM = 64 }; /* base64url of 32 bytes is 43 characters */

static void write_base64(struct buffer *json, const uint8_t *bytes)
{
    char text[BASE64_ROOM];

    sodium_bin2base64(text, sizeof text, bytes, PASS_SEED_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buffer_add_text(json, text);
    sodium_memzero(text, sizeof text);
}

static void write_key(const struct pass_key *key, struct buffer *json)
{
    buffer_print(json, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%s\",\"x\":\"", key->kid);
    write_base64(json, key->public_key);
    buffer_add_text(json, "\",\"d\":\"");
    write_base64(json, key->secret); /* the first 32 of its 64 bytes are the seed */
    buffer_print(json, "\",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 "}", key->valid_from_s,
                 key->valid_to_s);
}

void pass_secrets_write(const struct pass_keys *keys, struct buffer *json)
{
    bool is_first = true;

    buffer_add_text(json, "{\"keys\":[");
    for (size_t i = 0; i < keys->count; i++) {
        if (sodium_is_zero(keys->items[i].secret, sizeof keys->items[i].secret))
            continue;
        buffer_add_text(json, is_first ? "\n" : ",\n");
        write_key(&keys->items[i], json);
        is_first = false;
    }
    buffer_add_text(json, "\n]}\n");
}

static bool read_seed(const char *text, uint8_t seed[PASS_SEED_BYTES])
{
    size_t size = 0;

    return text &&
           sodium_base642bin(seed, PASS_SEED_BYTES, text, strlen(text), NULL, &size, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           size == PASS_SEED_BYTES;
}

/* Gives the key its secret half. */
static bool complete_key(struct pass_key *key, const json_t *item)
{
    uint8_t seed[PASS_SEED_BYTES];
    struct pass_key grown = {.kid = ""};
    bool is_good =
        read_seed(json_string_value(json_object_get(item, "d")), seed) &&
        pass_key_init(&grown, span_of(key->kid), seed, key->valid_from_s, key->valid_to_s) &&
        !memcmp(grown.public_key, key->public_key, sizeof grown.public_key);

    if (is_good)
        memcpy(key->secret, grown.secret, sizeof key->secret);
    sodium_memzero(seed, sizeof seed);
    pass_key_wipe(&grown);
    return is_good;
}

bool pass_secrets_read(struct span json, struct pass_keys *keys)
{
    if (!pass_keys_read(json, keys))
        return false;
    json_t *root = json_loadb(json.at, json.size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(root, "keys");
    /* every item must be a key of ours, so that the two lists run side by side */
    bool is_good = json_array_size(list) == keys->count;
    for (size_t i = 0; is_good && i < keys->count; i++)
        is_good = complete_key(&keys->items[i], json_array_get(list, i));
    json_decref(root);
    if (!is_good)
        *keys = (struct pass_keys){0};
    return is_good;
}
