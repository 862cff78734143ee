/* SPDX-License-Identifier: MIT
 * A gate as its operators see and steer it: queue, call, lanes, calendar, conflicts.
 */
#include "common/json/read.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"

enum { REASON_MAX = 500, LANE_MAX = 99, ENTRIES_MAX = 200, LIST_MAX = 6, ROUTE_SIZE = 32 };

static const char *const WAYS[] = {"import", "export", NULL};
static const char *const CLASSES[] = {"perishable",  "frozen_live", "electronics", "general",
                                      "new_vehicle", "empty",       NULL};
static const char *const MODES[] = {"open", "closed", "pre_registered", NULL};
static const char *const CAUSES[] = {"gate", "far_side", "holiday", "weather", "other", NULL};

/* --- reading --------------------------------------------------------------------------------- */

/* GET of what belongs to a gate: the route's verb names the read. */
enum fault gate_read_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_NUMBER}, {"direction", FILTER_TEXT},
        {"all", FILTER_FLAG},   {"day", FILTER_DATE},     {"from", FILTER_INSTANT},
        {"to", FILTER_INSTANT},
    };
    struct buffer members = {0};
    int ledger;

    TRY(ask_gate(r, &ledger));
    write_integer(&members, "gate", ledger);
    enum fault fault = ask_filters(r, FILTERS, COUNT_OF(FILTERS), &members);
    ask_read(r, ask_text(r, &members));
    return fault;
}

/* --- steering -------------------------------------------------------------------------------- */

static void copy_choice(struct object *body, const char *name, enum presence presence,
                        const char *const *choices, struct buffer *args)
{
    int choice;

    if (read_choice(body, name, presence, choices, &choice))
        write_text(args, name, span_of(choices[choice]));
}

static void copy_note(struct object *body, const char *name, enum presence presence,
                      struct buffer *args)
{
    struct span note;

    if (read_note(body, name, presence, REASON_MAX, &note))
        write_text(args, name, note);
}

static void copy_number(struct object *body, const char *name, enum presence presence,
                        int64_t maximum, struct buffer *args)
{
    int64_t number;

    if (read_integer(body, name, presence, 1, maximum, &number))
        write_integer(args, name, number);
}

static void copy_crossing(struct object *body, struct buffer *args, struct touched *touched)
{
    struct span id;

    if (!read_code(body, "crossing", OPTIONAL, 14, &id))
        return;
    write_text(args, "crossing", id);
    touched_add(touched, "crossing", id);
    if (id.size != 14 || !span_to_number(id, UINT64_MAX, &(uint64_t){0}))
        object_fail(body, "crossing", MESSAGE_CROSSING_FORMAT);
}

static enum fault end_args(struct request *r, struct object *body, struct buffer *args,
                           struct span *text)
{
    object_close(body);
    write_object_end(args);
    *text = ask_text(r, args);
    return failures_fault(&r->failures);
}

/* {"lane","direction"?,"crossing"?,"reason"?,"override"?} */
enum fault call_ask(struct request *r)
{
    struct touched touched = {.arena = r->arena};
    struct buffer args = {0};
    struct object body;
    struct span text;
    bool is_override;
    int ledger;

    TRY(ask_gate(r, &ledger));
    TRY(body_open(ask_body(r), &r->failures, &body));
    write_object(&args, NULL);
    copy_number(&body, "lane", REQUIRED, LANE_MAX, &args);
    copy_choice(&body, "direction", OPTIONAL, WAYS, &args);
    copy_crossing(&body, &args, &touched);
    copy_note(&body, "reason", OPTIONAL, &args);
    if (read_flag(&body, "override", OPTIONAL, &is_override))
        write_flag(&args, "override", is_override);
    TRY(end_args(r, &body, &args, &text));
    return ask_write(r, ledger, "call", SCOPE_SINGLE, text, &touched);
}

/* A list of some of the choices, each once. */
static void copy_list(struct object *body, const char *name, const char *const *choices,
                      struct buffer *args)
{
    struct array list;
    struct span text;

    if (!read_array(body, name, OPTIONAL, LIST_MAX, &list))
        return;
    write_array(args, name);
    for (size_t i = 0; i < list.size; i++) {
        int known = 0;
        if (!array_text(&list, i, 20, &text))
            continue;
        while (choices[known] && !span_is(text, choices[known]))
            known++;
        if (choices[known])
            write_text(args, NULL, text);
        else
            failures_add(body->failures, array_pointer(&list, i), MESSAGE_UNKNOWN_VALUE);
    }
    write_array_end(args);
}

/* {"reason"?,"directions"?,"classes"?} of lane_open and lane_close; an empty body is fine. */
enum fault lane_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span text, given = ask_body(r);
    uint64_t lane;
    int ledger;

    TRY(ask_gate(r, &ledger));
    if (!span_to_number(request_parameter(r, "lane"), LANE_MAX, &lane))
        return FAULT_NOT_FOUND;
    TRY(body_open(given.size ? given : SPAN("{}"), &r->failures, &body));
    write_object(&args, NULL);
    write_integer(&args, "lane", (int64_t)lane);
    copy_note(&body, "reason", OPTIONAL, &args);
    copy_list(&body, "directions", WAYS, &args);
    copy_list(&body, "classes", CLASSES, &args);
    TRY(end_args(r, &body, &args, &text));
    return ask_write(r, ledger, r->route->verb, SCOPE_SINGLE, text, NULL);
}

static void copy_instant(struct object *body, const char *name, const char *as, struct buffer *args)
{
    int64_t ms;

    if (read_instant(body, name, REQUIRED, &ms))
        write_integer(args, as, ms);
}

static void copy_entry(struct object *entry, struct buffer *args)
{
    struct span route;

    write_object(args, NULL);
    if (read_code(entry, "route", OPTIONAL, ROUTE_SIZE, &route))
        write_text(args, "route", route);
    copy_choice(entry, "direction", OPTIONAL, WAYS, args);
    copy_instant(entry, "from", "from_ms", args);
    copy_instant(entry, "to", "to_ms", args);
    copy_choice(entry, "mode", REQUIRED, MODES, args);
    copy_choice(entry, "cause", OPTIONAL, CAUSES, args);
    copy_note(entry, "reason", REQUIRED, args);
    write_object_end(args);
    object_close(entry);
}

/* {"entries":[{"route"?,"direction"?,"from","to","mode","cause"?,"reason"}]}: all that lies ahead.
 */
enum fault calendar_ask(struct request *r)
{
    struct array entries = {.size = 0};
    struct buffer args = {0};
    struct object body, entry;
    struct span text;
    int ledger;

    TRY(ask_gate(r, &ledger));
    TRY(body_open(ask_body(r), &r->failures, &body));
    if (!read_array(&body, "entries", OPTIONAL, ENTRIES_MAX, &entries) &&
        !object_has(&body, "entries"))
        object_fail(&body, "entries", MESSAGE_REQUIRED); /* an empty list is a calendar, too */
    write_object(&args, NULL);
    write_array(&args, "entries");
    for (size_t i = 0; i < entries.size; i++)
        if (array_object(&entries, i, &entry))
            copy_entry(&entry, &args);
    write_array_end(&args);
    TRY(end_args(r, &body, &args, &text));
    return ask_write(r, ledger, "calendar", SCOPE_SINGLE, text, NULL);
}

/* {"resolution"} of one conflict. */
enum fault resolve_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span text;
    uint64_t conflict;
    int ledger;

    TRY(ask_gate(r, &ledger));
    if (!span_to_number(request_parameter(r, "conflict"), INT32_MAX, &conflict))
        return FAULT_NOT_FOUND;
    TRY(body_open(ask_body(r), &r->failures, &body));
    write_object(&args, NULL);
    write_integer(&args, "conflict", (int64_t)conflict);
    copy_note(&body, "resolution", REQUIRED, &args);
    TRY(end_args(r, &body, &args, &text));
    return ask_write(r, ledger, "resolve", SCOPE_SINGLE, text, NULL);
}
