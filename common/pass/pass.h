/* SPDX-License-Identifier: MIT
 * The pass of a crossing: signed claims as digits, the whole content of its QR code. The format,
 * with the order in which a reader must judge, is FORMAT.md; any other implementation is held to it
 * by tests/vectors/pass.json.
 *
 * Everything here is pure and deterministic: no clock, no memory of its own, no network. Time is
 * the caller's: now_s must be the later of the device's clock and the last server time it has seen
 * (answers, lists), so that setting a clock back revives nothing.
 */
#ifndef COMMON_PASS_PASS_H
#define COMMON_PASS_PASS_H

#include <stdint.h>

#include "common/base/check.h"
#include "common/base/span.h"
#include "common/pass/claims.h"
#include "common/pass/keys.h"

enum {
    PASS_TOKEN_MAX = 128,  /* bytes */
    PASS_DIGITS_MAX = 340, /* promised; 128 bytes take 325 */
    PASS_DIGITS_ROOM = PASS_DIGITS_MAX + 1,
};

enum pass_verdict {
    PASS_VALID,
    PASS_TRUNCATED,     /* digits are missing: scan again */
    PASS_MANGLED,       /* not the digits of any pass */
    PASS_FORGED,        /* none of the keys with that id made the signature; also a misread digit */
    PASS_KEY_UNKNOWN,   /* no key with that id: old key set, or a stranger's pass */
    PASS_KEY_NOT_VALID, /* rightly signed, with a key not valid now */
    PASS_EXPIRED,
    PASS_NOT_YET,
    PASS_MISMATCH, /* the leading 14 digits are not the signed crossing */
    PASS_REVOKED,  /* by a revocation list: revocation.h */
    PASS_VERDICT_COUNT
};

/* "valid", "truncated", "key_unknown" …: stable, as in the vectors. */
const char *pass_verdict_code(enum pass_verdict verdict);

struct pass_reading {
    struct pass_claims claims;
    char kid[COSE_KID_MAX + 1];
};

/* Writes the digits, NUL-terminated. False when a claim is out of range or the token would exceed
 * PASS_TOKEN_MAX, which needs a 17-character VIN together with a kid or version beyond FORMAT.md
 * §3's table. */
MUST_USE bool pass_sign(const struct pass_claims *claims, const struct pass_key *key,
                        char digits[PASS_DIGITS_ROOM]);

/* What the digits say, unverified: PASS_VALID here means well formed. Else PASS_TRUNCATED,
 * PASS_MANGLED, or PASS_MISMATCH with reading filled; zeroed on the former two. */
MUST_USE enum pass_verdict pass_read(struct span digits, struct pass_reading *reading);

/* The verdict at now_s (see above). claims is filled when the signature is right, whatever the
 * verdict, and zeroed otherwise. Revocation is apart: pass_verify_listed(). */
MUST_USE enum pass_verdict pass_verify(struct span digits, const struct pass_keys *keys,
                                       int64_t now_s, struct pass_claims *claims);

/* The first step of every verification of ours: PASS_VALID when some valid key with the message's
 * kid made the signature, else PASS_KEY_UNKNOWN, PASS_FORGED or PASS_KEY_NOT_VALID. */
MUST_USE enum pass_verdict pass_keys_verify(const struct pass_keys *keys,
                                            const struct cose_message *message, int64_t now_s);

#endif
