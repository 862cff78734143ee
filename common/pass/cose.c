/* SPDX-License-Identifier: MIT */
#include "common/pass/cose.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

enum {
    HEADER_ALG = 1, /* RFC 9052 §3.1 */
    HEADER_KID = 4,
    ALG_EDDSA = -8, /* RFC 9053 §2.2 */
    PROTECTED_MAX = 5 + COSE_KID_MAX,
    STRUCTURE_EXTRA = 32, /* what Sig_structure has around protected header and payload: 25 */
    SMALL_MAX = 256,      /* bytes of Sig_structure that fit on the stack: every pass */
};

_Static_assert(COSE_SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");
_Static_assert(COSE_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(COSE_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "Ed25519");

bool cose_kid_is_possible(struct bytes kid)
{
    static const char ALLOWED[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

    for (size_t i = 0; i < kid.size; i++)
        if (!memchr(ALLOWED, kid.at[i], sizeof ALLOWED - 1))
            return false;
    return kid.size >= 1 && kid.size <= COSE_KID_MAX;
}

static struct bytes protected_write(struct bytes kid, uint8_t room[PROTECTED_MAX])
{
    struct canon_writer writer = {.at = room, .room = PROTECTED_MAX};

    canon_write_map(&writer, 2);
    canon_write_uint(&writer, HEADER_ALG);
    canon_write_negative(&writer, ALG_EDDSA);
    canon_write_uint(&writer, HEADER_KID);
    canon_write_bytes(&writer, kid);
    CHECK(!writer.is_full);
    return (struct bytes){.at = room, .size = writer.size};
}

/* The kid; empty when the header is any but ours. */
static struct bytes protected_read(struct bytes header)
{
    struct canon_reader reader = {.at = header.at, .left = header.size};

    canon_expect_map(&reader, 2);
    canon_expect_integer(&reader, HEADER_ALG);
    canon_expect_integer(&reader, ALG_EDDSA);
    canon_expect_integer(&reader, HEADER_KID);
    struct bytes kid = canon_read_bytes(&reader);
    return canon_is_done(&reader) && cose_kid_is_possible(kid) ? kid : (struct bytes){0};
}

/* What is signed (RFC 9052 §4.4). Long ones are malloc'd: free what is not small. */
static struct bytes structure_write(struct bytes kid, struct bytes payload, uint8_t *small)
{
    uint8_t room[PROTECTED_MAX];
    size_t size = STRUCTURE_EXTRA + PROTECTED_MAX + payload.size;
    struct canon_writer writer = {.at = size <= SMALL_MAX ? small : malloc(size), .room = size};

    CHECK(writer.at);
    canon_write_array(&writer, 4);
    canon_write_text(&writer, (struct bytes){(const uint8_t *)"Signature1", 10});
    canon_write_bytes(&writer, protected_write(kid, room));
    canon_write_bytes(&writer, (struct bytes){0});
    canon_write_bytes(&writer, payload);
    CHECK(!writer.is_full);
    return (struct bytes){.at = writer.at, .size = writer.size};
}

static void structure_free(struct bytes structure, const uint8_t *small)
{
    if (structure.at != small)
        free((void *)(uintptr_t)structure.at);
}

bool cose_write(const struct cose_message *message, struct canon_writer *writer)
{
    uint8_t room[PROTECTED_MAX];

    if (!cose_kid_is_possible(message->kid))
        return false;
    canon_write_array(writer, 4);
    canon_write_bytes(writer, protected_write(message->kid, room));
    canon_write_map(writer, 0);
    canon_write_bytes(writer, message->payload);
    canon_write_bytes(writer, (struct bytes){message->signature, COSE_SIGNATURE_BYTES});
    return !writer->is_full;
}

bool cose_sign(struct bytes kid, struct bytes payload, const uint8_t secret[COSE_SECRET_BYTES],
               struct canon_writer *writer)
{
    uint8_t small[SMALL_MAX], signature[COSE_SIGNATURE_BYTES];

    if (!cose_kid_is_possible(kid))
        return false;
    struct bytes structure = structure_write(kid, payload, small);
    CHECK(crypto_sign_detached(signature, NULL, structure.at, structure.size, secret) == 0);
    structure_free(structure, small);
    return cose_write(&(struct cose_message){kid, payload, signature}, writer);
}

/* Everything up to the signature. */
static void start_read(struct canon_reader *reader, struct cose_message *message)
{
    canon_expect_array(reader, 4);
    message->kid = protected_read(canon_read_bytes(reader));
    canon_expect_map(reader, 0);
    message->payload = canon_read_bytes(reader);
    if (message->kid.size == 0)
        reader->is_bad = true;
}

bool cose_read(struct bytes bytes, struct cose_message *message)
{
    struct canon_reader reader = {.at = bytes.at, .left = bytes.size};

    start_read(&reader, message);
    struct bytes signature = canon_read_bytes(&reader);
    message->signature = signature.at;
    return canon_is_done(&reader) && signature.size == COSE_SIGNATURE_BYTES;
}

size_t cose_size(struct bytes start)
{
    uint8_t padded[COSE_START_BYTES + UINT8_MAX] = {0};
    struct canon_reader reader = {.at = padded, .left = sizeof padded};
    struct cose_message message;

    if (start.size < COSE_START_BYTES)
        return 0;
    memcpy(padded, start.at, COSE_START_BYTES);
    start_read(&reader, &message);
    if (reader.is_bad || message.payload.size > UINT8_MAX)
        return 0;
    return sizeof padded - reader.left + 2 + COSE_SIGNATURE_BYTES;
}

bool cose_verify(const struct cose_message *message, const uint8_t public_key[COSE_PUBLIC_BYTES])
{
    uint8_t small[SMALL_MAX];
    struct bytes structure = structure_write(message->kid, message->payload, small);
    int failed =
        crypto_sign_verify_detached(message->signature, structure.at, structure.size, public_key);

    structure_free(structure, small);
    return failed == 0;
}
