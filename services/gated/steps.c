/* SPDX-License-Identifier: MIT
 * Confirmations: one at a time, or many of an agency's system or of a kiosk after an outage, each
 * answered by itself; and their undoing.
 */
#include "common/json/read.h"
#include "common/json/write.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"
#include "services/gated/step_form.h"

enum { ITEM_STATUS = 200 };

static const int64_t AHEAD_MAX_MS = INT64_C(5) * 60 * 1000,
                     BEHIND_MAX_MS = INT64_C(7) * 86400 * 1000;

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

/* --- the device's clock ---------------------------------------------------------------------- */

/* A clock that is minutes ahead or days behind is set wrong, and its officer can set it. What was
 * recorded offline has happened, whatever its clock said: the database bounds its time instead. */
static bool is_far_off(const struct request *r, const struct step_form *step)
{
    int64_t ahead_ms = step->occurred_ms - r->now_ms;
    bool is_given = step->occurred_ms >= 0 && !step->is_offline;

    return is_given && (ahead_ms > AHEAD_MAX_MS || ahead_ms < -BEHIND_MAX_MS);
}

/* r->now_ms is known once the ledger is. */
static enum fault check_clock(const struct request *r, const struct step_form *step,
                              struct failures *failures, struct span pointer)
{
    if (!is_far_off(r, step))
        return OK;
    failures_add(failures, pointer, MESSAGE_INSTANT_FAR_OFF);
    return FAULT_TIME_IMPOSSIBLE;
}

/* --- one ------------------------------------------------------------------------------------- */

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
    TRY(check_clock(r, &step, &r->failures, SPAN("/occurred_at")));
    touched_add(&touched, "crossing", crossing);
    return ask_write_same(r, ledger, "step", step_content(r, &step, crossing),
                          write_step(r, &step, crossing), &touched);
}

/* --- many ------------------------------------------------------------------------------------ */

/* With what is wrong with its members, if that is the reason. */
static void refuse_item(struct request *r, int index, enum fault fault,
                        const struct step_form *item)
{
    struct answer answer = {.fault = fault};
    struct buffer body = {0};

    if (item->failures.count) {
        buffer_add(&body, SPAN("{\"errors\":"));
        failures_write(&item->failures, &body);
        buffer_add(&body, SPAN("}"));
        answer.body = buffer_span(&body);
    }
    ask_refused(r, index, &answer);
    buffer_free(&body);
}

/* What is wrong with an item before the database sees it. */
static enum fault check_item(struct request *r, int index, struct step_form *item, int *ledger)
{
    TRY(failures_fault(&item->failures));
    *ledger = ledger_of_crossing(r->server, item->crossing);
    if (*ledger < 0)
        return FAULT_NOT_FOUND;
    TRY(ask_ledger(r, *ledger));
    return check_clock(r, item, &item->failures,
                       arena_print(r->arena, "/items/%d/occurred_at", index));
}

static void ask_item(struct request *r, int index, struct step_form *item)
{
    struct touched touched = {.arena = r->arena};
    int ledger;

    enum fault fault = check_item(r, index, item, &ledger);
    if (fault) {
        refuse_item(r, index, fault, item);
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
    struct buffer args = {0};
    struct span text;
    int64_t seq;
    int ledger;

    TRY(ask_event(r, &ledger, &seq));
    TRY(args_begin(r, &body, &args));
    write_integer(&args, "event", seq);
    args_note(&body, "reason", REQUIRED, ARGS_REASON_MAX, &args);
    TRY(args_end(r, &body, &args, &text));
    return ask_write(r, ledger, "undo", text, NULL);
}
