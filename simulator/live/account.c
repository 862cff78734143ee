/* SPDX-License-Identifier: MIT
 * A live run as members of the outcome's JSON: what the table, the report and --diff read.
 */
#include <math.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/live/parts.h"

static json_t *rounded(double value)
{
    return json_real(round(value * 100) / 100);
}

/* --- latency -----------------------------------------------------------------------------------
 */

static json_t *curve_json(const struct latency *latency)
{
    static const double SHARES[] = {0,    0.1,  0.25,  0.5,   0.75,   0.9,    0.95,
                                    0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999, 1};
    json_t *curve = json_array();

    for (size_t i = 0; i < COUNT_OF(SHARES); i++) {
        int64_t us = SHARES[i] < 1 ? latency_at(latency, SHARES[i]) : latency->maximum_us;
        json_array_append_new(curve, json_pack("[o, I]", json_real(SHARES[i]), (json_int_t)us));
    }
    return curve;
}

static json_t *operation_json(const struct lines *lines, enum operation o, double seconds)
{
    const struct latency *l = &lines->latency[o];

    return json_pack(
        "{s:s, s:I, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:o}", "operation", OPERATION_NAMES[o],
        "count", (json_int_t)l->total, "errors", (json_int_t)lines->errors[o], "per_second",
        rounded(seconds > 0 ? (double)l->total / seconds : 0), "p50_us",
        (json_int_t)latency_at(l, 0.5), "p90_us", (json_int_t)latency_at(l, 0.9), "p99_us",
        (json_int_t)latency_at(l, 0.99), "p999_us", (json_int_t)latency_at(l, 0.999), "max_us",
        (json_int_t)l->maximum_us, "curve", curve_json(l));
}

/* Of all that the days themselves sent; what stands before and after them is left out. */
static json_t *latency_json(const struct live *live, struct latency *all)
{
    json_t *list = json_array();

    for (enum operation o = 0; o < OPERATION_OTHER; o++) {
        const struct latency *l = &live->lines.latency[o];
        if (!l->total)
            continue;
        for (unsigned b = 0; b < LATENCY_BUCKETS; b++)
            all->counts[b] += l->counts[b];
        all->total += l->total;
        all->maximum_us = l->maximum_us > all->maximum_us ? l->maximum_us : all->maximum_us;
        json_array_append_new(list, operation_json(&live->lines, o, (double)live->took_us / 1e6));
    }
    return list;
}

static json_t *codes_json(const struct lines *lines)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < lines->code_count; i++) {
        const struct code_count *c = &lines->codes[i];
        json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:I}", "operation",
                                              OPERATION_NAMES[c->operation], "status", c->status,
                                              "code", c->code, "count", (json_int_t)c->count));
    }
    return list;
}

/* --- the rest ----------------------------------------------------------------------------------
 */

static json_t *invariants_json(const struct live *live)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < live->invariant_count; i++) {
        const struct invariant *v = &live->invariants[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "name", v->name, "holds",
                                              v->is_judged ? json_boolean(v->holds) : json_null(),
                                              "detail", v->detail));
    }
    return list;
}

static json_t *machine_json(const struct live *live)
{
    double seconds = (double)live->took_us / 1e6;
    json_t *list = json_array();

    for (int i = 0; i < WATCHED_MAX; i++) {
        const struct watched *w = &live->watched[i];
        double cpu_s = w->cpu_s - w->began_s;
        if (!w->pid)
            continue;
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o}", "program", w->name,
                                              "cpu_s", rounded(cpu_s), "cpu_percent",
                                              rounded(seconds > 0 ? 100 * cpu_s / seconds : 0),
                                              "memory_mib", rounded(w->memory_mib),
                                              "memory_max_mib", rounded(w->memory_max_mib)));
    }
    return list;
}

/* How many times faster than the world the days went by. */
static double times_real(const struct live *live)
{
    double simulated_s = (double)(live->at_ms - live->begins_ms) / 1000;

    return live->took_us > 0 ? simulated_s / ((double)live->took_us / 1e6) : 0;
}

/* What the busiest hour of the days asks for, in requests a second. */
static double busiest_per_second(const struct live *live)
{
    uint32_t most = 0;

    for (size_t h = 0; h < COUNT_OF(live->sent_by_hour); h++)
        most = live->sent_by_hour[h] > most ? live->sent_by_hour[h] : most;
    return most / 3600.0;
}

/* Headroom: how many times the load of the busiest hour was carried on average. */
static void headroom_json(const struct live *live, json_t *verdict, double per_second)
{
    double busiest = busiest_per_second(live);

    json_object_set_new(verdict, "busiest_per_second", rounded(busiest));
    json_object_set_new(verdict, "headroom", rounded(busiest > 0 ? per_second / busiest : 0));
    json_object_set_new(verdict, "times_real", rounded(times_real(live)));
}

void live_account(const struct live *live, json_t *outcome)
{
    struct latency *all = calloc(1, sizeof *all);
    json_t *verdict = json_object_get(outcome, "verdict");

    CHECK(all);
    json_object_set_new(outcome, "by", json_string("service"));
    json_object_set_new(outcome, "latency", latency_json(live, all));
    json_object_set_new(outcome, "refusals", codes_json(&live->lines));
    json_object_set_new(outcome, "invariants", invariants_json(live));
    json_object_set_new(outcome, "machine", machine_json(live));
    json_object_set_new(outcome, "requests", json_integer((json_int_t)all->total));
    double per_second = live->took_us > 0 ? (double)all->total / ((double)live->took_us / 1e6) : 0;
    json_object_set_new(outcome, "requests_per_second", rounded(per_second));
    json_object_set_new(verdict, "software", json_string(live_passes(live) ? "PASS" : "FAIL"));
    json_object_set_new(verdict, "p99_us", json_integer((json_int_t)latency_at(all, 0.99)));
    headroom_json(live, verdict, per_second);
    if (live->failure[0]) {
        json_object_set_new(verdict, "ended", json_string(live->failure));
        json_object_set_new(verdict, "gate", json_string("FAIL"));
    }
    free(all);
}
