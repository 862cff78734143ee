/* SPDX-License-Identifier: MIT */
#include "simulator/live/max.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "simulator/live/parts.h"

enum {
    RUNG_MS = 4000,
    SETTLE_MS = 2000, /* after it, whatever is due must have been answered */
    RUNGS_MAX = 40,
    TRUCKS_MAX = 1 << 20,
    SCANNED = 2000, /* passes that are kept for the scans */
    STEPS = 5,
    LETTERS = 20
};

static const double GROWTH = 1.3;

enum kind { KIND_WRITES, KIND_SCANS, KIND_COUNT };

static const struct {
    const char *name;
    double first_rate;
} KINDS[KIND_COUNT] = {{"writes", 100}, {"scans", 200}};

/* Imports as far as they go before the queue, so that it does not grow without bound. */
static const enum step STEPS_OF[STEPS] = {STEP_REGISTERED, STEP_GATE_IN, STEP_HEALTH, STEP_LICENCE,
                                          STEP_FEE_PAID};

struct truck {
    uint64_t id;
    uint8_t gate, next;
};

struct climb {
    struct live *live;
    enum kind kind;
    double rate;
    uint64_t due, answered, wrong;
    int64_t began_us;
    bool is_sending;
    struct latency latency;
    struct truck *trucks;
    uint32_t count;
    uint32_t *ready; /* trucks whose next step may go, a ring */
    uint32_t ready_from, ready_count;
    char *passes[SCANNED];
    unsigned pass_count;
    uv_timer_t timer;
};

/* --- what is sent ------------------------------------------------------------------------------
 */

static void ready_add(struct climb *c, uint32_t truck)
{
    c->ready[(c->ready_from + c->ready_count++) % TRUCKS_MAX] = truck;
}

static uint32_t ready_take(struct climb *c)
{
    uint32_t truck = c->ready[c->ready_from];

    c->ready_from = (c->ready_from + 1) % TRUCKS_MAX;
    c->ready_count--;
    return truck;
}

struct sent {
    struct ask ask;
    struct climb *climb;
    uint32_t truck;
};

static void on_sent(struct ask *ask, int status, struct span body);

static struct sent *sent_new(struct climb *c, enum operation operation, uint32_t truck,
                             int64_t due_us)
{
    struct sent *sent = calloc(1, sizeof *sent);
    struct live *live = c->live;

    CHECK(sent);
    sent->climb = c;
    sent->truck = truck;
    sent->ask = (struct ask){.operation = operation,
                             .method = "POST",
                             .gate_time_ms = live->epoch_ms + live->at_ms,
                             .done = on_sent,
                             .owner = sent,
                             .intended_us = due_us};
    if (operation != OPERATION_SCAN)
        snprintf(sent->ask.key, sizeof sent->ask.key, "gatesim-%" PRIu64 "-%" PRIu64, live->run,
                 ++live->serial);
    return sent;
}

static void send_declaration(struct climb *c, int64_t due_us)
{
    struct live *live = c->live;
    uint32_t n = c->count++;
    uint64_t plate = (live->run / 1000 + n) % 176000000;
    struct sent *sent = sent_new(c, OPERATION_DECLARE, n, due_us);
    struct buffer body = {0};

    c->trucks[n].gate = (uint8_t)(n % (unsigned)live->scenario->gate_count);
    snprintf(sent->ask.path, PATH_ROOM, "/v1/declarations");
    sent->ask.token = people_firm(&live->people, n, false)->token;
    buffer_print(
        &body,
        "{\"gate\":\"%s\",\"direction\":\"import\",\"vehicles\":[{\"plate\":\"%02u%c%05u\","
        "\"class\":\"VT6\",\"driver\":{\"name\":\"Nguyễn Văn An\",\"document\":{\"type\":"
        "\"cccd\",\"number\":\"001099000001\"},\"phone\":\"0912345678\"}}],"
        "\"planned_arrival\":\"2037-01-01T08:00:00+07:00\",\"customs_declarations\":[{"
        "\"number\":\"10%09" PRIu64 "0\",\"type\":\"A11\",\"office\":\"15BB\"}],\"goods\":[{"
        "\"hs\":\"85177999\",\"description\":\"Linh kiện điện thoại\",\"origin\":\"CN\","
        "\"quantity\":18,\"unit\":\"TNE\",\"net_weight_kg\":18000,\"value\":54000,"
        "\"currency\":\"USD\"}]}",
        gate_code(live, c->trucks[n].gate), (unsigned)(11 + plate / 100000 / LETTERS),
        "ABCDEFGHKLMNPSTUVXYZ"[plate / 100000 % LETTERS], (unsigned)(plate % 100000), plate);
    ask_body(&sent->ask, &body);
    lines_send(&live->lines, &sent->ask);
}

static void send_step(struct climb *c, uint32_t truck, int64_t due_us)
{
    struct live *live = c->live;
    const struct truck *t = &c->trucks[truck];
    struct sent *sent = sent_new(c, OPERATION_STEP, truck, due_us);
    enum step step = STEPS_OF[t->next];
    struct buffer body = {0};

    snprintf(sent->ask.path, PATH_ROOM, "/v1/crossings/%014" PRIu64 "/steps", t->id);
    sent->ask.token = people_kiosk(&live->people, t->gate, agency_of_step(step), truck)->token;
    buffer_print(&body, "{\"step\":\"%s\",\"result\":\"pass\"}", STEP_NAMES[step]);
    ask_body(&sent->ask, &body);
    lines_send(&live->lines, &sent->ask);
}

static void send_scan(struct climb *c, uint64_t n, int64_t due_us)
{
    struct live *live = c->live;
    struct sent *sent = sent_new(c, OPERATION_SCAN, 0, due_us);
    struct buffer body = {0};

    snprintf(sent->ask.path, PATH_ROOM, "/v1/scans");
    sent->ask.token = people_kiosk(&live->people, 0, AGENCY_BORDER_GUARD, (unsigned)n)->token;
    buffer_print(&body, "{\"code\":\"%s\"}", c->passes[n % c->pass_count]);
    ask_body(&sent->ask, &body);
    lines_send(&live->lines, &sent->ask);
}

/* --- what comes back ---------------------------------------------------------------------------
 */

static void keep_pass(struct climb *c, struct span body)
{
    struct span digits = between(body, "\"digits\":\"", '"');

    if (c->pass_count < SCANNED && digits.size)
        c->passes[c->pass_count++] = strndup(digits.at, digits.size);
}

static void on_sent(struct ask *ask, int status, struct span body)
{
    struct sent *sent = ask->owner;
    struct climb *c = sent->climb;
    struct truck *t = &c->trucks[sent->truck];
    bool is_good = status == (ask->operation == OPERATION_SCAN ? 200 : 201);

    c->answered++;
    c->wrong += !is_good;
    if (!is_good && status < 500)
        lines_note_error(&c->live->lines, ask, status, body);
    latency_add(&c->latency, clock_steady_us() - ask->intended_us);
    if (is_good && ask->operation == OPERATION_DECLARE) {
        t->id = id_of(between(between(body, "\"crossings\":[{", ']'), "\"id\":\"", '"'));
        keep_pass(c, body);
    }
    t->next = (uint8_t)(t->next + (is_good && ask->operation == OPERATION_STEP));
    if (is_good && ask->operation != OPERATION_SCAN && t->id && t->next < STEPS)
        ready_add(c, sent->truck);
    free(ask->body);
    free(sent);
}

/* --- a rung ------------------------------------------------------------------------------------
 */

static void send_one(struct climb *c, uint64_t n, int64_t due_us)
{
    if (c->kind == KIND_SCANS)
        send_scan(c, n, due_us);
    else if (c->ready_count)
        send_step(c, ready_take(c), due_us);
    else if (c->count < TRUCKS_MAX)
        send_declaration(c, due_us);
}

static void on_due(uv_timer_t *timer)
{
    struct climb *c = timer->data;
    int64_t now_us = clock_steady_us();

    while (c->is_sending) {
        int64_t due_us = c->began_us + (int64_t)((double)c->due * 1e6 / c->rate);
        if (due_us > c->began_us + RUNG_MS * 1000)
            c->is_sending = false;
        if (due_us > now_us || !c->is_sending)
            return;
        send_one(c, c->due++, due_us);
    }
}

static json_t *rung_json(const struct climb *c, double seconds, bool holds)
{
    return json_pack("{s:s, s:f, s:f, s:I, s:I, s:I, s:I, s:b}", "kind", KINDS[c->kind].name,
                     "rate", c->rate, "answered_per_second", (double)c->answered / seconds,
                     "p50_us", (json_int_t)latency_at(&c->latency, 0.5), "p99_us",
                     (json_int_t)latency_at(&c->latency, 0.99), "max_us",
                     (json_int_t)c->latency.maximum_us, "errors", (json_int_t)c->wrong, "holds",
                     (int)holds);
}

/* One rate for some seconds; true when it held. */
static bool rung(struct climb *c, double rate, json_t *rungs)
{
    struct live *live = c->live;

    c->rate = rate;
    c->due = c->answered = c->wrong = 0;
    c->latency = (struct latency){0};
    c->began_us = clock_steady_us();
    c->is_sending = true;
    int64_t until_us = c->began_us + (RUNG_MS + SETTLE_MS) * 1000;
    while ((c->is_sending || !lines_is_idle(&live->lines)) && clock_steady_us() < until_us &&
           !live->lines.is_dead && !stop_is_wanted())
        uv_run(&live->loop, UV_RUN_ONCE);
    double seconds = (double)(clock_steady_us() - c->began_us) / 1e6;
    seconds = seconds > RUNG_MS / 1000.0 ? seconds : RUNG_MS / 1000.0;
    bool holds = !c->wrong && latency_at(&c->latency, 0.99) <= MAX_P99_MS * 1000 &&
                 (double)c->answered / seconds >= 0.9 * rate && !live->lines.is_dead &&
                 !stop_is_wanted();
    json_array_append_new(rungs, rung_json(c, seconds, holds));
    c->is_sending = false;
    live_settle(live);
    return holds;
}

static double climb(struct climb *c, enum kind kind, json_t *rungs)
{
    double held = 0, rate = KINDS[kind].first_rate;

    c->kind = kind;
    progress_begin(&c->live->progress, KINDS[kind].name, RUNGS_MAX);
    /* what does not hold is tried once more: others use the machine, too */
    for (int i = 0; i < RUNGS_MAX && (rung(c, rate, rungs) || rung(c, rate, rungs));
         i++, rate = floor(rate * GROWTH)) {
        held = rate;
        progress_show(&c->live->progress, (uint64_t)i + 1);
    }
    progress_end(&c->live->progress);
    return held;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static json_t *climb_all(struct climb *c)
{
    json_t *rungs = json_array();
    double writes = climb(c, KIND_WRITES, rungs);
    double scans = c->pass_count && !stop_is_wanted() ? climb(c, KIND_SCANS, rungs) : 0;

    return json_pack("{s:s, s:s, s:i, s:f, s:f, s:o}", "format", "gatesim-max-1", "scenario",
                     c->live->scenario->name, "p99_limit_ms", MAX_P99_MS, "writes_per_second",
                     writes, "scans_per_second", scans, "rungs", rungs);
}

json_t *max_run(const struct live_wish *wish, const struct scenario *scenario)
{
    struct live *live = live_begin(wish, scenario);
    struct climb *c = calloc(1, sizeof *c);

    CHECK(c);
    if (!live) {
        free(c);
        return NULL;
    }
    c->live = live;
    c->trucks = calloc(TRUCKS_MAX, sizeof *c->trucks);
    c->ready = calloc(TRUCKS_MAX, sizeof *c->ready);
    CHECK(c->trucks && c->ready);
    uv_timer_init(&live->loop, &c->timer);
    c->timer.data = c;
    uv_timer_start(&c->timer, on_due, 0, 1);
    json_t *json = climb_all(c);
    uv_close((uv_handle_t *)&c->timer, NULL);
    live_end(live);
    live_free(live);
    for (unsigned i = 0; i < c->pass_count; i++)
        free(c->passes[i]);
    free(c->trucks);
    free(c->ready);
    free(c);
    return json;
}

bool max_passes(const json_t *json)
{
    return json_number_value(json_object_get(json, "writes_per_second")) > 0 &&
           json_number_value(json_object_get(json, "scans_per_second")) > 0;
}

void max_print(const json_t *json)
{
    const json_t *rung;
    size_t i;

    printf("%-8s%10s%12s%10s%10s%10s%8s\n", "", "asked/s", "answered/s", "p50 ms", "p99 ms",
           "max ms", "errors");
    json_array_foreach (json_object_get(json, "rungs"), i, rung)
        printf("%-8s%10.0f%12.0f%10.2f%10.2f%10.2f%8lld%s\n",
               json_string_value(json_object_get(rung, "kind")),
               json_number_value(json_object_get(rung, "rate")),
               json_number_value(json_object_get(rung, "answered_per_second")),
               json_number_value(json_object_get(rung, "p50_us")) / 1000,
               json_number_value(json_object_get(rung, "p99_us")) / 1000,
               json_number_value(json_object_get(rung, "max_us")) / 1000,
               (long long)json_integer_value(json_object_get(rung, "errors")),
               json_is_true(json_object_get(rung, "holds")) ? "" : "  breaks");
    printf("\nholds up to %.0f writes/s and %.0f scans/s (p99 within %d ms, nothing refused)\n",
           json_number_value(json_object_get(json, "writes_per_second")),
           json_number_value(json_object_get(json, "scans_per_second")), MAX_P99_MS);
}
