/* SPDX-License-Identifier: MIT
 * What the service answers: taken down as a receipt, or told to the model. A refusal is explained
 * by the published rules, or it is counted against the software.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/live/parts.h"

/* --- whom a number means -----------------------------------------------------------------------
 */

static struct id_slot *slot_of(struct id_slot *slots, size_t room, uint64_t id)
{
    size_t i = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);

    while (slots[i].id && slots[i].id != id)
        i = (i + 1) & (room - 1);
    return &slots[i];
}

static void ids_grow(struct live *live)
{
    size_t room = live->id_room ? live->id_room * 2 : 4096;
    struct id_slot *slots = calloc(room, sizeof *slots);

    CHECK(slots);
    for (size_t i = 0; i < live->id_room; i++)
        if (live->ids[i].id)
            *slot_of(slots, room, live->ids[i].id) = live->ids[i];
    free(live->ids);
    live->ids = slots;
    live->id_room = room;
}

void ids_add(struct live *live, uint64_t id, uint32_t crossing)
{
    if (live->id_count * 2 >= live->id_room)
        ids_grow(live);
    live->id_count++;
    *slot_of(live->ids, live->id_room, id) = (struct id_slot){id, crossing};
}

uint32_t ids_find(const struct live *live, uint64_t id)
{
    const struct id_slot *slot = live->id_room ? slot_of(live->ids, live->id_room, id) : NULL;

    return slot && slot->id ? slot->crossing : NOBODY;
}

uint64_t id_of(struct span text)
{
    uint64_t id = 0;

    return span_to_number(text, UINT64_MAX, &id) ? id : 0;
}

/* --- receipts ----------------------------------------------------------------------------------
 */

static void receipt_add(struct live *live, unsigned gate, struct span event, struct receipt receipt)
{
    struct live_gate *g = &live->gates[gate];

    span_take(&event, '-');
    if (!span_to_number(event, UINT64_MAX, &receipt.seq))
        return;
    if (g->receipt_count == g->receipt_room) {
        g->receipt_room = g->receipt_room ? g->receipt_room * 2 : 8192;
        g->receipts = realloc(g->receipts, g->receipt_room * sizeof *g->receipts);
        CHECK(g->receipts);
    }
    g->receipts[g->receipt_count++] = receipt;
}

static void take_down(const struct deed *deed, uint32_t crossing, struct span body)
{
    receipt_add(deed->live, deed->live->day.passages[crossing].gate,
                between(body, "\"event\":\"", '"'),
                (struct receipt){.crossing = crossing, .kind = (uint8_t)deed->kind});
}

void step_confirmed(struct live *live, uint32_t crossing, enum step step, bool is_hold,
                    struct span event)
{
    struct lived *lived = &live->lived[crossing];

    if (is_hold)
        lived->holds |= STEP_BIT(step);
    else
        lived->passes |= STEP_BIT(step);
    receipt_add(
        live, live->day.passages[crossing].gate, event,
        (struct receipt){
            .crossing = crossing, .kind = DEED_STEP, .step = (uint8_t)step, .is_hold = is_hold});
}

/* --- refusals ----------------------------------------------------------------------------------
 */

static bool has_code(struct span body, const char *code)
{
    return span_is(between(body, "\"code\":\"", '"'), code);
}

static void unexplained(struct deed *deed, int status, struct span body)
{
    struct live *live = deed->live;
    struct span code = between(body, "\"code\":\"", '"');

    if (status && status < 500)
        lines_note_error(&live->lines, &deed->ask, status, body);
    if (live->refusals < REFUSALS_SHOWN)
        snprintf(live->refused[live->refusals], sizeof live->refused[0], "%s %s %s: %d %.*s",
                 deed->ask.method, deed->ask.path,
                 deed->kind == DEED_STEP ? STEP_NAMES[deed->step] : "", status,
                 (int)(code.size < 40 ? code.size : 40), code.at);
    live->refusals++;
}

static void lose(struct deed *deed, enum fate fate)
{
    struct live *live = deed->live;

    live->lived[deed->crossing].is_lost = true;
    chain_drop(live, deed->crossing);
    model_lost(live->model, deed->crossing, fate);
}

/* It was over by a published rule before it came: its claim, or its last call, had lapsed. */
static enum fate fate_after(const json_t *problem)
{
    struct span state = span_of(json_string_value(json_object_get(problem, "state")));

    return span_is(state, "expired")   ? FATE_EXPIRED
           : span_is(state, "no_show") ? FATE_NO_SHOW
                                       : FATE_COUNT;
}

static bool misses_its_call(const json_t *problem)
{
    const json_t *missing;
    size_t i;

    json_array_foreach (json_object_get(problem, "missing"), i, missing)
        if (span_is(span_of(json_string_value(json_object_get(missing, "step"))), "called"))
            return true;
    return false;
}

/* True when it is to be sent again. */
static bool step_refused(struct deed *deed, int status, struct span body)
{
    struct live *live = deed->live;
    json_t *problem = json_loadb(body.at, body.size, 0, NULL);
    enum fate fate = fate_after(problem);
    bool is_late = misses_its_call(problem) && !deed->is_override;

    json_decref(problem);
    if (has_code(body, "crossing_ended") && fate != FATE_COUNT) {
        live->lapsed++;
        lose(deed, fate);
    } else if (has_code(body, "step_not_open") && is_late) {
        live->overrides++;
        deed->is_override = true;
        return true;
    } else if (!live->lived[deed->crossing].was_offline || !has_code(body, "step_done")) {
        unexplained(deed, status, body);
        lose(deed, FATE_CANCELLED);
    }
    return false;
}

/* --- answers -----------------------------------------------------------------------------------
 */

static void known_as(struct live *live, uint32_t crossing, const json_t *json)
{
    struct lived *lived = &live->lived[crossing];
    const char *digits =
        json_string_value(json_object_get(json_object_get(json, "pass"), "digits"));

    lived->id = id_of(span_of(json_string_value(json_object_get(json, "id"))));
    lived->is_declared = true;
    lived->digits = strdup(digits ? digits : "");
    ids_add(live, lived->id, crossing);
    model_name(live->model, crossing, lived->id);
}

static bool declared(struct deed *deed, struct span body)
{
    struct live *live = deed->live;
    json_t *json = json_loadb(body.at, body.size, 0, NULL);
    const json_t *crossings = json_object_get(json, "crossings"), *crossing;
    uint32_t receiving = 0;
    bool is_ready = span_is(span_of(json_string_value(json_object_get(json, "state"))), "ready") &&
                    json_array_size(crossings) == 1U + live->day.passages[deed->crossing].receiving;
    size_t i;

    live->lived[deed->crossing].declaration =
        id_of(span_of(json_string_value(json_object_get(json, "number"))));
    json_array_foreach (crossings, i, crossing) {
        bool is_main =
            span_is(span_of(json_string_value(json_object_get(crossing, "role"))), "main");
        if (is_ready)
            known_as(live, is_main ? deed->crossing : deed->crossing + ++receiving, crossing);
    }
    json_decref(json);
    return is_ready;
}

static void on_declared(struct deed *deed, int status, struct span body)
{
    const struct passage *p = &deed->live->day.passages[deed->crossing];

    if (status == 201 && declared(deed, body))
        return;
    unexplained(deed, status, body);
    for (uint32_t n = 0; n <= p->receiving; n++) {
        deed->live->lived[deed->crossing + n].is_lost = true;
        model_lost(deed->live->model, deed->crossing + n, FATE_CANCELLED);
    }
    for (uint32_t n = 0; n <= p->receiving; n++)
        chain_drop(deed->live, deed->crossing + n);
}

/* Another call that expected the same one expects now whom this one had expected. */
static void swap_expected(struct deed *deed, uint32_t called)
{
    for (struct deed *other = deed->live->open_calls; other; other = other->next)
        if (other != deed && other->call.expected == called) {
            other->call.expected = deed->call.expected;
            deed->call.expected = called;
            return;
        }
}

static void on_called(struct deed *deed, struct span body)
{
    struct live *live = deed->live;
    struct live_gate *gate = &live->gates[deed->call.gate];
    uint32_t called = ids_find(live, id_of(between(body, "\"id\":\"", '"')));

    if (called == NOBODY) {
        gate->calls_else++; /* one that was there before this run */
    } else {
        struct lived *lived = &live->lived[called];
        bool is_expected = called == deed->call.expected;
        gate->calls_as_expected += is_expected;
        gate->calls_else += !is_expected;
        if (!is_expected)
            swap_expected(deed, called);
        lived->calls++;
        lived->called_ms = deed->at_ms;
        take_down(deed, called, body);
    }
    model_called(live->model, &deed->call, called);
}

static void on_nobody(struct deed *deed, int status, struct span body)
{
    struct live_gate *gate = &deed->live->gates[deed->call.gate];

    if (has_code(body, "nothing_waits") || has_code(body, "yard_full") ||
        has_code(body, "route_closed"))
        gate->calls_of_nobody++;
    else
        unexplained(deed, status, body);
    model_called(deed->live->model, &deed->call, NOBODY);
}

static void on_scanned(struct deed *deed, int status, struct span body)
{
    struct live *live = deed->live;
    struct span reason = between(body, "\"reason\":\"", '"');

    live->scans++;
    if (status != 200) {
        unexplained(deed, status, body);
    } else if (span_is(reason, "gate_closed")) {
        live->scans_closed++;
    } else if (!span_is(between(body, "\"verdict\":\"", '"'), "go")) {
        live->scans_stopped++;
        snprintf(live->stopped, sizeof live->stopped, "%.*s, %s",
                 (int)(reason.size < 40 ? reason.size : 40), reason.at,
                 deed->step == STEP_EXIT ? "exit" : "gate_in");
    }
}

/* One that is called at once is promised nothing. */
static void on_position(struct deed *deed, int status, struct span body)
{
    struct lived *lived = &deed->live->lived[deed->crossing];
    json_t *json = json_loadb(body.at, body.size, 0, NULL);
    const json_t *wait = json_object_get(json, "wait");

    if (status != 200)
        unexplained(deed, status, body);
    if (json_is_integer(json_object_get(wait, "p50_s"))) {
        lived->promised_ms = deed->at_ms;
        lived->p50_s = (int32_t)json_integer_value(json_object_get(wait, "p50_s"));
        lived->p90_s = (int32_t)json_integer_value(json_object_get(wait, "p90_s"));
    }
    json_decref(json);
}

static void on_cancelled(struct deed *deed, int status, struct span body)
{
    const struct passage *p = &deed->live->day.passages[deed->crossing];

    if (status != 200)
        unexplained(deed, status, body);
    for (uint32_t n = 0; status == 200 && n <= p->receiving; n++)
        deed->live->lived[deed->crossing + n].is_cancelled = true;
}

static void on_turned_back(struct deed *deed, int status, struct span body)
{
    if (status != 200) {
        unexplained(deed, status, body);
        return;
    }
    deed->live->lived[deed->crossing].is_turned_back = true;
    take_down(deed, deed->crossing, body);
}

void deed_answered(struct ask *ask, int status, struct span body)
{
    struct deed *deed = ask->owner;

    if (deed->kind == DEED_DECLARE)
        on_declared(deed, status, body);
    else if (deed->kind == DEED_STEP && status == 201)
        step_confirmed(deed->live, deed->crossing, deed->step, deed->is_hold,
                       between(body, "\"event\":\"", '"'));
    else if (deed->kind == DEED_STEP && step_refused(deed, status, body)) {
        deed_again(deed);
        return;
    } else if (deed->kind == DEED_CALL && status == 200)
        on_called(deed, body);
    else if (deed->kind == DEED_CALL)
        on_nobody(deed, status, body);
    else if (deed->kind == DEED_SCAN)
        on_scanned(deed, status, body);
    else if (deed->kind == DEED_POSITION)
        on_position(deed, status, body);
    else if (deed->kind == DEED_CANCEL)
        on_cancelled(deed, status, body);
    else if (deed->kind == DEED_TURN_BACK)
        on_turned_back(deed, status, body);
    deed_over(deed);
}
