/* SPDX-License-Identifier: MIT
 * COSE_Sign1 (RFC 9052 §4.2), untagged, in the one shape we use (FORMAT.md §2): protected header
 * {1: -8 (EdDSA), 4: kid}, empty unprotected header, payload present, Ed25519 signature, no
 * external data. Every other shape is refused, so there is nothing a header could add that goes
 * unread.
 */
#ifndef COMMON_PASS_COSE_H
#define COMMON_PASS_COSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/pass/cbor.h"

enum {
    COSE_KID_MAX = 4, /* bytes */
    COSE_SIGNATURE_BYTES = 64,
    COSE_PUBLIC_BYTES = 32,
    COSE_SECRET_BYTES = 64, /* as libsodium keeps it: seed, then public key */
    COSE_START_BYTES = 14,  /* from which the length of a short message is known */
    COSE_OVERHEAD_MAX = 96, /* bytes around a payload; enough for any kid and length */
};

/* Spans point into the message that was read. */
struct cose_message {
    struct bytes kid; /* cose_kid_is_possible() */
    struct bytes payload;
    const uint8_t *signature; /* COSE_SIGNATURE_BYTES */
};

/* 1 to COSE_KID_MAX characters of [0-9A-Za-z_-], so that the same text stands in JSON. */
bool cose_kid_is_possible(struct bytes kid);

/* Writes the message; false when it does not fit into room or the kid is impossible. */
MUST_USE bool cose_write(const struct cose_message *message, struct canon_writer *writer);
/* Signs payload and writes the message. Deterministic (RFC 8032): same input, same bytes. */
MUST_USE bool cose_sign(struct bytes kid, struct bytes payload,
                        const uint8_t secret[COSE_SECRET_BYTES], struct canon_writer *writer);
/* Strict: exactly one message, deterministic, no byte behind it. Does not look at the signature. */
MUST_USE bool cose_read(struct bytes bytes, struct cose_message *message);
/* How long the message that begins so will be, when start holds its first COSE_START_BYTES at
 * least; 0 when no message of ours with at most 255 bytes of payload begins so. */
size_t cose_size(struct bytes start);
/* True when public_key made the signature. */
MUST_USE bool cose_verify(const struct cose_message *message,
                          const uint8_t public_key[COSE_PUBLIC_BYTES]);

#endif
