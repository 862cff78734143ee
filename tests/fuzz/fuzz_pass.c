/* SPDX-License-Identifier: MIT
 * Everything of a pass that comes from outside: digits, revocation lists, key sets. The first byte
 * chooses. Nothing may be accepted whose own encoding would be different, and nothing verified that
 * our keys did not sign.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/pass/numeric.h"
#include "common/pass/revocation.h"

enum { NOW = 1795312800 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pass_keys *keys_of(void)
{
    static struct pass_keys keys;
    uint8_t seed[PASS_SEED_BYTES];

    if (keys.count == 0) {
        memset(seed, 1, sizeof seed); /* the first key of tests/vectors/pass.json */
        CHECK(pass_key_init(&keys.items[0], SPAN("k1"), seed, 1767225600, 1830297600));
        keys.count = 1;
    }
    return &keys;
}

/* What was read, written again from its meaning alone, is the same digits. */
static void digits_recheck(struct span digits, const struct pass_reading *reading)
{
    uint8_t token[PASS_TOKEN_MAX], payload[CLAIMS_BYTES_MAX], again[PASS_TOKEN_MAX];
    struct canon_writer inner = {.at = payload, .room = sizeof payload};
    struct canon_writer outer = {.at = again, .room = sizeof again};
    struct span coded = {digits.at + CROSSING_DIGITS, digits.size - CROSSING_DIGITS};
    struct cose_message message;
    char text[PASS_DIGITS_ROOM];
    size_t size;

    CHECK(numeric_decode(coded, token, sizeof token, &size));
    CHECK(cose_read((struct bytes){token, size}, &message));
    CHECK(memcmp(message.kid.at, reading->kid, message.kid.size) == 0);
    claims_write(&reading->claims, &inner);
    message.payload = (struct bytes){payload, inner.size};
    CHECK(cose_write(&message, &outer) && outer.size == size && !memcmp(again, token, size));
    numeric_encode((struct bytes){again, outer.size}, text);
    CHECK(coded.size == numeric_digits(outer.size) && !memcmp(text, coded.at, coded.size));
}

static void digits_try(struct span digits)
{
    struct pass_reading reading;
    struct pass_claims claims;
    char again[PASS_DIGITS_ROOM];

    enum pass_verdict read = pass_read(digits, &reading);
    enum pass_verdict verdict = pass_verify(digits, keys_of(), NOW, &claims);
    if (read == PASS_VALID || read == PASS_MISMATCH)
        digits_recheck(digits, &reading);
    if (verdict != PASS_VALID)
        return;
    CHECK(read == PASS_VALID && pass_sign(&claims, &keys_of()->items[0], again));
    CHECK(digits.size == strlen(again) && !memcmp(digits.at, again, digits.size));
}

/* The token in bytes, so that the fuzzer need not find its way through the digits. */
static void token_try(struct bytes token)
{
    char digits[PASS_DIGITS_ROOM] = "01000000000001";

    if (token.size > PASS_TOKEN_MAX)
        return;
    numeric_encode(token, digits + CROSSING_DIGITS);
    digits_try((struct span){digits, CROSSING_DIGITS + numeric_digits(token.size)});
}

static void payload_try(struct bytes payload)
{
    struct revocation_list list;

    if (!revocation_payload_read(payload, &list))
        return;
    uint8_t *room = malloc(payload.size + 1);
    struct canon_writer writer = {.at = room, .room = payload.size};
    revocation_payload_write(&list, &writer);
    CHECK(!writer.is_full && writer.size == payload.size);
    CHECK(memcmp(room, payload.at, payload.size) == 0);
    free(room);
    revocation_list_free(&list);
}

static void list_try(struct bytes bytes)
{
    struct revocation_list list;
    struct buffer again = {0};

    if (revocation_read(bytes, keys_of(), NOW, &list) == PASS_VALID) {
        CHECK(revocation_sign(&list, &keys_of()->items[0], &again));
        CHECK(again.size == bytes.size && !memcmp(again.at, bytes.at, bytes.size));
    }
    buffer_free(&again);
    revocation_list_free(&list);
}

static void keys_try(struct span json)
{
    struct pass_keys keys, again;
    struct buffer text = {0};

    if (pass_keys_read(json, &keys)) {
        pass_keys_write(&keys, &text);
        CHECK(pass_keys_read(buffer_span(&text), &again));
        CHECK(memcmp(&keys, &again, sizeof keys) == 0);
    }
    buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes bytes = {data + 1, size - 1};
    struct span text = {(const char *)data + 1, size - 1};
    switch (data[0]) {
    case 'd':
        digits_try(text);
        break;
    case 't':
        token_try(bytes);
        break;
    case 'p':
        payload_try(bytes);
        break;
    case 'l':
        list_try(bytes);
        break;
    case 'k':
        keys_try(text);
        break;
    default:
        break;
    }
    return 0;
}
