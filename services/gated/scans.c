/* SPDX-License-Identifier: MIT
 * POST /v1/scans: a pass, a number or a plate, and the verdict. A read: nothing is stored.
 */
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/gate_index.h"
#include "services/gated/key_table.h"
#include "services/gated/pass_check.h"
#include "services/gated/scan_form.h"
#include "services/gated/server.h"

/* The gate where it is scanned: as told, or the only one of who scans; -1: not known. */
static int gate_of_kiosk(const struct request *r, struct span code)
{
    int only = -1;

    if (code.size)
        return gate_index_find(r->server->gates, code);
    for (int i = 1; i < LEDGER_COUNT; i++)
        if (principal_has_gate(r->principal, i)) {
            if (only > 0)
                return -1;
            only = i;
        }
    return only;
}

/* Who works at several gates and names none scans by the clock of the gate that the code names. */
static void take_clock(struct request *r, const struct scan *scan)
{
    struct span id = {scan->digits, CROSSING_DIGITS};
    bool names_gate =
        scan->kind == SCAN_CROSSING || (scan->kind == SCAN_PASS && scan->size > id.size);
    int ledger = names_gate ? ledger_of_crossing(r->server, id) : -1;

    if (ledger > 0)
        r->now_ms = gate_clock_move(&r->server->clocks[ledger], r->given_ms, r->wall_ms);
}

static enum fault ask_kiosk(struct request *r, const struct scan_form *form, int *ledger)
{
    *ledger = gate_of_kiosk(r, form->gate);
    if (*ledger > 0)
        return ask_ledger(r, *ledger);
    if (!form->gate.size) {
        take_clock(r, &form->scan);
        return OK;
    }
    failures_add(&r->failures, SPAN("/gate"), MESSAGE_UNKNOWN_VALUE);
    return FAULT_INVALID_FIELDS;
}

static void write_some(struct buffer *out, const char *name, struct span text)
{
    if (text.size)
        write_text(out, name, text);
}

static void write_pass(struct request *r, const struct scan_form *form, struct buffer *out)
{
    struct pass_finding finding;

    pass_check(r->server, span_of(form->scan.digits), r->now_ms, &finding);
    write_text(out, "pass_verdict", span_of(finding.verdict));
    write_some(out, "crossing", span_of(finding.crossing));
    if (finding.version)
        write_integer(out, "pass_version", finding.version);
}

/* What is looked for; beside it the plate that was seen. */
static void write_target(struct request *r, const struct scan_form *form, struct buffer *out)
{
    switch (form->scan.kind) {
    case SCAN_PASS:
        write_pass(r, form, out);
        break;
    case SCAN_CROSSING:
        write_text(out, "crossing", span_of(form->scan.digits));
        break;
    case SCAN_DECLARATION:
        write_text(out, "number", span_of(form->scan.digits));
        break;
    case SCAN_PLATE:
        write_text(out, "plate", plate_span(&form->scan.plate));
        return;
    case SCAN_VIN:
        write_text(out, "plate", span_of(form->scan.digits));
        return;
    case SCAN_MANGLED:
        write_text(out, "pass_verdict", SPAN("mangled"));
        break;
    case SCAN_UNREADABLE:
        write_text(out, "pass_verdict", SPAN("unreadable"));
        break;
    }
    write_some(out, "plate", form->plate);
}

static struct span write_scan(struct request *r, const struct scan_form *form, int ledger)
{
    struct buffer members = {0};

    write_target(r, form, &members);
    write_some(&members, "trailer_plate", form->trailer_plate);
    if (ledger > 0)
        write_integer(&members, "gate", ledger);
    if (form->lane)
        write_integer(&members, "lane", form->lane);
    if (form->occurred_ms >= 0)
        write_integer(&members, "occurred_ms", form->occurred_ms);
    write_some(&members, "device", form->device);
    return ask_text(r, &members);
}

enum fault scan_ask(struct request *r)
{
    struct scan_form form;
    int ledger;

    enum fault fault = scan_form_read(ask_body(r), r->arena, &form);
    r->failures = form.failures;
    TRY(fault);
    TRY(ask_kiosk(r, &form, &ledger));
    ask_read(r, write_scan(r, &form, ledger));
    return OK;
}
