/* SPDX-License-Identifier: MIT
 * The keys passes are signed with, and their public halves as a JSON Web Key set (RFC 7517, OKP and
 * Ed25519 as in RFC 8037) that gates serve and kiosks preload (FORMAT.md §6).
 */
#ifndef COMMON_PASS_KEYS_H
#define COMMON_PASS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/base/span.h"
#include "common/pass/cose.h"

enum { PASS_KEYS_MAX = 32, PASS_SEED_BYTES = 32 };

struct pass_key {
    char kid[COSE_KID_MAX + 1]; /* 1 to 4 of [0-9A-Za-z_-]; the same bytes in COSE and JSON */
    uint8_t public_key[COSE_PUBLIC_BYTES];
    uint8_t secret[COSE_SECRET_BYTES]; /* zero where only the public half is known */
    int64_t valid_from_s;              /* seconds since 1970, from this one on ... */
    int64_t valid_to_s;                /* ... to before this one */
};

/* Key ids are hints and may repeat: whoever verifies tries all of that kid. */
struct pass_keys {
    struct pass_key items[PASS_KEYS_MAX];
    size_t count;
};

/* The key that grows from a 32-byte seed (RFC 8032 §5.1.5); false when kid or the validity is
 * impossible. The seed is the secret to store; wipe both with pass_key_wipe() or sodium_memzero().
 */
MUST_USE bool pass_key_init(struct pass_key *key, struct span kid,
                            const uint8_t seed[PASS_SEED_BYTES], int64_t valid_from_s,
                            int64_t valid_to_s);
/* Overwrites all of it, the secret too. */
void pass_key_wipe(struct pass_key *key);
/* Its id as COSE carries it; borrowed from the key. */
struct bytes pass_key_kid(const struct pass_key *key);
/* valid_from_s <= now_s < valid_to_s */
bool pass_key_is_valid(const struct pass_key *key, int64_t now_s);

/* The key to sign with at now_s: of those whose secret is known and that are valid, the one that
 * began last; NULL when there is none. */
const struct pass_key *pass_keys_signer(const struct pass_keys *keys, int64_t now_s);

/* {"keys":[…]}: public halves only, in their order. */
void pass_keys_write(const struct pass_keys *keys, struct buffer *json);
/* Reads such a document. Keys of other kinds and unknown members are passed over (RFC 7517 §5).
 * False when it is no key set, an Ed25519 key in it is impossible, or there are too many. */
MUST_USE bool pass_keys_read(struct span json, struct pass_keys *keys);

#endif
