/* SPDX-License-Identifier: MIT */
#include "services/gated/revocations.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/json/write.h"
#include "common/pass/revocation.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/fan_out.h"
#include "services/gated/gate_index.h"
#include "services/gated/reads.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum { KEPT_MS = 10 * 1000, STALE_S = 6 * 3600 };

/* What is kept of one ledger. */
struct kept {
    int64_t growth;  /* how often the ledger has grown, as far as we heard */
    int64_t made_at; /* the growth when it was read; -1: never */
    int64_t made_ms; /* in the ledger's time */
    struct buffer cose;
    struct buffer json;
};

struct revocations {
    struct kept of[LEDGER_COUNT];
};

static void on_growth(void *owner, int ledger, int64_t seq)
{
    struct revocations *revocations = owner;

    (void)seq;
    revocations->of[ledger].growth++;
}

struct revocations *revocations_open(struct fan_out *fan_out)
{
    struct revocations *revocations = calloc(1, sizeof *revocations);

    CHECK(revocations);
    for (int i = 0; i < LEDGER_COUNT; i++)
        revocations->of[i].made_at = -1;
    fan_out_subscribe(fan_out, on_growth, revocations);
    return revocations;
}

void revocations_free(struct revocations *revocations)
{
    for (int i = 0; i < LEDGER_COUNT; i++) {
        buffer_free(&revocations->of[i].cose);
        buffer_free(&revocations->of[i].json);
    }
    free(revocations);
}

static bool is_fresh(const struct kept *kept, int64_t now_ms)
{
    return kept->made_at == kept->growth && now_ms >= kept->made_ms &&
           now_ms - kept->made_ms < KEPT_MS;
}

/* --- making a list --------------------------------------------------------------------------- */

/* One request for a list that must be read. */
struct asked {
    int ledger;
    int64_t growth; /* when the read was sent: what grew since then may not be in it */
    bool wants_cose;
};

/* The list in the database's answer; its entries live in the arena. */
static struct revocation_list read_list(struct request *r, int ledger, const json_t *root)
{
    const json_t *items = json_object_get(root, "items"), *item;
    struct revocation_list list = {
        .gate = (uint8_t)ledger,
        .issued_s = r->now_ms / 1000,
        .expires_s = r->now_ms / 1000 + STALE_S,
        .count = json_array_size(items),
    };
    size_t i;

    list.entries = arena_alloc(r->arena, (list.count + 1) * sizeof *list.entries);
    json_array_foreach (items, i, item) {
        struct span crossing = span_of(json_string_value(json_object_get(item, "crossing")));
        bool is_number = span_to_number(crossing, CROSSING_MAX, &list.entries[i].crossing);
        CHECK(is_number);
        list.entries[i].below = (uint32_t)json_integer_value(json_object_get(item, "below"));
    }
    return list;
}

static void write_base64(struct buffer *out, const char *name, const struct buffer *bytes)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    size_t room = sodium_base64_encoded_len(bytes->size, variant);
    char *text = malloc(room);

    CHECK(text);
    sodium_bin2base64(text, room, (const uint8_t *)bytes->at, bytes->size, variant);
    write_text(out, name, span_of(text));
    free(text);
}

static void write_items(struct buffer *out, const struct revocation_list *list)
{
    char crossing[CROSSING_DIGITS + 1];

    write_array(out, "items");
    for (size_t i = 0; i < list->count; i++) {
        snprintf(crossing, sizeof crossing, "%0*llu", CROSSING_DIGITS,
                 (unsigned long long)list->entries[i].crossing);
        write_object(out, NULL);
        write_text(out, "crossing", span_of(crossing));
        write_integer(out, "below", list->entries[i].below);
        write_object_end(out);
    }
    write_array_end(out);
}

static void write_json(struct kept *kept, struct span gate, const struct revocation_list *list,
                       const struct pass_key *key)
{
    kept->json.size = 0;
    write_object(&kept->json, NULL);
    write_text(&kept->json, "gate", gate);
    write_instant(&kept->json, "issued_at", list->issued_s * 1000);
    write_instant(&kept->json, "expires_at", list->expires_s * 1000);
    write_text(&kept->json, "key", span_of(key->kid));
    write_items(&kept->json, list);
    write_base64(&kept->json, "cose", &kept->cose);
    write_object_end(&kept->json);
}

static enum fault make(struct request *r, const struct asked *asked, const json_t *root)
{
    struct kept *kept = &r->server->revocations->of[asked->ledger];
    const struct pass_key *key = pass_keys_signer(&r->server->pass_keys, r->now_ms / 1000);
    const struct revocation_list list = read_list(r, asked->ledger, root);

    if (!key)
        return FAULT_SIGNING_KEY_MISSING;
    kept->cose.size = 0;
    kept->made_at = -1;
    if (!revocation_sign(&list, key, &kept->cose))
        return FAULT_INTERNAL;
    write_json(kept, span_of(gate_index_code(r->server->gates, asked->ledger)), &list, key);
    kept->made_at = asked->growth;
    kept->made_ms = r->now_ms;
    return OK;
}

/* --- answering ------------------------------------------------------------------------------- */

static void give(struct request *r, const struct asked *asked)
{
    const struct kept *kept = &r->server->revocations->of[asked->ledger];
    struct span etag = arena_print(r->arena, "%lld-%lld", (long long)kept->made_ms / 1000,
                                   (long long)kept->made_at);

    if (asked->wants_cose)
        reply_content(r, "application/cose; cose-type=\"cose-sign1\"", buffer_span(&kept->cose),
                      etag.at);
    else
        reply_content(r, "application/json", buffer_span(&kept->json), etag.at);
}

static void on_list(struct request *r, const struct answer *answer)
{
    const struct asked *asked = r->context;
    enum fault fault = answer->fault;

    if (!fault) {
        json_t *root = json_loadb(answer->body.at, answer->body.size, 0, NULL);
        fault = make(r, asked, root);
        json_decref(root);
    }
    if (fault)
        reply_fault(r, fault);
    else
        give(r, asked);
    request_end(r);
}

static enum fault list_ask(struct request *r, bool wants_cose)
{
    struct asked *asked = arena_alloc(r->arena, sizeof *asked);

    TRY(ask_gate(r, &asked->ledger));
    TRY(ask_query_unread(r));
    const struct kept *kept = &r->server->revocations->of[asked->ledger];
    asked->wants_cose = wants_cose;
    asked->growth = kept->growth;
    if (is_fresh(kept, r->now_ms)) {
        give(r, asked);
        request_end(r);
        return OK;
    }
    r->context = asked;
    r->on_read = on_list;
    ask_read(r, arena_print(r->arena, "\"gate\":%d", asked->ledger));
    reads_submit(r, "revocations");
    return OK;
}

enum fault revocations_ask(struct request *r)
{
    return list_ask(r, false);
}

enum fault revocations_cose_ask(struct request *r)
{
    return list_ask(r, true);
}
