/* SPDX-License-Identifier: MIT
 * Access keys: bg_<kind>_<22 base64url characters>. The kind (the holder's agency or role) is for
 * people who find one; the rest are 128 random bits. Only the hash is stored, so a stolen database
 * opens nothing, and since a key cannot be guessed a fast hash is safe.
 */
#ifndef COMMON_KEY_KEY_H
#define COMMON_KEY_KEY_H

#include "common/base/check.h"
#include "common/base/span.h"

enum {
    ACCESS_KEY_HASH_BYTES = 32, /* BLAKE2b (RFC 7693), no key */
    ACCESS_KEY_HASH_ROOM = 2 * ACCESS_KEY_HASH_BYTES + 1,
    ACCESS_KEY_KIND_MAX = 20, /* of a-z and _ */
    ACCESS_KEY_PREFIX_ROOM = 3 + ACCESS_KEY_KIND_MAX + 1 + 4 + 1,
    ACCESS_KEY_TEXT_ROOM = ACCESS_KEY_PREFIX_ROOM + 18,
};

struct access_key {
    char text[ACCESS_KEY_TEXT_ROOM];     /* shown once; wipe it with access_key_wipe() */
    char prefix[ACCESS_KEY_PREFIX_ROOM]; /* what lists show: up to the fourth random character */
    char hash[ACCESS_KEY_HASH_ROOM];     /* lower-case hex, as the database wants it */
};

/* Makes a key; false when the kind is none. */
MUST_USE bool access_key_make(struct access_key *key, struct span kind);
/* Overwrites text, prefix and hash with zeros. */
void access_key_wipe(struct access_key *key);
/* The hash of a key's whole text, as lower-case hex. */
void access_key_hash(struct span text, char hash[ACCESS_KEY_HASH_ROOM]);

#endif
