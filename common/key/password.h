/* SPDX-License-Identifier: MIT
 * Passwords and PINs: argon2id (RFC 9106) as libsodium's crypto_pwhash_str, with salt and costs in
 * the text. One call takes about a tenth of a second and 64 MiB, so never on the loop.
 */
#ifndef COMMON_KEY_PASSWORD_H
#define COMMON_KEY_PASSWORD_H

#include <stdbool.h>

#include "common/base/check.h"
#include "common/base/span.h"

enum {
    PASSWORD_HASH_ROOM = 128,
    PASSWORD_MADE_ROOM = 20, /* of one made here */
    PASSWORD_CHARACTERS_MIN = 10,
    PASSWORD_BYTES_MAX = 200,
    PIN_SIZE = 6,
};

enum password_cost {
    PASSWORD_CHOSEN, /* by a person: as dear as an interactive sign-in bears */
    PASSWORD_RANDOM, /* made by password_make(): nobody guesses 79 random bits, at any speed */
};

/* False when there is not enough memory. */
MUST_USE bool password_hash(char hash[PASSWORD_HASH_ROOM], struct span password,
                            enum password_cost cost);
/* Whether it is the password of the hash. NULL or empty: nobody's, which takes as long as a
 * chosen one and is false. */
MUST_USE bool password_is(const char *hash, struct span password);
/* A password for one use, easy to type: "k7fm-2qxd-9rtw-hnp4". Wipe it with sodium_memzero(). */
void password_make(char text[PASSWORD_MADE_ROOM]);

#endif
