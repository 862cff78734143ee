/* SPDX-License-Identifier: MIT
 * Declarations: filing, listing, reading, amending, cancelling.
 */
#include "services/gated/declaration_form.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/json/write.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum { VERSION_MAX = 1000000 };

/* The document with what the form found. */
static void write_document(struct buffer *args, const struct declaration_form *form)
{
    write_raw(args, "document", form->document);
    buffer_add(args, SPAN(",\"rule_failures\":"));
    failures_write(&form->rule_failures, args);
    buffer_add(args, SPAN(",\"warnings\":"));
    failures_write(&form->warnings, args);
}

static void touch_plates(struct touched *touched, const struct declaration_form *form)
{
    for (size_t i = 0; i < form->plate_count; i++)
        touched_add(touched, "plate", form->plates[i]);
}

/* --- filing ---------------------------------------------------------------------------------- */

/* A firm files for itself, everybody else for a firm. */
static void check_behalf(struct request *r, const struct declaration_form *form)
{
    bool is_firm = r->principal->role == ROLE_FIRM;

    if (is_firm && form->on_behalf_of.size)
        failures_add(&r->failures, SPAN("/on_behalf_of"), MESSAGE_UNKNOWN_FIELD);
    if (!is_firm && !form->on_behalf_of.size)
        failures_add(&r->failures, SPAN("/on_behalf_of"), MESSAGE_REQUIRED);
}

static int check_gate(struct request *r, const struct declaration_form *form)
{
    int ledger = gate_index_find(r->server->gates, form->gate);

    if (ledger < 0 && form->gate.size)
        failures_add(&r->failures, SPAN("/gate"), MESSAGE_UNKNOWN_VALUE);
    return ledger;
}

enum fault declare_ask(struct request *r)
{
    struct touched touched = {.arena = r->arena};
    struct declaration_form *form = arena_alloc(r->arena, sizeof *form);
    struct buffer args = {0};

    enum fault fault = declaration_form_file(ask_body(r), r->arena, form);
    r->failures = form->failures;
    if (fault == FAULT_BAD_JSON)
        return fault;
    check_behalf(r, form);
    int ledger = check_gate(r, form);
    TRY(failures_fault(&r->failures));
    TRY(ask_ledger(r, ledger));
    write_object(&args, NULL);
    write_document(&args, form);
    if (form->on_behalf_of.size)
        write_text(&args, "on_behalf_of", form->on_behalf_of);
    write_object_end(&args);
    touch_plates(&touched, form);
    return ask_write(r, ledger, "declare", ask_text(r, &args), &touched);
}

/* --- reading --------------------------------------------------------------------------------- */

enum fault declarations_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_COUNT}, {"state", FILTER_DECLARATION_STATE},
        {"gate", FILTER_GATE},  {"plate", FILTER_PLATE}, {"direction", FILTER_DIRECTION},
        {"from", FILTER_DATE},  {"to", FILTER_DATE},
    };
    struct buffer members = {0};
    enum fault fault = ask_filters(r, FILTERS, COUNT_OF(FILTERS), &members);

    ask_read(r, ask_text(r, &members));
    return fault;
}

enum fault declaration_ask(struct request *r)
{
    struct span number;
    int ledger;

    TRY(ask_declaration(r, &ledger, &number));
    ask_read(r, arena_print(r->arena, "\"number\":\"%.*s\"", SPAN_ARG(number)));
    return OK;
}

/* --- amending -------------------------------------------------------------------------------- */

struct amendment {
    struct span number;
    int ledger;
    int64_t version; /* the client's */
};

/* If-Match: "<version>", or "<version>.<more>" as reads give it (RFC 9110 §13.1.1): the declaration
 * is compared, not what its crossings did meanwhile. One strong tag; what was never one of ours is
 * version 0, which is always stale, so that its sender learns the current one. */
static enum fault read_if_match(const struct request *r, int64_t *version)
{
    struct span tag = span_of(http_header(r->exchange, "If-Match"));
    uint64_t number;

    if (!tag.size)
        return FAULT_IF_MATCH_MISSING;
    if (tag.size > 2 && tag.at[0] == '"' && tag.at[tag.size - 1] == '"')
        tag = (struct span){tag.at + 1, tag.size - 2};
    tag = span_take(&tag, '.');
    if (!span_to_number(tag, VERSION_MAX, &number))
        number = 0;
    *version = (int64_t)number;
    return OK;
}

static enum fault amend(struct request *r, struct span stored)
{
    const struct amendment *amendment = r->context;
    struct touched touched = {.arena = r->arena};
    struct declaration_form *form = arena_alloc(r->arena, sizeof *form);
    struct buffer args = {0};

    enum fault fault = declaration_form_amend(ask_body(r), stored, r->arena, form);
    r->failures = form->failures;
    TRY(fault);
    write_object(&args, NULL);
    write_text(&args, "number", amendment->number);
    write_integer(&args, "version", amendment->version);
    write_document(&args, form);
    write_object_end(&args);
    touched_add(&touched, "declaration", amendment->number);
    touch_plates(&touched, form);
    return ask_write(r, amendment->ledger, "amend", ask_text(r, &args), &touched);
}

/* The member "document" of the answer, as text. */
static struct span stored_document(struct request *r, struct span body)
{
    json_t *root = json_loadb(body.at, body.size, 0, NULL);
    char *text = json_dumps(json_object_get(root, "document"), JSON_COMPACT);
    struct span copy = arena_copy(r->arena, span_of(text));

    free(text);
    json_decref(root);
    return copy;
}

/* The second wait: the stored document is here. */
static void amend_with(struct request *r, const struct answer *answer)
{
    enum fault fault = answer->fault;

    if (!r->exchange) {
        request_end(r); /* nothing was written yet, and nobody waits for it */
        return;
    }
    if (!fault)
        fault = amend(r, stored_document(r, answer->body));
    if (fault) {
        reply_fault(r, fault);
        request_end(r);
        return;
    }
    request_submit_commands(r);
}

enum fault amend_ask(struct request *r)
{
    struct amendment *amendment = arena_alloc(r->arena, sizeof *amendment);

    TRY(ask_declaration(r, &amendment->ledger, &amendment->number));
    amendment->number = arena_copy(r->arena, amendment->number);
    TRY(read_if_match(r, &amendment->version));
    r->context = amendment;
    ask_read_first(r, "declaration_document",
                   arena_print(r->arena, "\"number\":\"%.*s\"", SPAN_ARG(amendment->number)),
                   amend_with);
    return OK;
}

/* --- cancelling ------------------------------------------------------------------------------ */

/* {"reason"?} */
enum fault cancel_ask(struct request *r)
{
    struct touched touched = {.arena = r->arena};
    struct object body;
    struct span number, text;
    struct buffer args = {0};
    int ledger;

    TRY(ask_declaration(r, &ledger, &number));
    TRY(args_begin(r, &body, &args));
    write_text(&args, "number", number);
    args_note(&body, "reason", OPTIONAL, ARGS_REASON_MAX, &args);
    TRY(args_end(r, &body, &args, &text));
    touched_add(&touched, "declaration", number);
    return ask_write(r, ledger, "cancel", text, &touched);
}
