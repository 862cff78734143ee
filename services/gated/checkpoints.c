/* SPDX-License-Identifier: MIT
 * GET /v1/gates/{gate}/checkpoints: the signed heads of a ledger. When the newest is older than a
 * minute and the ledger has grown, whoever asks gets a new one, which is kept before it is given
 * out. Anybody may ask: whatever becomes of it, a process writes no second one within a minute.
 */
#include "common/pass/checkpoint.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>

#include "common/form/instant.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/http.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum {
    EVERY_MS = 60 * 1000,
    SECOND_SIZE = 19, /* of "2026-11-22T11:02:30" */
    AT_ROOM = 48,
    SIGNATURE_HEX_ROOM = 2 * COSE_SIGNATURE_BYTES + 1,
};

static struct span text_of(const json_t *object, const char *name)
{
    return span_of(json_string_value(json_object_get(object, name)));
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* The instant as SQL writes it: always with milliseconds. */
static struct span print_at(int64_t ms, char text[AT_ROOM])
{
    char plain[INSTANT_ROOM];

    instant_print(ms, plain);
    snprintf(text, AT_ROOM, "%.*s.%03d+07:00", SECOND_SIZE, plain, (int)(ms % 1000));
    return span_of(text);
}

/* True when the list's newest checkpoint is about an earlier event and old enough. */
static bool is_due(const json_t *list, int64_t now_ms)
{
    const json_t *newest = json_array_get(json_object_get(list, "items"), 0);
    int64_t at_ms;

    if (number_of(json_object_get(list, "head"), "seq") <= number_of(newest, "seq"))
        return false;
    return !newest || instant_read(text_of(newest, "at"), &at_ms) != MESSAGE_NONE ||
           now_ms - at_ms >= EVERY_MS;
}

static struct span write_args(struct request *r, const struct checkpoint *checkpoint,
                              const struct pass_key *key, const uint8_t *signature)
{
    char hex[SIGNATURE_HEX_ROOM];
    struct buffer args = {0};

    sodium_bin2hex(hex, sizeof hex, signature, COSE_SIGNATURE_BYTES);
    write_object(&args, NULL);
    write_integer(&args, "seq", checkpoint->seq);
    write_text(&args, "hash", checkpoint->hash);
    write_integer(&args, "at", r->now_ms);
    write_text(&args, "key", span_of(key->kid));
    write_text(&args, "signature", span_of(hex));
    write_object_end(&args);
    return ask_text(r, &args);
}

/* True once a minute of the ledger. */
static bool may_sign(struct request *r, int ledger)
{
    int64_t *signed_ms = &r->server->signed_ms[ledger];

    if (*signed_ms && r->now_ms - *signed_ms < EVERY_MS)
        return false;
    *signed_ms = r->now_ms;
    return true;
}

/* Signs the head and makes the command that keeps it; false when there is no key to sign with. */
static bool sign_head(struct request *r, int ledger, const json_t *list)
{
    const json_t *head = json_object_get(list, "head");
    const struct pass_key *key = pass_keys_signer(&r->server->pass_keys, r->now_ms / 1000);
    uint8_t signature[COSE_SIGNATURE_BYTES];
    char at[AT_ROOM];
    const struct checkpoint checkpoint = {
        .gate = text_of(list, "gate"),
        .seq = number_of(head, "seq"),
        .hash = text_of(head, "hash"),
        .at = print_at(r->now_ms, at),
    };

    if (!key || !checkpoint_sign(&checkpoint, key, signature))
        return false;
    ask_own(r, ledger, "checkpoint", write_args(r, &checkpoint, key, signature));
    return true;
}

static void checkpoint_with(struct request *r, const struct answer *answer)
{
    const int *ledger = r->context;
    json_t *list = answer->fault ? NULL : json_loadb(answer->body.at, answer->body.size, 0, NULL);
    bool is_signed = r->exchange && list && is_due(list, r->now_ms) &&
                     may_sign(r, *ledger) && sign_head(r, *ledger, list);

    json_decref(list);
    if (is_signed) {
        request_submit_commands(r);
        return;
    }
    reply_answer(r, answer);
    request_end(r);
}

enum fault checkpoints_ask(struct request *r)
{
    int *ledger = arena_alloc(r->arena, sizeof *ledger);

    TRY(ask_gate(r, ledger));
    r->context = ledger;
    ask_read_first(r, "checkpoints", arena_print(r->arena, "\"gate\":%d", *ledger),
                   checkpoint_with);
    return OK;
}
