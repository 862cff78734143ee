/* SPDX-License-Identifier: MIT
 * Confirmations: one at a time, or many of an agency's system or of a kiosk after an outage, each
 * answered by itself; and their undoing.
 */
#include "common/json/read.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"
#include "services/gated/step_form.h"

enum { ITEM_STATUS = 200 };

/* The arguments of the verb step. */
static struct span write_step(struct request *r, const struct step_form *step, struct span crossing)
{
    struct buffer args = {0};

    write_object(&args, NULL);
    write_text(&args, "crossing", crossing);
    write_text(&args, "step", step->step);
    write_text(&args, "result", span_of(step->result));
    if (step->note.size)
        write_text(&args, "note", step->note);
    if (step->channel)
        write_text(&args, "channel", span_of(step->channel));
    if (step->lane)
        write_integer(&args, "lane", step->lane);
    if (step->occurred_ms >= 0)
        write_integer(&args, "occurred_ms", step->occurred_ms);
    if (step->is_offline)
        write_flag(&args, "offline", true);
    if (step->is_offline && r->left_ms)
        write_integer(&args, "online_ms", r->left_ms);
    if (step->is_override)
        write_flag(&args, "override", true);
    write_object_end(&args);
    return ask_text(r, &args);
}

/* What a repetition must repeat. The same for both routes: a kiosk whose answer was lost sends the
 * step again in a batch after the outage, with its key as the nonce. */
static struct span step_content(struct request *r, const struct step_form *step,
                                struct span crossing)
{
    return arena_print(r->arena, "%.*s %.*s %s %s", SPAN_ARG(crossing), SPAN_ARG(step->step),
                       step->result, step->channel ? step->channel : "");
}

enum fault step_ask(struct request *r)
{
    struct touched touched = {.arena = r->arena};
    struct step_form step;
    struct span crossing;
    int ledger;

    TRY(ask_crossing(r, &ledger, &crossing));
    enum fault fault = step_form_read(ask_body(r), r->arena, &step);
    r->failures = step.failures;
    TRY(fault);
    touched_add(&touched, "crossing", crossing);
    return ask_write_same(r, ledger, "step", step_content(r, &step, crossing),
                          write_step(r, &step, crossing), &touched);
}

/* --- many ------------------------------------------------------------------------------------ */

static enum fault find_ledger(struct request *r, struct span crossing, int *ledger)
{
    *ledger = ledger_of_crossing(r->server, crossing);
    return *ledger < 0 ? FAULT_NOT_FOUND : ask_ledger(r, *ledger);
}

static void refuse_form(struct request *r, int index, const struct step_form *item)
{
    struct buffer body = {0};

    buffer_add(&body, SPAN("{\"errors\":"));
    failures_write(&item->failures, &body);
    buffer_add(&body, SPAN("}"));
    struct answer answer = {.fault = FAULT_INVALID_FIELDS, .body = buffer_span(&body)};
    ask_refused(r, index, &answer);
    buffer_free(&body);
}

static void ask_item(struct request *r, int index, const struct step_form *item)
{
    struct touched touched = {.arena = r->arena};
    int ledger;

    if (item->failures.count) {
        refuse_form(r, index, item);
        return;
    }
    enum fault fault = find_ledger(r, item->crossing, &ledger);
    if (fault) {
        struct answer answer = {.fault = fault};
        ask_refused(r, index, &answer);
        return;
    }
    struct span args = write_step(r, item, item->crossing);
    touched_add(&touched, "crossing", item->crossing);
    ask_command(r, index, ledger, "step", item->nonce, step_content(r, item, item->crossing), args,
                &touched);
}

/* One answer as an item: {"nonce","status", then the members of the body or the problem}. */
static void write_item(struct request *r, const struct answer *answer, struct span nonce,
                       struct buffer *out)
{
    struct buffer problem = {0};
    struct span body = answer->body;

    buffer_add(out, SPAN("{\"nonce\":"));
    buffer_add_json(out, nonce);
    if (answer->fault) {
        problem_write(r, answer, &problem);
        body = buffer_span(&problem);
    } else {
        buffer_print(out, ",\"status\":%d", answer->status);
    }
    if (answer->is_replayed)
        buffer_add(out, SPAN(",\"replayed\":true"));
    if (body.size > 2) {
        buffer_add(out, SPAN(","));
        buffer_add(out, (struct span){body.at + 1, body.size - 2});
    }
    buffer_add(out, SPAN("}"));
    buffer_free(&problem);
}

static void finish_items(struct request *r)
{
    const struct step_form *items = r->context;
    struct buffer body = {0};

    buffer_add(&body, SPAN("{\"items\":["));
    for (int i = 0; i < r->command_count; i++) {
        if (i)
            buffer_add(&body, SPAN(","));
        write_item(r, &r->answers[i], items[i].nonce, &body);
    }
    buffer_add(&body, SPAN("]}"));
    reply_json(r, ITEM_STATUS, buffer_span(&body));
    buffer_free(&body);
}

enum fault steps_ask(struct request *r)
{
    struct step_form *items;
    size_t count;

    TRY(step_form_items(ask_body(r), r->arena, &r->failures, &items, &count));
    ask_many(r, (int)count, finish_items);
    for (size_t i = 0; i < count; i++)
        ask_item(r, (int)i, &items[i]);
    r->context = items; /* their nonces lie in the arena */
    return OK;
}

/* --- undo ------------------------------------------------------------------------------------ */

enum fault undo_ask(struct request *r)
{
    struct object body;
    struct span reason = {0};
    int64_t seq;
    int ledger;

    TRY(ask_event(r, &ledger, &seq));
    TRY(body_open(ask_body(r), &r->failures, &body));
    read_note(&body, "reason", REQUIRED, STEP_NOTE_MAX, &reason);
    object_close(&body);
    TRY(failures_fault(&r->failures));
    struct buffer args = {0};
    buffer_print(&args, "{\"event\":%lld,\"reason\":", (long long)seq);
    buffer_add_json(&args, reason);
    buffer_add(&args, SPAN("}"));
    return ask_write(r, ledger, "undo", ask_text(r, &args), NULL);
}
