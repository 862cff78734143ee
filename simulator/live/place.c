/* SPDX-License-Identifier: MIT
 * Makes the gates as the scenario has them: its days on the calendar, its lanes, its windows and
 * rules. What an installation keeps as its own configuration (the room of a yard) is not changed.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/form/instant.h"
#include "simulator/calendar.h"
#include "simulator/live/parts.h"
#include "simulator/queue.h"

enum { HANOI_MS = 7 * HOUR_MS };

static bool fail(struct live *live, const char *what, int status, const json_t *json)
{
    const char *code = json_string_value(json_object_get(json, "code"));

    if (status)
        snprintf(live->failure, sizeof live->failure, "%s: %d %s", what, status, code ? code : "");
    else
        snprintf(live->failure, sizeof live->failure, "the service does not answer");
    return false;
}

static int64_t instant_at(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    int64_t ms;

    return text && instant_read(span_of(text), &ms) == MESSAGE_NONE ? ms : 0;
}

/* --- when --------------------------------------------------------------------------------------
 */

/* The time of the last event of a ledger; 0 when it is empty. */
static int64_t last_event_ms(struct live *live, unsigned gate)
{
    char path[PATH_ROOM];
    int status;

    snprintf(path, sizeof path, "/v1/gates/%s/ledger?after=%" PRIu64 "&limit=1",
             gate_code(live, gate), live->gates[gate].began_seq - 1);
    json_t *page = live_get(live, path, NULL, &status);
    const json_t *item = json_array_get(json_object_get(page, "items"), 0);
    json_t *body =
        json_loads(item ? json_string_value(json_object_get(item, "body")) : "{}", 0, NULL);
    int64_t at_ms = instant_at(body, "at");
    json_decref(body);
    json_decref(page);
    return at_ms;
}

/* How far the service's time has come at a gate; 0: nothing has happened there. */
static bool find_clock(struct live *live, unsigned gate, int64_t *clock_ms, int64_t *board_ms)
{
    char path[PATH_ROOM];
    int status;

    snprintf(path, sizeof path, "/v1/gates/%s/ledger?limit=1", gate_code(live, gate));
    json_t *page = live_get(live, path, NULL, &status);
    if (status != 200)
        fail(live, path, status, page);
    live->gates[gate].began_seq = (uint64_t)json_integer_value(json_object_get(page, "head"));
    json_decref(page);
    if (status != 200)
        return false;
    snprintf(path, sizeof path, "/v1/gates/%s/board", gate_code(live, gate));
    json_t *board = live_get(live, path, NULL, &status);
    *board_ms = instant_at(board, "at");
    json_decref(board);
    *clock_ms = live->gates[gate].began_seq ? last_event_ms(live, gate) : 0;
    if (*clock_ms && *board_ms > *clock_ms)
        *clock_ms = *board_ms;
    return true;
}

static int64_t midnight_after(int64_t ms)
{
    return (ms + HANOI_MS + DAY_MS - 1) / DAY_MS * DAY_MS - HANOI_MS;
}

static bool find_date(struct live *live, int64_t clock_ms)
{
    char text[40];

    snprintf(text, sizeof text, "%.10sT00:00:00+07:00", live->wish->date);
    if (instant_read(span_of(text), &live->epoch_ms) != MESSAGE_NONE) {
        snprintf(live->failure, sizeof live->failure,
                 "--date %.40s: expected a day such as "
                 "2026-11-23",
                 live->wish->date);
        return false;
    }
    if (live->epoch_ms + live->begins_ms >= clock_ms)
        return true;
    snprintf(live->failure, sizeof live->failure,
             "--date %.10s: the time of the service has gone past the days before it",
             live->wish->date);
    return false;
}

bool place_find(struct live *live)
{
    int64_t latest_ms = 0, board_ms = 0, clock_ms, at_ms;

    for (unsigned g = 0; g < (unsigned)live->scenario->gate_count; g++) {
        if (!find_clock(live, g, &clock_ms, &at_ms))
            return false;
        latest_ms = clock_ms > latest_ms ? clock_ms : latest_ms;
        board_ms = at_ms > board_ms ? at_ms : board_ms;
    }
    live->begins_ms = (live->day.count ? live->day.passages[0].declared_ms : 0) - HOUR_MS;
    if (live->wish->date)
        return find_date(live, latest_ms);
    latest_ms = latest_ms > board_ms ? latest_ms : board_ms;
    live->epoch_ms = midnight_after(latest_ms - live->begins_ms);
    return true;
}

/* --- the calendar ------------------------------------------------------------------------------
 */

static void add_entry(struct live *live, struct buffer *body, bool is_first, int64_t from_ms,
                      int64_t until_ms, bool is_open)
{
    char from[INSTANT_ROOM], until[INSTANT_ROOM];

    if (from_ms >= until_ms)
        return;
    instant_print(live->epoch_ms + from_ms, from);
    instant_print(live->epoch_ms + until_ms, until);
    buffer_print(body, "%s{\"from\":\"%s\",\"to\":\"%s\",\"mode\":\"%s\",\"reason\":\"%s\"}",
                 is_first ? "" : ",", from, until, is_open ? "open" : "closed",
                 is_open ? "Giờ mở cửa của ngày mô phỏng" : "Ngày mô phỏng nghỉ");
}

/* Trucks come in freely before the first day, as they do in the model. */
static bool set_calendar(struct live *live, unsigned gate)
{
    struct calendar calendar;
    struct buffer body = {0};
    char path[PATH_ROOM];
    int status;

    calendar_init(&calendar, live->scenario, &live->scenario->gates[gate]);
    int64_t at_ms = calendar.begins_ms;
    buffer_add_text(&body, "{\"entries\":[");
    add_entry(live, &body, true, live->begins_ms, at_ms, true);
    for (size_t i = 0; i < calendar.count; i++) {
        add_entry(live, &body, false, at_ms, calendar.open[i].from_ms, false);
        add_entry(live, &body, false, calendar.open[i].from_ms, calendar.open[i].until_ms, true);
        at_ms = calendar.open[i].until_ms;
    }
    add_entry(live, &body, false, at_ms, calendar.ends_ms, false);
    buffer_add_text(&body, "]}");
    snprintf(path, sizeof path, "/v1/gates/%s/calendar", gate_code(live, gate));
    json_t *answer =
        live_send(live, "PUT", path, people_kiosk(&live->people, gate, AGENCY_OPERATOR, 0)->token,
                  &body, &status);
    bool is_done = status == 200 || fail(live, path, status, answer);
    json_decref(answer);
    return is_done;
}

/* --- lanes -------------------------------------------------------------------------------------
 */

static void print_lane(const struct lane_plan *plan, struct buffer *body)
{
    const char *comma = "";

    buffer_add_text(body, "{\"reason\":\"as the scenario has it\",\"directions\":[");
    for (unsigned d = 0; d < DIRECTION_COUNT; d++)
        if (plan->directions & (1U << d)) {
            buffer_print(body, "%s\"%s\"", comma, DIRECTION_NAMES[d]);
            comma = ",";
        }
    buffer_add_text(body, "],\"classes\":");
    if (plan->classes == QUEUE_ALL_CLASSES) {
        buffer_add_text(body, "null}");
        return;
    }
    comma = "[";
    for (unsigned c = 0; c < CLASS_COUNT; c++)
        if (plan->classes & (1U << c)) {
            buffer_print(body, "%s\"%s\"", comma, CLASS_NAMES[c]);
            comma = ",";
        }
    buffer_add_text(body, "]}");
}

static bool set_lane(struct live *live, unsigned gate, unsigned lane, bool is_open,
                     struct buffer *body)
{
    char path[PATH_ROOM];
    int status;

    snprintf(path, sizeof path, "/v1/gates/%s/lanes/%u/%s", gate_code(live, gate), lane,
             is_open ? "open" : "close");
    json_t *answer =
        live_send(live, "POST", path, people_kiosk(&live->people, gate, AGENCY_OPERATOR, 0)->token,
                  body, &status);
    bool is_done = status == 200 || fail(live, path, status, answer);
    json_decref(answer);
    return is_done;
}

/* What the gate has and the scenario has not is closed. */
static bool close_others(struct live *live, unsigned gate, const json_t *lanes)
{
    const struct lane_plan *plan = live->scenario->gates[gate].lanes;
    struct buffer none = {0};
    const json_t *lane;
    size_t i;

    json_array_foreach (lanes, i, lane) {
        json_int_t n = json_integer_value(json_object_get(lane, "lane"));
        bool is_wanted = n > 0 && n < LANES_MAX && plan[n].directions;
        if (!is_wanted && json_is_true(json_object_get(lane, "open")) &&
            !set_lane(live, gate, (unsigned)n, false, &none))
            return false;
    }
    return true;
}

static bool set_lanes(struct live *live, unsigned gate, const json_t *lanes)
{
    const struct lane_plan *plan = live->scenario->gates[gate].lanes;

    for (unsigned n = 1; n < LANES_MAX; n++) {
        struct buffer body = {0};
        if (!plan[n].directions)
            continue;
        print_lane(&plan[n], &body);
        if (!set_lane(live, gate, n, true, &body))
            return false;
    }
    return close_others(live, gate, lanes);
}

/* A yard that the scenario has larger than the gate: a supervisor lets exports in all the same. */
static void find_room(struct live *live, unsigned gate, const json_t *yards)
{
    struct live_gate *g = &live->gates[gate];
    const json_t *yard;
    size_t i;

    json_array_foreach (yards, i, yard)
        if (span_is(span_of(json_string_value(json_object_get(yard, "kind"))), "inside"))
            g->server_room = (int)json_integer_value(json_object_get(yard, "capacity"));
    g->overrides_yard = live->scenario->gates[gate].inside > g->server_room;
}

/* --- rules -------------------------------------------------------------------------------------
 */

static bool windows_are(const json_t *windows, unsigned direction, int places)
{
    const json_t *items = json_object_get(windows, "items");
    const json_t *item = NULL, *last = NULL;
    size_t i;

    json_array_foreach (items, i, item)
        if (span_is(span_of(json_string_value(json_object_get(item, "direction"))),
                    DIRECTION_NAMES[direction]))
            last = item;
    return last && json_integer_value(json_object_get(last, "places")) == places;
}

static bool admin_sends(struct live *live, const char *path, struct buffer *body)
{
    int status;
    json_t *answer = live_send(live, "POST", path, live->people.admin, body, &status);
    bool is_done = status == 201 || fail(live, path, status, answer);

    json_decref(answer);
    return is_done;
}

static bool set_windows(struct live *live, unsigned gate)
{
    char path[PATH_ROOM];
    bool is_done = true;
    int status;

    snprintf(path, sizeof path, "/v1/windows?gate=%s", gate_code(live, gate));
    json_t *windows = live_get(live, path, live->people.admin, &status);
    for (unsigned d = 0; d < DIRECTION_COUNT && is_done; d++) {
        struct buffer body = {0};
        int places = live->scenario->gates[gate].windows[d];
        if (windows_are(windows, d, places))
            continue;
        buffer_print(&body, "{\"gate\":\"%s\",\"direction\":\"%s\",\"places\":%d}",
                     gate_code(live, gate), DIRECTION_NAMES[d], places);
        is_done = admin_sends(live, "/v1/windows", &body);
    }
    json_decref(windows);
    return is_done;
}

static void print_rules(const struct scenario *s, struct buffer *body)
{
    buffer_print(body, "{\"grace_s\":%d,\"claim_s\":%d,\"return_delays_s\":[", s->grace_ms / 1000,
                 s->claim_ms / 1000);
    for (int i = 0; i < s->return_delays; i++)
        buffer_print(body, "%s%d", i ? "," : "", s->return_delay_ms[i] / 1000);
    buffer_add_text(body, "],\"credits\":{");
    for (unsigned c = 0; c < CLASS_COUNT; c++)
        buffer_print(body, "%s\"%s\":%d", c ? "," : "", CLASS_NAMES[c],
                     (int)(s->credit_ms[c] / 1000));
    buffer_add_text(body, "}}");
}

/* True when each member of a holds the same in b. */
static bool is_part(const json_t *a, const json_t *b)
{
    const json_t *value;
    const char *name;

    json_object_foreach ((json_t *)a, name, value)
        if (json_is_object(value) ? !is_part(value, json_object_get(b, name))
                                  : !json_equal(value, json_object_get(b, name)))
            return false;
    return true;
}

static bool set_rules(struct live *live)
{
    struct buffer body = {0};
    int status;

    print_rules(live->scenario, &body);
    json_t *rules = live_get(live, "/v1/credits", live->people.admin, &status);
    json_t *wanted = json_loadb(body.at, body.size, 0, NULL);
    bool is_done = is_part(wanted, json_array_get(json_object_get(rules, "items"), 0));
    json_decref(wanted);
    json_decref(rules);
    if (!is_done)
        is_done = admin_sends(live, "/v1/credits", &body);
    buffer_free(&body);
    return is_done;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

bool place_prepare(struct live *live)
{
    int status;
    json_t *gates = live_get(live, "/v1/gates", NULL, &status);
    bool is_done = set_rules(live);

    for (unsigned g = 0; g < (unsigned)live->scenario->gate_count && is_done; g++) {
        const json_t *items = json_object_get(gates, "items"), *gate = NULL, *here = NULL;
        size_t i;
        json_array_foreach (items, i, gate)
            if (span_is(span_of(json_string_value(json_object_get(gate, "gate"))),
                        gate_code(live, g)))
                here = gate;
        find_room(live, g, json_object_get(here, "yards"));
        is_done = set_windows(live, g) && set_calendar(live, g) &&
                  set_lanes(live, g, json_object_get(here, "lanes"));
    }
    json_decref(gates);
    return is_done;
}
