/* SPDX-License-Identifier: MIT */
#include "services/gated/idempotency.h"

#include <sodium.h>

/* 1 to 255 printable ASCII characters. */
static bool is_key(struct span key)
{
    if (key.size == 0 || key.size > IDEMPOTENCY_KEY_MAX)
        return false;
    for (size_t i = 0; i < key.size; i++)
        if (key.at[i] < 0x20 || key.at[i] > 0x7e)
            return false;
    return true;
}

static bool is_quote(char c)
{
    return c == '"';
}

enum fault idempotency_read(const char *header, struct span *key)
{
    struct span text = span_of(header);

    if (!header)
        return FAULT_IDEMPOTENCY_KEY_MISSING;
    if (text.size >= 2 && is_quote(text.at[0]) && is_quote(text.at[text.size - 1]))
        text = (struct span){text.at + 1, text.size - 2};
    if (!is_key(text))
        return FAULT_IDEMPOTENCY_KEY_INVALID;
    *key = text;
    return OK;
}

void idempotency_hash(char text[IDEMPOTENCY_HASH_TEXT], const struct span *parts, size_t count)
{
    crypto_generichash_state state;
    unsigned char hash[16];

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < count; i++) {
        uint64_t size = parts[i].size;
        crypto_generichash_update(&state, (const unsigned char *)&size, sizeof size);
        crypto_generichash_update(&state, (const unsigned char *)parts[i].at, parts[i].size);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(text, IDEMPOTENCY_HASH_TEXT, hash, sizeof hash);
}
