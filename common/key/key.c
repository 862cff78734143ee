/* SPDX-License-Identifier: MIT */
#include "common/key/key.h"

#include <sodium.h>
#include <stdio.h>

enum { RANDOM_BYTES = 16, RANDOM_ROOM = 23, SHOWN = 4 };

static bool is_kind(struct span kind)
{
    for (size_t i = 0; i < kind.size; i++)
        if (kind.at[i] != '_' && (kind.at[i] < 'a' || kind.at[i] > 'z'))
            return false;
    return kind.size >= 1 && kind.size <= ACCESS_KEY_KIND_MAX;
}

bool access_key_make(struct access_key *key, struct span kind)
{
    unsigned char bytes[RANDOM_BYTES];
    char random[RANDOM_ROOM];

    CHECK(sodium_init() >= 0);
    *key = (struct access_key){.text = ""};
    if (!is_kind(kind))
        return false;
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(random, sizeof random, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    snprintf(key->text, sizeof key->text, "bg_%.*s_%s", (int)kind.size, kind.at, random);
    snprintf(key->prefix, sizeof key->prefix, "bg_%.*s_%.*s", (int)kind.size, kind.at, SHOWN,
             random);
    access_key_hash(span_of(key->text), key->hash);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(random, sizeof random);
    return true;
}

void access_key_wipe(struct access_key *key)
{
    sodium_memzero(key, sizeof *key);
}

void access_key_hash(struct span text, char hash[ACCESS_KEY_HASH_ROOM])
{
    unsigned char bytes[ACCESS_KEY_HASH_BYTES];

    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)text.at, text.size, NULL, 0);
    sodium_bin2hex(hash, ACCESS_KEY_HASH_ROOM, bytes, sizeof bytes);
}
