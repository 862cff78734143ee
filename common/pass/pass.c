/* SPDX-License-Identifier: MIT */
#include "common/pass/pass.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/pass/cose.h"
#include "common/pass/numeric.h"

enum { START_DIGITS = COSE_START_BYTES / NUMERIC_GROUP_BYTES * NUMERIC_GROUP_DIGITS };

_Static_assert(COSE_START_BYTES % NUMERIC_GROUP_BYTES == 0, "the start is whole groups");

static const char *const CODES[PASS_VERDICT_COUNT] = {
    [PASS_VALID] = "valid",
    [PASS_TRUNCATED] = "truncated",
    [PASS_MANGLED] = "mangled",
    [PASS_FORGED] = "forged",
    [PASS_KEY_UNKNOWN] = "key_unknown",
    [PASS_KEY_NOT_VALID] = "key_not_valid",
    [PASS_EXPIRED] = "expired",
    [PASS_NOT_YET] = "not_yet",
    [PASS_MISMATCH] = "mismatch",
    [PASS_REVOKED] = "revoked",
};

const char *pass_verdict_code(enum pass_verdict verdict)
{
    CHECK(verdict < PASS_VERDICT_COUNT);
    return CODES[verdict];
}

bool pass_sign(const struct pass_claims *claims, const struct pass_key *key,
               char digits[PASS_DIGITS_ROOM])
{
    uint8_t payload[CLAIMS_BYTES_MAX + 8], token[PASS_TOKEN_MAX];
    struct canon_writer inner = {.at = payload, .room = sizeof payload};
    struct canon_writer outer = {.at = token, .room = sizeof token};

    if (!claims_are_possible(claims))
        return false;
    claims_write(claims, &inner);
    CHECK(!inner.is_full && sodium_init() >= 0);
    if (!cose_sign(pass_key_kid(key), (struct bytes){payload, inner.size}, key->secret, &outer))
        return false;
    snprintf(digits, PASS_DIGITS_ROOM, "%0*" PRIu64, CROSSING_DIGITS, claims->crossing);
    numeric_encode((struct bytes){token, outer.size}, digits + CROSSING_DIGITS);
    digits[CROSSING_DIGITS + numeric_digits(outer.size)] = '\0';
    return true;
}

/* The digits taken apart; the message points into token. */
struct opened {
    uint8_t token[PASS_TOKEN_MAX];
    struct cose_message message;
    uint64_t crossing; /* of the leading digits */
};

static bool digits_only(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* How many digits the pass must have, by the lengths its first bytes announce; 0 when it is none.
 */
static size_t digits_announced(struct span coded)
{
    uint8_t start[COSE_START_BYTES];
    size_t size;

    if (!numeric_decode((struct span){coded.at, START_DIGITS}, start, sizeof start, &size))
        return 0;
    size = cose_size((struct bytes){start, size});
    return size && size <= PASS_TOKEN_MAX ? numeric_digits(size) : 0;
}

static enum pass_verdict open_coded(struct span coded, struct opened *opened)
{
    size_t size, announced = digits_announced(coded);

    if (announced == 0 || coded.size > announced)
        return PASS_MANGLED;
    if (coded.size < announced)
        return PASS_TRUNCATED;
    if (!numeric_decode(coded, opened->token, sizeof opened->token, &size) ||
        !cose_read((struct bytes){opened->token, size}, &opened->message))
        return PASS_MANGLED;
    return PASS_VALID;
}

static enum pass_verdict pass_open(struct span digits, struct opened *opened)
{
    struct span lead = {digits.at, CROSSING_DIGITS};

    if (!digits_only(digits) || digits.size > PASS_DIGITS_MAX)
        return PASS_MANGLED;
    if (digits.size < CROSSING_DIGITS + START_DIGITS)
        return PASS_TRUNCATED;
    CHECK(span_to_number(lead, CROSSING_MAX, &opened->crossing));
    return open_coded((struct span){digits.at + CROSSING_DIGITS, digits.size - CROSSING_DIGITS},
                      opened);
}

enum pass_verdict pass_read(struct span digits, struct pass_reading *reading)
{
    struct opened opened;
    enum pass_verdict verdict = pass_open(digits, &opened);

    *reading = (struct pass_reading){0};
    if (verdict != PASS_VALID)
        return verdict;
    if (!claims_read(opened.message.payload, &reading->claims))
        return PASS_MANGLED;
    memcpy(reading->kid, opened.message.kid.at, opened.message.kid.size);
    return reading->claims.crossing == opened.crossing ? PASS_VALID : PASS_MISMATCH;
}

static bool kid_is(const struct pass_key *key, struct bytes kid)
{
    struct bytes own = pass_key_kid(key);

    return own.size == kid.size && memcmp(own.at, kid.at, kid.size) == 0;
}

enum pass_verdict pass_keys_verify(const struct pass_keys *keys, const struct cose_message *message,
                                   int64_t now_s)
{
    enum pass_verdict verdict = PASS_KEY_UNKNOWN;

    CHECK(sodium_init() >= 0);
    for (size_t i = 0; i < keys->count; i++) {
        const struct pass_key *key = &keys->items[i];
        if (!kid_is(key, message->kid))
            continue;
        if (verdict == PASS_KEY_UNKNOWN)
            verdict = PASS_FORGED;
        if (!cose_verify(message, key->public_key))
            continue;
        if (pass_key_is_valid(key, now_s))
            return PASS_VALID;
        verdict = PASS_KEY_NOT_VALID;
    }
    return verdict;
}

/* Of a pass whose signature is right. */
static enum pass_verdict claims_judge(const struct pass_claims *claims, uint64_t crossing,
                                      int64_t now_s)
{
    if (claims->crossing != crossing)
        return PASS_MISMATCH;
    if (now_s < claims->not_before_s)
        return PASS_NOT_YET;
    return now_s < claims->expires_s ? PASS_VALID : PASS_EXPIRED;
}

enum pass_verdict pass_verify(struct span digits, const struct pass_keys *keys, int64_t now_s,
                              struct pass_claims *claims)
{
    struct opened opened;
    struct pass_claims signed_claims;

    *claims = (struct pass_claims){0};
    enum pass_verdict verdict = pass_open(digits, &opened);
    if (verdict != PASS_VALID)
        return verdict;
    verdict = pass_keys_verify(keys, &opened.message, now_s);
    if (verdict != PASS_VALID && verdict != PASS_KEY_NOT_VALID)
        return verdict;
    if (!claims_read(opened.message.payload, &signed_claims))
        return PASS_MANGLED;
    *claims = signed_claims;
    return verdict == PASS_VALID ? claims_judge(claims, opened.crossing, now_s) : verdict;
}
