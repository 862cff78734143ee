/* SPDX-License-Identifier: MIT */
#include "common/pass/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>

#include <sodium.h>

enum { TEXT_ROOM = 256, GATE_MAX = 32, HASH_DIGITS = 64, AT_MAX = 40 };

static bool is_line(struct span text, size_t size_max)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return text.size > 0 && text.size <= size_max;
}

/* The signed text; 0 when a member is impossible. */
static size_t write_lines(const struct checkpoint *c, char text[TEXT_ROOM])
{
    if (!is_line(c->gate, GATE_MAX) || !is_line(c->at, AT_MAX) || c->seq < 1 ||
        !is_line(c->hash, HASH_DIGITS) || c->hash.size != HASH_DIGITS)
        return 0;
    int size = snprintf(text, TEXT_ROOM, "gate-checkpoint/1\n%.*s\n%" PRId64 "\n%.*s\n%.*s\n",
                        SPAN_ARG(c->gate), c->seq, SPAN_ARG(c->hash), SPAN_ARG(c->at));
    CHECK(size > 0 && size < TEXT_ROOM);
    return (size_t)size;
}

bool checkpoint_sign(const struct checkpoint *checkpoint, const struct pass_key *key,
                     uint8_t signature[COSE_SIGNATURE_BYTES])
{
    char text[TEXT_ROOM];
    size_t size = write_lines(checkpoint, text);

    return size &&
           crypto_sign_detached(signature, NULL, (const uint8_t *)text, size, key->secret) == 0;
}

bool checkpoint_verify(const struct checkpoint *checkpoint, const struct pass_key *key,
                       const uint8_t signature[COSE_SIGNATURE_BYTES])
{
    char text[TEXT_ROOM];
    size_t size = write_lines(checkpoint, text);

    return size && crypto_sign_verify_detached(signature, (const uint8_t *)text, size,
                                               key->public_key) == 0;
}
