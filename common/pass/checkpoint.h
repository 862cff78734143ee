/* SPDX-License-Identifier: MIT
 * A ledger's head, signed: whoever keeps one can prove later that the ledger was cut or rewritten
 * (FORMAT.md §8). The signature is plain Ed25519 over five lines of text, so that openssl alone can
 * check it; its first line keeps it apart from everything else that these keys sign.
 */
#ifndef COMMON_PASS_CHECKPOINT_H
#define COMMON_PASS_CHECKPOINT_H

#include <stdint.h>

#include "common/pass/keys.h"

/* Texts exactly as they are published. */
struct checkpoint {
    struct span gate; /* its code */
    int64_t seq;      /* of the last event of the ledger, from 1 on */
    struct span hash; /* of that event: 64 lower-case hex digits */
    struct span at;   /* when it was signed, RFC 3339 */
};

/* False when a member is impossible. */
MUST_USE bool checkpoint_sign(const struct checkpoint *checkpoint, const struct pass_key *key,
                              uint8_t signature[COSE_SIGNATURE_BYTES]);
/* True when that key made the signature; its validity is the caller's to judge. */
MUST_USE bool checkpoint_verify(const struct checkpoint *checkpoint, const struct pass_key *key,
                                const uint8_t signature[COSE_SIGNATURE_BYTES]);

#endif
