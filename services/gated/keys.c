/* SPDX-License-Identifier: MIT
 * Access keys. The text of a key is made here, shown in one reply and kept nowhere: the database
 * gets its hash. A repeated request therefore learns which key it made, and no longer its text.
 */
#include "common/key/key.h"

#include <jansson.h>

#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/args.h"
#include "services/gated/http.h"
#include "services/gated/idempotency.h"
#include "services/gated/reply.h"
#include "services/gated/session_reply.h"

enum { DEVICE_SIZE_MAX = 40 };

/* A key on its way from the form to the reply. */
struct issue {
    struct span args; /* without prefix and hash */
    struct access_key key;
};

enum fault keys_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_COUNT}, {"principal", FILTER_NUMBER}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

static void wipe(void *key)
{
    access_key_wipe(key);
}

/* --- the reply ------------------------------------------------------------------------------- */

/* {"key":{...},"secret":"..."} */
static void finish_issue(struct request *r)
{
    const struct issue *issue = r->context;
    struct answer answer = r->answers[0];

    if (!answer.fault)
        answer.body = body_with_secret(r, &answer, "secret", issue->key.text, "secret_shown_once");
    reply_answer(r, &answer);
}

/* --- issuing --------------------------------------------------------------------------------- */

/* kind: what stands in the key's text. */
static enum fault issue_of(struct request *r, struct span kind)
{
    struct issue *issue = r->context;
    struct buffer args = {0};

    if (!access_key_make(&issue->key, kind))
        return FAULT_INTERNAL;
    buffer_add(&args, (struct span){issue->args.at, issue->args.size - 1});
    write_text(&args, "prefix", span_of(issue->key.prefix));
    write_text(&args, "hash", span_of(issue->key.hash));
    write_object_end(&args);
    TRY(ask_write(r, LEDGER_PLATFORM, "key_issue", ask_text(r, &args), NULL));
    r->finish = finish_issue;
    return OK;
}

/* holder: as api.key_holder() tells it. */
static enum fault issue_for(struct request *r, struct span holder)
{
    json_t *root = json_loadb(holder.at, holder.size, 0, NULL);
    enum fault fault = issue_of(r, span_of(json_string_value(json_object_get(root, "kind"))));

    json_decref(root);
    return fault;
}

/* The second wait: who shall have the key is known. */
static void issue_with(struct request *r, const struct answer *holder)
{
    enum fault fault = holder->fault;

    if (!r->exchange) {
        request_end(r); /* nothing was written yet, and nobody would see the key */
        return;
    }
    if (!fault)
        fault = issue_for(r, holder->body);
    if (fault) {
        reply_fault(r, fault);
        request_end(r);
        return;
    }
    request_submit_commands(r);
}

static void copy_expiry(struct request *r, struct object *body, struct buffer *args)
{
    int64_t ms;

    if (!read_instant(body, "expires_at", OPTIONAL, &ms))
        return;
    if (ms <= r->now_ms)
        object_fail(body, "expires_at", MESSAGE_INSTANT_PAST);
    write_integer(args, "expires_at", ms);
}

/* As requests name it; a code without slashes. */
static void copy_device(struct object *body, struct buffer *args)
{
    struct span device;

    if (!read_code(body, "device", OPTIONAL, DEVICE_SIZE_MAX, &device))
        return;
    if (memchr(device.at, '/', device.size))
        object_fail(body, "device", MESSAGE_CODE_FORMAT);
    write_text(args, "device", device);
}

/* {"principal" or "tax_code","device"?,"expires_at"?} */
enum fault key_issue_ask(struct request *r)
{
    struct issue *issue = arena_alloc(r->arena, sizeof *issue);
    struct buffer args = {0}, holder = {0};
    struct span key, who;
    struct object body;

    TRY(ask_ledger(r, LEDGER_PLATFORM));
    TRY(idempotency_read(http_header(r->exchange, "Idempotency-Key"), &key));
    TRY(args_begin(r, &body, &args));
    args_holder(&body, &holder); /* in a buffer of its own: the read is asked for the same */
    who = ask_text(r, &holder);
    buffer_add(&args, who);
    copy_device(&body, &args);
    copy_expiry(r, &body, &args);
    TRY(args_end(r, &body, &args, &issue->args));
    arena_defer(r->arena, wipe, &issue->key);
    r->context = issue;
    ask_read_first(r, "key_holder", who, issue_with);
    return OK;
}

/* --- a firm's own ---------------------------------------------------------------------------- */

enum fault firm_keys_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT}, {"limit", FILTER_COUNT}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

/* {"device"?,"expires_at"?} */
enum fault firm_key_issue_ask(struct request *r)
{
    struct issue *issue = arena_alloc(r->arena, sizeof *issue);
    struct buffer args = {0};
    struct object body;

    TRY(args_platform(r, &body, &args));
    write_integer(&args, "principal", r->principal->id);
    copy_device(&body, &args);
    copy_expiry(r, &body, &args);
    TRY(args_end(r, &body, &args, &issue->args));
    arena_defer(r->arena, wipe, &issue->key);
    r->context = issue;
    return issue_of(r, SPAN("firm"));
}

/* {"reason"?} */
enum fault firm_key_revoke_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_about(r, "key", &body, &args));
    write_integer(&args, "principal", r->principal->id);
    return args_write(r, "key_revoke", &body, &args);
}
