/* SPDX-License-Identifier: MIT
 * What the model says happens, as requests of those who do it. All identities are made up.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/base/check.h"
#include "common/form/instant.h"
#include "simulator/live/parts.h"

enum { PLATES_A_DAY = 16384, VN_LETTERS = 20, CN_LETTERS = 24 };

/* --- declarations ------------------------------------------------------------------------------
 */

static const struct {
    const char *hs, *text;
} GOODS[CLASS_COUNT] = {
    [CLASS_PERISHABLE] = {"08106000", "Sầu riêng tươi"},
    [CLASS_FROZEN_LIVE] = {"03038990", "Cá biển đông lạnh"},
    [CLASS_ELECTRONICS] = {"85177999", "Linh kiện điện thoại"},
    [CLASS_GENERAL] = {"39269099", "Đồ nhựa gia dụng"},
    [CLASS_NEW_VEHICLE] = {"87042369", "Ô tô tải mới"},
};

/* Each passage of a run has a number of its own, and runs of other days have others. */
static uint64_t number_of(const struct live *live, uint32_t crossing)
{
    return (uint64_t)(live->epoch_ms / DAY_MS) * PLATES_A_DAY + crossing;
}

/* Exports and those that take over an import's cargo are Vietnamese, imports come from Guangxi. */
static void print_plate(const struct live *live, uint32_t crossing, struct buffer *out)
{
    const struct passage *p = &live->day.passages[crossing];
    bool is_vn = p->role == ROLE_RECEIVING || p->direction == DIRECTION_EXPORT;
    uint64_t n = number_of(live, crossing), head = n / 100000;

    if (is_vn)
        buffer_print(out, "%02u%c%05u", (unsigned)(11 + head / VN_LETTERS % 88),
                     "ABCDEFGHKLMNPSTUVXYZ"[head % VN_LETTERS], (unsigned)(n % 100000));
    else
        buffer_print(out, "桂%c%05u", "ABCDEFGHJKLMNPQRSTUVWXYZ"[head % CN_LETTERS],
                     (unsigned)(n % 100000));
}

static void print_vehicle(const struct live *live, uint32_t crossing, struct buffer *out)
{
    buffer_add_text(out, "{\"plate\":\"");
    print_plate(live, crossing, out);
    buffer_print(out,
                 "\",\"class\":\"VT6\",\"driver\":{\"name\":\"Nguyễn Văn An\",\"document\":{"
                 "\"type\":\"cccd\",\"number\":\"001099%06u\"},\"phone\":\"0912345678\"}}",
                 (unsigned)(crossing % 1000000));
}

static void print_goods(const struct live *live, uint32_t crossing, struct buffer *out)
{
    const struct passage *p = &live->day.passages[crossing];
    bool is_export = p->direction == DIRECTION_EXPORT;

    if (p->class == CLASS_EMPTY) {
        buffer_add_text(out, ",\"goods\":[]");
        return;
    }
    buffer_print(out,
                 ",\"customs_declarations\":[{\"number\":\"%s%09" PRIu64 "0\",\"type\":\"%s\","
                 "\"office\":\"15BB\"}],\"goods\":[{\"hs\":\"%s\",\"description\":\"%s\","
                 "\"origin\":\"%s\",\"quantity\":18,\"unit\":\"TNE\",\"net_weight_kg\":18000,"
                 "\"gross_weight_kg\":19500,\"value\":54000,\"currency\":\"USD\"}]",
                 is_export ? "30" : "10", number_of(live, crossing) % 1000000000,
                 is_export ? "B11" : "A11", GOODS[p->class].hs, GOODS[p->class].text,
                 is_export ? "VN" : "CN");
}

static void print_declaration(const struct live *live, uint32_t crossing, struct buffer *out)
{
    const struct passage *p = &live->day.passages[crossing];
    char planned[INSTANT_ROOM];

    instant_print(live->epoch_ms + p->planned_ms, planned);
    buffer_print(out,
                 "{\"gate\":\"%s\",\"direction\":\"%s\",\"planned_arrival\":\"%s\",\"vehicles\":[",
                 gate_code(live, p->gate), DIRECTION_NAMES[p->direction], planned);
    print_vehicle(live, crossing, out);
    buffer_add_text(out, "]");
    if (p->receiving) {
        buffer_add_text(out, ",\"receiving_vehicles\":[");
        for (uint32_t n = 1; n <= p->receiving; n++) {
            buffer_add_text(out, n > 1 ? "," : "");
            print_vehicle(live, crossing + n, out);
        }
        buffer_add_text(out, "]");
    }
    print_goods(live, crossing, out);
    buffer_add_text(out, "}");
}

/* --- requests ----------------------------------------------------------------------------------
 */

const char *gate_code(const struct live *live, unsigned gate)
{
    return live->scenario->gates[gate].code;
}

static const char *firm_of(struct live *live, uint32_t crossing)
{
    const struct passage *p = &live->day.passages[crossing];

    return people_firm(&live->people, p->main, p->is_bot)->token;
}

static const char *kiosk_of(const struct deed *deed, enum agency agency)
{
    struct live *live = deed->live;
    const struct lived *lived = &live->lived[deed->crossing];
    unsigned number = lived->lane ? lived->lane - 1U : deed->crossing;

    return people_kiosk(&live->people, live->day.passages[deed->crossing].gate, agency, number)
        ->token;
}

static void write_declare(struct deed *deed, struct buffer *body)
{
    deed->ask.operation = OPERATION_DECLARE;
    snprintf(deed->ask.path, PATH_ROOM, "/v1/declarations");
    deed->ask.token = firm_of(deed->live, deed->crossing);
    print_declaration(deed->live, deed->crossing, body);
}

static void write_step(struct deed *deed, struct buffer *body)
{
    static const char *const LATE = "stood at the barrier when its call lapsed";
    const struct passage *p = &deed->live->day.passages[deed->crossing];

    deed->ask.operation = OPERATION_STEP;
    snprintf(deed->ask.path, PATH_ROOM, "/v1/crossings/%014" PRIu64 "/steps",
             deed->live->lived[deed->crossing].id);
    deed->ask.token =
        kiosk_of(deed, deed->is_override ? AGENCY_SUPERVISOR : agency_of_step(deed->step));
    buffer_print(body, "{\"step\":\"%s\",\"result\":\"%s\"", STEP_NAMES[deed->step],
                 deed->is_hold ? "hold" : "pass");
    if (deed->step == STEP_REGISTERED && p->role == ROLE_MAIN)
        buffer_print(body, ",\"channel\":\"%s\"", CHANNEL_NAMES[p->channel]);
    if (deed->is_override)
        buffer_print(body, ",\"override\":true,\"note\":\"%s\"", LATE);
    buffer_add_text(body, "}");
}

static void write_call(struct deed *deed, struct buffer *body)
{
    struct live *live = deed->live;
    const struct call *call = &deed->call;
    bool overrides = live->gates[call->gate].overrides_yard;

    deed->ask.operation = OPERATION_CALL;
    snprintf(deed->ask.path, PATH_ROOM, "/v1/gates/%s/call", gate_code(live, call->gate));
    deed->ask.token = people_kiosk(&live->people, call->gate,
                                   overrides ? AGENCY_SUPERVISOR : AGENCY_OPERATOR, call->lane)
                          ->token;
    buffer_print(body, "{\"direction\":\"%s\",\"lane\":%u", DIRECTION_NAMES[call->direction],
                 call->lane);
    if (overrides)
        buffer_print(body,
                     ",\"override\":true,\"reason\":\"the yard of this scenario has %d places\"",
                     live->scenario->gates[call->gate].inside);
    buffer_add_text(body, "}");
}

static void write_cancel(struct deed *deed)
{
    deed->ask.operation = OPERATION_CANCEL;
    snprintf(deed->ask.path, PATH_ROOM, "/v1/declarations/%" PRIu64 "/cancel",
             deed->live->lived[deed->crossing].declaration);
    deed->ask.token = firm_of(deed->live, deed->crossing);
}

static void write_turn_back(struct deed *deed, struct buffer *body)
{
    deed->ask.operation = OPERATION_TURN_BACK;
    snprintf(deed->ask.path, PATH_ROOM, "/v1/crossings/%014" PRIu64 "/turn-back",
             deed->live->lived[deed->crossing].id);
    deed->ask.token = kiosk_of(deed, AGENCY_SUPERVISOR);
    buffer_add_text(body, "{\"reason\":\"giấy tờ không hợp lệ\"}");
}

static void write_scan(struct deed *deed, struct buffer *body)
{
    deed->ask.operation = OPERATION_SCAN;
    deed->ask.key[0] = '\0';
    snprintf(deed->ask.path, PATH_ROOM, "/v1/scans");
    deed->ask.token = kiosk_of(deed, AGENCY_BORDER_GUARD);
    buffer_print(body, "{\"code\":\"%s\"}", deed->live->lived[deed->crossing].digits);
}

static void write_position(struct deed *deed)
{
    deed->ask.operation = OPERATION_POSITION;
    deed->ask.method = "GET";
    deed->ask.key[0] = '\0';
    snprintf(deed->ask.path, PATH_ROOM, "/v1/crossings/%014" PRIu64 "/position",
             deed->live->lived[deed->crossing].id);
    deed->ask.token = firm_of(deed->live, deed->crossing);
}

void deed_write(struct deed *deed)
{
    struct buffer body = {0};

    deed->ask.method = "POST";
    switch (deed->kind) {
    case DEED_DECLARE:
        write_declare(deed, &body);
        break;
    case DEED_STEP:
        write_step(deed, &body);
        break;
    case DEED_SCAN:
        write_scan(deed, &body);
        break;
    case DEED_POSITION:
        write_position(deed);
        break;
    case DEED_CALL:
        write_call(deed, &body);
        break;
    case DEED_CANCEL:
        write_cancel(deed);
        break;
    case DEED_TURN_BACK:
        write_turn_back(deed, &body);
        break;
    }
    ask_body(&deed->ask, &body);
}

/* --- what the model tells ----------------------------------------------------------------------
 */

/* The pass is read where a barrier opens: in and out. */
static void issue_scan(struct live *live, uint32_t crossing, enum step step)
{
    if (live->is_outage)
        return;
    struct deed *deed = deed_new(live, DEED_SCAN, crossing);
    deed->step = step;
    deed_issue(deed);
}

static void note_step(struct live *live, const struct note *note)
{
    if ((note->step == STEP_GATE_IN || note->step == STEP_EXIT) && !note->is_hold)
        issue_scan(live, note->crossing, note->step);
    struct deed *deed = deed_new(live, DEED_STEP, note->crossing);
    deed->step = note->step;
    deed->is_hold = note->is_hold;
    deed->is_joining = note->is_joining;
    /* whom the next call may take: who joins, who is held, who is no more */
    deed->orders = note->is_joining || note->is_hold ||
                   note->step == live->day.passages[note->crossing].hold_step;
    deed_issue(deed);
    if (note->is_joining && !live->is_outage)
        deed_issue(deed_new(live, DEED_POSITION, note->crossing));
}

/* What lapses, the service ends by itself. */
static void note_ended(struct live *live, const struct note *note)
{
    bool is_main = note->passage->role == ROLE_MAIN;

    if ((note->fate != FATE_CANCELLED || !is_main) && note->fate != FATE_TURNED_BACK)
        return;
    struct deed *deed =
        deed_new(live, note->fate == FATE_CANCELLED ? DEED_CANCEL : DEED_TURN_BACK, note->crossing);
    deed->orders = true;
    deed_issue(deed);
}

void live_note(void *owner, const struct note *note)
{
    struct live *live = owner;

    if (live->lived[note->crossing].is_lost)
        return;
    if (note->kind == NOTE_DECLARED && note->passage->role == ROLE_MAIN)
        deed_issue(deed_new(live, DEED_DECLARE, note->crossing));
    else if (note->kind == NOTE_STEP)
        note_step(live, note);
    else if (note->kind == NOTE_CALLED)
        live->lived[note->crossing].lane = (uint8_t)note->lane;
    else if (note->kind == NOTE_ENDED)
        note_ended(live, note);
}

void live_call(void *owner, const struct call *call)
{
    struct live *live = owner;
    struct deed *deed = deed_new(live, DEED_CALL, call->expected);

    deed->call = *call;
    deed->at_ms = call->at_ms;
    deed_issue(deed);
}
