/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "common/base/check.h"
#include "simulator/outcome.h"

static json_t *number(double value)
{
    return json_real(round(value * 100) / 100);
}

static json_t *figure_json(const struct outcome *o, int gate, int figure)
{
    const struct statistic *s = &o->figures[gate][figure];

    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", FIGURE_NAMES[figure], "gate",
                     gate == OUTCOME_ALL ? "all" : o->scenario->gates[gate].code, "unit",
                     FIGURE_UNITS[figure], "mean", number(s->mean), "half_width",
                     number(statistic_half_width(s)));
}

static json_t *figures_json(const struct outcome *o)
{
    json_t *list = json_array();

    for (int f = 0; f < FIGURE_COUNT; f++) {
        for (int g = 0; g < o->scenario->gate_count; g++)
            json_array_append_new(list, figure_json(o, g, f));
        json_array_append_new(list, figure_json(o, OUTCOME_ALL, f));
    }
    return list;
}

static json_t *spread_json(const struct latency *spread)
{
    return json_pack("{s:I, s:o, s:o}", "count", (json_int_t)spread->total, "p50_min",
                     number((double)latency_at(spread, 0.5) / MINUTE_MS), "p90_min",
                     number((double)latency_at(spread, 0.9) / MINUTE_MS));
}

static json_t *waits_json(const struct outcome *o)
{
    json_t *list = json_array();

    for (unsigned d = 0; d < DIRECTION_COUNT; d++)
        for (unsigned c = 0; c < CLASS_COUNT; c++) {
            const struct latency *spread = &o->spreads.waits[d][c];
            if (!spread->total)
                continue;
            json_t *row = spread_json(spread);
            json_object_set_new(row, "direction", json_string(DIRECTION_NAMES[d]));
            json_object_set_new(row, "class", json_string(CLASS_NAMES[c]));
            json_array_append_new(list, row);
        }
    return list;
}

static json_t *means_json(const uint32_t *sums, int count, double by)
{
    json_t *list = json_array();

    for (int i = 0; i < count; i++)
        json_array_append_new(list, number(by > 0 ? sums[i] / by : 0));
    return list;
}

static json_t *lanes_json(const struct gate_plan *plan, const struct gate_tally *sum)
{
    json_t *list = json_array();

    for (unsigned n = 1; n < LANES_MAX; n++) {
        if (!plan->lanes[n].directions)
            continue;
        double share = sum->open_ms ? (double)sum->lane_busy_ms[n] / (double)sum->open_ms : 0;
        const char *directions = plan->lanes[n].directions == 3 ? "import export"
                                 : plan->lanes[n].directions & (1U << DIRECTION_IMPORT) ? "import"
                                                                                        : "export";
        json_array_append_new(list, json_pack("{s:i, s:s, s:o}", "lane", (int)n, "directions",
                                              directions, "in_use_percent", number(100 * share)));
    }
    return list;
}

static json_t *fates_json(const struct gate_tally *sum, double runs)
{
    json_t *fates = json_object();

    for (int f = 0; f < FATE_COUNT; f++)
        json_object_set_new(fates, FATE_NAMES[f], number(runs > 0 ? sum->fates[f] / runs : 0));
    json_object_set_new(fates, "declared", number(runs > 0 ? sum->declared / runs : 0));
    return fates;
}

static json_t *gates_json(const struct outcome *o)
{
    json_t *list = json_array();
    double runs = o->runs, days = runs * o->scenario->days;

    for (int g = 0; g < o->scenario->gate_count; g++) {
        const struct gate_tally *sum = &o->sums[g];
        const struct gate_plan *plan = &o->scenario->gates[g];
        json_array_append_new(
            list,
            json_pack("{s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "gate", plan->code,
                      "yard", plan->inside, "closes_hour", plan->closes_ms / HOUR_MS,
                      "arrivals_by_hour", means_json(sum->arrivals_by_hour, 24, days),
                      "exits_by_hour", means_json(sum->exits_by_hour, 24, days), "waiting_by_hour",
                      means_json(sum->waiting_by_hour, 24, days), "inside_by_hour",
                      means_json(sum->inside_by_hour, 24, days), "exits_by_day",
                      means_json(sum->exits_by_day, o->scenario->days, runs), "stock_by_day",
                      means_json(sum->stock_by_day, o->scenario->days, runs), "lanes",
                      lanes_json(plan, sum), "fates", fates_json(sum, runs)));
    }
    return list;
}

json_t *outcome_json(const struct outcome *o)
{
    const struct statistic *exits = &o->figures[OUTCOME_ALL][FIGURE_EXITS_IN_HOURS];
    double all = o->figures[OUTCOME_ALL][FIGURE_EXITS].mean;
    json_t *verdict = json_pack(
        "{s:s, s:i, s:o, s:o, s:o, s:i, s:i}", "gate", outcome_passes(o) ? "PASS" : "FAIL",
        "target", o->target, "exits", number(exits->mean), "half_width",
        number(statistic_half_width(exits)), "after_hours", number(all - exits->mean), "runs",
        (int)o->runs, "runs_that_pass", (int)o->passes);
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:I, s:i, s:i, s:I, s:o, s:o, s:o, s:o}",
                             "format", "gatesim-1", "by", "model", "scenario", o->scenario->name,
                             "title", o->scenario->title, "seed", (json_int_t)o->seed, "days",
                             o->scenario->days, "warmup_days", o->scenario->warmup_days, "took_ms",
                             (json_int_t)o->took_ms, "verdict", verdict, "figures", figures_json(o),
                             "waits", waits_json(o), "gates", gates_json(o));

    CHECK(json);
    json_object_set_new(json, "stays",
                        json_pack("{s:o, s:o}", "import",
                                  spread_json(&o->spreads.stays[DIRECTION_IMPORT]), "export",
                                  spread_json(&o->spreads.stays[DIRECTION_EXPORT])));
    return json;
}
