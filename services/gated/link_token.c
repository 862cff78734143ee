/* SPDX-License-Identifier: MIT */
#include "services/gated/link_token.h"

#include <sodium.h>
#include <stdio.h>

enum { CROSSING_SIZE = 14, GATE_DIGITS = 2, TOKEN_BYTES = 16, TOKEN_TEXT_ROOM = 23 };

/* Keeps what is made with a key here apart from what is signed with it. */
static const char PURPOSE[] = "border-gate link";

static void write_token(struct span crossing, struct span nonce, const struct pass_key *key,
                        char token[LINK_TOKEN_ROOM])
{
    crypto_generichash_state state;
    unsigned char bytes[TOKEN_BYTES];
    char text[TOKEN_TEXT_ROOM];

    crypto_generichash_init(&state, key->secret, PASS_SEED_BYTES, sizeof bytes);
    crypto_generichash_update(&state, (const unsigned char *)PURPOSE, sizeof PURPOSE);
    crypto_generichash_update(&state, (const unsigned char *)crossing.at, crossing.size);
    crypto_generichash_update(&state, (const unsigned char *)nonce.at, nonce.size);
    crypto_generichash_final(&state, bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    snprintf(token, LINK_TOKEN_ROOM, "%.*s%s", GATE_DIGITS, crossing.at, text);
    sodium_memzero(&state, sizeof state);
}

void link_seed_make(struct link_seed *seed, struct span crossing, const struct pass_key *key)
{
    unsigned char bytes[LINK_NONCE_BYTES];
    char token[LINK_TOKEN_ROOM];

    CHECK(crossing.size == CROSSING_SIZE);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(seed->nonce, sizeof seed->nonce, bytes, sizeof bytes);
    write_token(crossing, span_of(seed->nonce), key, token);
    access_key_hash(span_of(token), seed->hash);
    sodium_memzero(token, sizeof token);
}

bool link_promise_token(struct span promise, const struct pass_keys *keys,
                        char token[LINK_TOKEN_ROOM])
{
    static const uint8_t NOTHING[COSE_SECRET_BYTES];
    struct span crossing = span_take(&promise, ',');
    struct span nonce = span_take(&promise, ',');

    if (crossing.size != CROSSING_SIZE || nonce.size != LINK_NONCE_ROOM - 1)
        return false;
    for (size_t i = 0; i < keys->count; i++)
        if (span_is(promise, keys->items[i].kid) &&
            memcmp(keys->items[i].secret, NOTHING, sizeof NOTHING)) {
            write_token(crossing, nonce, &keys->items[i], token);
            return true;
        }
    return false;
}

bool link_token_is_possible(struct span text)
{
    if (text.size != LINK_TOKEN_SIZE)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        bool is_digit = c >= '0' && c <= '9';
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        if (!is_digit && (i < GATE_DIGITS || !is_letter))
            return false;
    }
    return true;
}
