/* SPDX-License-Identifier: MIT
 * The public ledger that anybody can check.
 */
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/http.h"
#include "services/gated/idempotency.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum fault ledger_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_NUMBER}, {"limit", FILTER_COUNT}};
    struct buffer members = {0};
    int ledger;

    TRY(ask_gate(r, &ledger));
    write_integer(&members, "gate", ledger);
    enum fault fault = ask_filters(r, FILTERS, COUNT_OF(FILTERS), &members);
    ask_read(r, ask_text(r, &members));
    return fault;
}

/* {event}: the whole name of the event, or its seq at this gate. */
enum fault proof_ask(struct request *r)
{
    struct span event = request_parameter(r, "event");
    bool is_named = event.size && memchr(event.at, '-', event.size);
    uint64_t seq;
    int ledger;

    TRY(ask_gate(r, &ledger));
    if (is_named && !span_is_equal(span_take(&event, '-'), request_parameter(r, "gate")))
        return FAULT_NOT_FOUND;
    if (!span_to_number(event, INT64_MAX, &seq))
        return FAULT_NOT_FOUND;
    ask_read(r, arena_print(r->arena, "\"gate\":%d,\"seq\":%llu", ledger, (unsigned long long)seq));
    return OK;
}

/* The public halves of the keys that sign passes, as a JSON Web Key set. */
enum fault published_keys_ask(struct request *r)
{
    char etag[IDEMPOTENCY_HASH_TEXT];
    struct buffer keys = {0};

    TRY(ask_query_unread(r));
    pass_keys_write(&r->server->pass_keys, &keys);
    idempotency_hash(etag, &(struct span){keys.at, keys.size}, 1);
    reply_content(r, "application/jwk-set+json", buffer_span(&keys), etag);
    buffer_free(&keys);
    request_end(r);
    return OK;
}
