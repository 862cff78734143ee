/* SPDX-License-Identifier: MIT */
#include "services/gatectl/chain.h"

#include <inttypes.h>
#include <sodium.h>

#include "common/base/buffer.h"

enum { DIGEST_HEX = 2 * CHAIN_HASH_BYTES };

void chain_init(struct chain *chain, struct span code)
{
    *chain = (struct chain){.code = code};
    crypto_hash_sha256(chain->hash, (const unsigned char *)code.at, code.size);
}

static void digest_pair(struct span first, struct span second,
                        unsigned char digest[CHAIN_HASH_BYTES])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)first.at, first.size);
    crypto_hash_sha256_update(&state, (const unsigned char *)second.at, second.size);
    crypto_hash_sha256_final(&state, digest);
}

/* A body begins with what stands in columns, too: it must begin like this. */
static enum chain_fault check_head(const struct chain *chain, const struct chain_event *event)
{
    struct buffer head = {0};

    buffer_print(&head, "{\"ledger\":\"%.*s\",\"seq\":%" PRId64 ",", SPAN_ARG(chain->code),
                 event->seq);
    bool is_own = span_starts_with(event->body, buffer_span(&head));
    buffer_print(&head, "\"at\":\"%.*s\",\"type\":\"%.*s\",", SPAN_ARG(event->at),
                 SPAN_ARG(event->type));
    if (event->crossing.size > 0)
        buffer_print(&head, "\"crossing\":\"%.*s\",", SPAN_ARG(event->crossing));
    bool is_like_columns = span_starts_with(event->body, buffer_span(&head));
    buffer_free(&head);
    return !is_own ? CHAIN_BODY : is_like_columns ? CHAIN_GOOD : CHAIN_COLUMNS;
}

/* The digest that the body names, by its fixed place at the end. */
static struct span named_digest(struct span body)
{
    static const char MARK[] = "\"private\":\"";
    size_t tail = sizeof MARK - 1 + DIGEST_HEX + 2;

    if (body.size < tail || memcmp(body.at + body.size - tail, MARK, sizeof MARK - 1) != 0)
        return (struct span){0};
    return (struct span){body.at + body.size - DIGEST_HEX - 2, DIGEST_HEX};
}

static enum chain_fault check_private(const struct chain_event *event)
{
    unsigned char digest[CHAIN_HASH_BYTES];
    char hex[DIGEST_HEX + 1];
    struct span named = named_digest(event->body);

    if (!named.at)
        return CHAIN_BODY;
    if (!event->has_private)
        return CHAIN_PRIVATE_MISSING;
    if (event->is_erased)
        return CHAIN_GOOD;
    digest_pair(event->salt, event->private_body, digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return span_is(named, hex) ? CHAIN_GOOD : CHAIN_PRIVATE;
}

enum chain_fault chain_next(struct chain *chain, const struct chain_event *event)
{
    unsigned char hash[CHAIN_HASH_BYTES];
    struct span before = {(const char *)chain->hash, sizeof chain->hash};

    if (event->seq != chain->seq + 1)
        return CHAIN_GAP;
    digest_pair(before, event->body, hash);
    if (!span_is_equal(event->hash, (struct span){(const char *)hash, sizeof hash}))
        return CHAIN_HASH;
    enum chain_fault fault = check_head(chain, event);
    if (fault == CHAIN_GOOD)
        fault = check_private(event);
    if (fault != CHAIN_GOOD)
        return fault;
    chain->seq = event->seq;
    chain->erased += event->is_erased;
    memcpy(chain->hash, hash, sizeof hash);
    return CHAIN_GOOD;
}

const char *chain_fault_text(enum chain_fault fault)
{
    switch (fault) {
    case CHAIN_GOOD:
        return "good";
    case CHAIN_GAP:
        return "an event before it is missing";
    case CHAIN_HASH:
        return "its hash does not follow from its body and the event before it";
    case CHAIN_BODY:
        return "its body is not that of this ledger and number";
    case CHAIN_COLUMNS:
        return "its time, type or crossing differ from its body";
    case CHAIN_PRIVATE_MISSING:
        return "its private part is gone without having been erased";
    case CHAIN_PRIVATE:
        return "its private part is not the one its body names";
    }
    return "?";
}
