/* SPDX-License-Identifier: MIT
 * A gate as its operators see and steer it: queue, call, lanes, calendar, conflicts, alarms.
 */
#include "common/form/instant.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/args.h"

enum { LANE_MAX = 99, ENTRIES_MAX = 200, ROUTE_SIZE = 32, CROSSING_SIZE = 14 };

static const char *const MODES[] = {"open", "closed", "pre_registered", NULL};
static const char *const CAUSES[] = {"gate", "far_side", "holiday", "weather", "other", NULL};

/* --- reading --------------------------------------------------------------------------------- */

/* GET of what belongs to a gate: the route's verb names the read. */
static enum fault read_ask(struct request *r, const struct filter *filters, size_t count)
{
    struct buffer members = {0};
    int ledger;

    TRY(ask_gate(r, &ledger));
    write_integer(&members, "gate", ledger);
    enum fault fault = ask_filters(r, filters, count, &members);
    ask_read(r, ask_text(r, &members));
    return fault;
}

enum fault gate_read_ask(struct request *r)
{
    return read_ask(r, NULL, 0);
}

/* A direction is no free text: what is none has no queue. */
enum fault queue_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_COUNT}, {"direction", FILTER_DIRECTION}};

    return read_ask(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault conflicts_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_COUNT}, {"all", FILTER_FLAG}};

    return read_ask(r, FILTERS, COUNT_OF(FILTERS));
}

/* A list by pages and nothing else to choose: who is inside, the alarms. */
enum fault page_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT}, {"limit", FILTER_COUNT}};

    return read_ask(r, FILTERS, COUNT_OF(FILTERS));
}

/* The report of a day in Hanoi: YYYY-MM-DD. */
enum fault day_ask(struct request *r)
{
    struct span day = request_parameter(r, "day");
    struct buffer members = {0};
    int ledger;

    TRY(ask_gate(r, &ledger));
    if (date_read(day) != MESSAGE_NONE)
        return FAULT_NOT_FOUND;
    write_integer(&members, "gate", ledger);
    write_text(&members, "day", day);
    ask_read(r, ask_text(r, &members));
    return OK;
}

/* --- steering -------------------------------------------------------------------------------- */

static void copy_crossing(struct object *body, struct buffer *args, struct touched *touched)
{
    struct span id;
    uint64_t number;

    if (!read_code(body, "crossing", OPTIONAL, CROSSING_SIZE, &id))
        return;
    write_text(args, "crossing", id);
    touched_add(touched, "crossing", id);
    if (id.size != CROSSING_SIZE || !span_to_number(id, UINT64_MAX, &number))
        object_fail(body, "crossing", MESSAGE_CROSSING_FORMAT);
}

/* {"lane","direction"?,"crossing"?,"reason"?,"override"?} */
enum fault call_ask(struct request *r)
{
    struct touched touched = {.arena = r->arena};
    struct buffer args = {0};
    struct object body;
    struct span text;
    int ledger;

    TRY(ask_gate(r, &ledger));
    TRY(args_begin(r, &body, &args));
    args_number(&body, "lane", REQUIRED, 1, LANE_MAX, &args);
    args_choice(&body, "direction", OPTIONAL, ARGS_DIRECTIONS, &args);
    copy_crossing(&body, &args, &touched);
    args_note(&body, "reason", OPTIONAL, ARGS_REASON_MAX, &args);
    args_flag(&body, "override", &args);
    TRY(args_end(r, &body, &args, &text));
    return ask_write(r, ledger, "call", text, &touched);
}

/* {"reason"?,"directions"?,"classes"?} of lane_open and lane_close; an empty body is fine. */
enum fault lane_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span text;
    uint64_t lane;
    int ledger;

    TRY(ask_gate(r, &ledger));
    if (!span_to_number(request_parameter(r, "lane"), LANE_MAX, &lane))
        return FAULT_NOT_FOUND;
    TRY(args_begin(r, &body, &args));
    write_integer(&args, "lane", (int64_t)lane);
    args_note(&body, "reason", OPTIONAL, ARGS_REASON_MAX, &args);
    args_list(&body, "directions", ARGS_DIRECTIONS, &args);
    if (object_has_null(&body, "classes"))
        write_null(&args, "classes"); /* all classes again */
    else
        args_list(&body, "classes", ARGS_CLASSES, &args);
    TRY(args_end(r, &body, &args, &text));
    return ask_write(r, ledger, r->route->verb, text, NULL);
}

static void copy_entry(struct object *entry, struct buffer *args)
{
    write_object(args, NULL);
    args_code(entry, "route", OPTIONAL, ROUTE_SIZE, args);
    args_choice(entry, "direction", OPTIONAL, ARGS_DIRECTIONS, args);
    args_instant(entry, "from", REQUIRED, "from_ms", args);
    args_instant(entry, "to", REQUIRED, "to_ms", args);
    args_choice(entry, "mode", REQUIRED, MODES, args);
    args_choice(entry, "cause", OPTIONAL, CAUSES, args);
    args_note(entry, "reason", REQUIRED, ARGS_REASON_MAX, args);
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
    TRY(args_begin(r, &body, &args));
    if (!read_array(&body, "entries", OPTIONAL, ENTRIES_MAX, &entries) &&
        !object_has(&body, "entries"))
        object_fail(&body, "entries", MESSAGE_REQUIRED); /* an empty list is a calendar, too */
    write_array(&args, "entries");
    for (size_t i = 0; i < entries.size; i++)
        if (array_object(&entries, i, &entry))
            copy_entry(&entry, &args);
    write_array_end(&args);
    TRY(args_end(r, &body, &args, &text));
    return ask_write(r, ledger, "calendar", text, NULL);
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
    TRY(args_begin(r, &body, &args));
    write_integer(&args, "conflict", (int64_t)conflict);
    args_note(&body, "resolution", REQUIRED, ARGS_REASON_MAX, &args);
    TRY(args_end(r, &body, &args, &text));
    return ask_write(r, ledger, "resolve", text, NULL);
}

/* {"note"?} of one alarm: who sees to it; an empty body is fine. */
enum fault alarm_take_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span text;
    uint64_t alarm;
    int ledger;

    TRY(ask_gate(r, &ledger));
    if (!span_to_number(request_parameter(r, "alarm"), INT32_MAX, &alarm))
        return FAULT_NOT_FOUND;
    TRY(args_begin(r, &body, &args));
    write_integer(&args, "alarm", (int64_t)alarm);
    args_note(&body, "note", OPTIONAL, ARGS_REASON_MAX, &args);
    TRY(args_end(r, &body, &args, &text));
    return ask_write(r, ledger, "alarm_take", text, NULL);
}
