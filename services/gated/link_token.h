/* SPDX-License-Identifier: MIT
 * The token in the address of a driver's link: two digits of the gate, then 22 base64url characters
 * of 128 bits, BLAKE2b (RFC 7693) over crossing and nonce, keyed from a secret pass key. So the
 * token is unguessable, a stolen database cannot make one, and the firm can be shown the same link
 * again though only its hash is stored. What is made here never goes into a log.
 */
#ifndef SERVICES_GATED_LINK_TOKEN_H
#define SERVICES_GATED_LINK_TOKEN_H

#include "common/base/check.h"
#include "common/base/span.h"
#include "common/key/key.h"
#include "common/pass/keys.h"

enum {
    LINK_NONCE_BYTES = 16,
    LINK_NONCE_ROOM = 2 * LINK_NONCE_BYTES + 1,
    LINK_TOKEN_SIZE = 24,
    LINK_TOKEN_ROOM = LINK_TOKEN_SIZE + 1,
};

/* What is stored of a new link. */
struct link_seed {
    char nonce[LINK_NONCE_ROOM];     /* lower-case hex */
    char hash[ACCESS_KEY_HASH_ROOM]; /* of the token */
};

/* A new link of a crossing (14 digits), made with that key. */
void link_seed_make(struct link_seed *seed, struct span crossing, const struct pass_key *key);

/* The token of "<crossing>,<nonce>,<kid>"; false when it is malformed or the key is missing. */
MUST_USE bool link_promise_token(struct span promise, const struct pass_keys *keys,
                                 char token[LINK_TOKEN_ROOM]);

/* Whether a text from outside can be a token at all. */
bool link_token_is_possible(struct span text);

#endif
