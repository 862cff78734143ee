/* SPDX-License-Identifier: MIT
 * The crossing of one vehicle: reading it and its place, and what is done to it beside its steps.
 */
#include "common/form/plate.h"
#include "common/json/write.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/swap_form.h"

enum { PLATE_TYPED_MAX = 64 };

enum fault crossings_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT},       {"limit", FILTER_COUNT},
        {"gate", FILTER_GATE},        {"direction", FILTER_DIRECTION},
        {"plate", FILTER_PLATE_PART}, {"state", FILTER_CROSSING_STATE},
        {"declaration", FILTER_TEXT},
    };

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

/* GET of a crossing and of what belongs to it: the route's verb names the read. */
enum fault crossing_read_ask(struct request *r)
{
    struct span id;
    int ledger;

    TRY(ask_crossing(r, &ledger, &id));
    ask_read(r, arena_print(r->arena, "\"crossing\":\"%.*s\"", SPAN_ARG(id)));
    return OK;
}

static enum fault write_crossing(struct request *r, int ledger, struct span id,
                                 const struct span *plate, struct span args)
{
    struct touched touched = {.arena = r->arena};

    touched_add(&touched, "crossing", id);
    if (plate && plate->size)
        touched_add(&touched, "plate", *plate);
    return ask_write(r, ledger, r->route->verb, args, &touched);
}

/* {"reason"} */
static enum fault ask_with_reason(struct request *r, enum presence presence)
{
    struct object body;
    struct span id, text;
    struct buffer args = {0};
    int ledger;

    TRY(ask_crossing(r, &ledger, &id));
    TRY(args_begin(r, &body, &args));
    write_text(&args, "crossing", id);
    args_note(&body, "reason", presence, ARGS_REASON_MAX, &args);
    TRY(args_end(r, &body, &args, &text));
    return write_crossing(r, ledger, id, NULL, text);
}

/* The verbs that take nothing but a reason: reissue, revoke, release, return, turn_back. */
enum fault crossing_reason_ask(struct request *r)
{
    return ask_with_reason(r, REQUIRED);
}

enum fault link_revoke_ask(struct request *r)
{
    return ask_with_reason(r, OPTIONAL);
}

enum fault swap_ask(struct request *r)
{
    struct swap_form form;
    struct buffer args = {0};
    struct span id;
    int ledger;

    TRY(ask_crossing(r, &ledger, &id));
    enum fault fault = swap_form_read(ask_body(r), r->arena, &form);
    r->failures = form.failures;
    TRY(fault);
    buffer_print(&args, "{\"crossing\":\"%.*s\",%s", SPAN_ARG(id), form.document.at + 1);
    return write_crossing(r, ledger, id, &form.plate, ask_text(r, &args));
}

/* {"plate","reason"}: an officer corrects a plate that was misread or lacks its province. */
enum fault plate_ask(struct request *r)
{
    struct object body;
    struct plate plate = {0};
    struct span id, typed, text;
    struct buffer args = {0};
    int ledger;

    TRY(ask_crossing(r, &ledger, &id));
    TRY(args_begin(r, &body, &args));
    write_text(&args, "crossing", id);
    if (read_text(&body, "plate", REQUIRED, PLATE_TYPED_MAX, &typed)) {
        enum message wrong = plate_read(typed, NATIONALITY_ANY, PLATE_TRUCK, &plate);
        if (wrong != MESSAGE_NONE)
            object_fail(&body, "plate", wrong);
    }
    struct span touched = plate_span(&plate);
    write_text(&args, "plate", touched);
    if (touched.size)
        write_text(&args, "nationality", span_of(nationality_code(plate.nationality)));
    args_note(&body, "reason", REQUIRED, ARGS_REASON_MAX, &args);
    TRY(args_end(r, &body, &args, &text));
    return write_crossing(r, ledger, id, &touched, text);
}
