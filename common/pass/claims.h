/* SPDX-License-Identifier: MIT
 * What a pass says, as a CWT claims set (RFC 8392): {4: exp, -65537: [crossing, version, plate,
 * gate, direction, class, not-before]} (FORMAT.md §3). Deterministic both ways.
 */
#ifndef COMMON_PASS_CLAIMS_H
#define COMMON_PASS_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/pass/cbor.h"

#define CROSSING_MAX UINT64_C(99999999999999) /* 14 decimal digits */

enum {
    CROSSING_DIGITS = 14,
    PASS_PLATE_BYTES = 17, /* a VIN; the longest plate takes 13 */
    PASS_VERSION_MAX = 65535,
    PASS_GATE_MAX = 99,
    PASS_CLASS_MAX = 23,
    CLAIMS_BYTES_MAX = 52,
    CLAIM_EXPIRES = 4, /* exp */
    CLAIM_ISSUED = 6,  /* iat */
    CLAIM_PASS = -65537,
    CLAIM_REVOKED = -65538,
};

#define PASS_TIME_MAX INT64_C(4294967295) /* seconds, in the year 2106: four bytes in the token */

enum pass_direction { PASS_IMPORT, PASS_EXPORT };

struct pass_claims {
    uint64_t crossing;                /* the number whose 14 digits are the crossing's id */
    uint32_t version;                 /* 1 to PASS_VERSION_MAX; a reissue counts up */
    char plate[PASS_PLATE_BYTES + 1]; /* normalised: [0-9A-Z] and Chinese characters; or the VIN */
    uint8_t gate;                     /* number, 1 to 99 */
    enum pass_direction direction;
    uint8_t class;        /* of goods, FORMAT.md §3 */
    int64_t not_before_s; /* seconds since 1970: valid from this one on ... */
    int64_t expires_s;    /* ... to before this one; later than not_before_s */
};

/* True when every member is in its range: what claims_write() needs and claims_read() gives. */
bool claims_are_possible(const struct pass_claims *claims);
/* claims must be possible. */
void claims_write(const struct pass_claims *claims, struct canon_writer *writer);
/* False, and claims zeroed, unless bytes are exactly what claims_write() makes of possible claims.
 */
MUST_USE bool claims_read(struct bytes bytes, struct pass_claims *claims);

#endif
