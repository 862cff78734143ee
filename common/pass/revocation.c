/* SPDX-License-Identifier: MIT */
#include "common/pass/revocation.h"

#include <stdlib.h>

#include <sodium.h>

#define SERIALS UINT64_C(1000000000000) /* crossings of one gate */

static uint64_t gate_first(const struct revocation_list *list)
{
    return list->gate * SERIALS;
}

static bool entries_are_possible(const struct revocation_list *list)
{
    uint64_t least = gate_first(list);

    for (size_t i = 0; i < list->count; i++) {
        const struct revocation *entry = &list->entries[i];
        if (entry->crossing < least || entry->crossing >= gate_first(list) + SERIALS ||
            entry->below < REVOCATION_BELOW_MIN || entry->below > REVOCATION_BELOW_MAX)
            return false;
        least = entry->crossing + 1;
    }
    return true;
}

static bool list_is_possible(const struct revocation_list *list)
{
    return list->gate >= 1 && list->gate <= PASS_GATE_MAX && list->issued_s >= 0 &&
           list->issued_s < list->expires_s && list->expires_s <= PASS_TIME_MAX &&
           list->count <= REVOCATION_ENTRIES_MAX && entries_are_possible(list);
}

void revocation_payload_write(const struct revocation_list *list, struct canon_writer *writer)
{
    uint64_t last = gate_first(list);

    canon_write_map(writer, 3);
    canon_write_uint(writer, CLAIM_EXPIRES);
    canon_write_uint(writer, (uint64_t)list->expires_s);
    canon_write_uint(writer, CLAIM_ISSUED);
    canon_write_uint(writer, (uint64_t)list->issued_s);
    canon_write_negative(writer, CLAIM_REVOKED);
    canon_write_array(writer, 2);
    canon_write_uint(writer, list->gate);
    canon_write_array(writer, 2 * list->count);
    for (size_t i = 0; i < list->count; i++) {
        canon_write_uint(writer, list->entries[i].crossing - last);
        canon_write_uint(writer, list->entries[i].below);
        last = list->entries[i].crossing;
    }
}

bool revocation_sign(const struct revocation_list *list, const struct pass_key *key,
                     struct buffer *bytes)
{
    if (!list_is_possible(list))
        return false;
    size_t room = (size_t)REVOCATION_BYTES_MAX;
    uint8_t *at = malloc(2 * room);
    CHECK(at && sodium_init() >= 0);
    struct canon_writer inner = {.at = at, .room = room};
    struct canon_writer outer = {.at = at + room, .room = room};

    revocation_payload_write(list, &inner);
    CHECK(!inner.is_full);
    bool is_signed =
        cose_sign(pass_key_kid(key), (struct bytes){at, inner.size}, key->secret, &outer);
    if (is_signed)
        buffer_add(bytes, (struct span){(const char *)outer.at, outer.size});
    free(at);
    return is_signed;
}

/* Sums of at most 50,000 numbers below 10^12 stay far from overflow. */
static void entries_read(struct canon_reader *reader, struct revocation_list *list)
{
    uint64_t crossing = gate_first(list);
    size_t numbers = canon_read_array(reader);

    if (numbers % 2 || numbers / 2 > REVOCATION_ENTRIES_MAX) {
        reader->is_bad = true;
        return;
    }
    list->entries = calloc(numbers / 2 + 1, sizeof *list->entries);
    CHECK(list->entries);
    for (; list->count < numbers / 2 && !reader->is_bad; list->count++) {
        crossing += canon_read_uint(reader, SERIALS - 1);
        list->entries[list->count] = (struct revocation){
            .crossing = crossing,
            .below = (uint32_t)canon_read_uint(reader, REVOCATION_BELOW_MAX),
        };
    }
}

bool revocation_payload_read(struct bytes payload, struct revocation_list *list)
{
    struct canon_reader reader = {.at = payload.at, .left = payload.size};

    *list = (struct revocation_list){0};
    canon_expect_map(&reader, 3);
    canon_expect_integer(&reader, CLAIM_EXPIRES);
    list->expires_s = (int64_t)canon_read_uint(&reader, PASS_TIME_MAX);
    canon_expect_integer(&reader, CLAIM_ISSUED);
    list->issued_s = (int64_t)canon_read_uint(&reader, PASS_TIME_MAX);
    canon_expect_integer(&reader, CLAIM_REVOKED);
    canon_expect_array(&reader, 2);
    list->gate = (uint8_t)canon_read_uint(&reader, PASS_GATE_MAX);
    entries_read(&reader, list);
    if (canon_is_done(&reader) && list_is_possible(list))
        return true;
    revocation_list_free(list);
    return false;
}

/* Content first: the time that the key is judged by may be the list's own. */
static enum pass_verdict message_read(const struct cose_message *message,
                                      const struct pass_keys *keys, int64_t now_s,
                                      struct revocation_list *list)
{
    if (!revocation_payload_read(message->payload, list))
        return PASS_MANGLED;
    int64_t time_s = now_s > list->issued_s ? now_s : list->issued_s;
    enum pass_verdict verdict = pass_keys_verify(keys, message, time_s);
    if (verdict == PASS_VALID)
        return time_s < list->expires_s ? PASS_VALID : PASS_EXPIRED;
    revocation_list_free(list);
    return verdict;
}

enum pass_verdict revocation_read(struct bytes bytes, const struct pass_keys *keys, int64_t now_s,
                                  struct revocation_list *list)
{
    struct cose_message message;

    *list = (struct revocation_list){0};
    if (bytes.size > REVOCATION_BYTES_MAX || !cose_read(bytes, &message))
        return PASS_MANGLED;
    return message_read(&message, keys, now_s, list);
}

void revocation_list_free(struct revocation_list *list)
{
    free(list->entries);
    *list = (struct revocation_list){0};
}

static int entry_compare(const void *key, const void *entry)
{
    uint64_t a = *(const uint64_t *)key, b = ((const struct revocation *)entry)->crossing;

    return (a > b) - (a < b);
}

bool revocation_covers(const struct revocation_list *list, uint64_t crossing, uint32_t version)
{
    if (list->count == 0)
        return false;
    const struct revocation *entry =
        bsearch(&crossing, list->entries, list->count, sizeof *list->entries, entry_compare);
    return entry && version < entry->below;
}

enum pass_verdict pass_verify_listed(struct span digits, const struct pass_keys *keys,
                                     const struct revocation_list *list, int64_t now_s,
                                     struct pass_claims *claims)
{
    enum pass_verdict verdict = pass_verify(digits, keys, now_s, claims);

    if (verdict == PASS_VALID && list && revocation_covers(list, claims->crossing, claims->version))
        return PASS_REVOKED;
    return verdict;
}
