/* SPDX-License-Identifier: MIT */
#include "simulator/outcome.h"

const char *const FIGURE_NAMES[FIGURE_COUNT] = {
    "exits",           "exits_in_hours",   "exits_import", "exits_export",
    "receiving_exits", "stock_at_closing", "lanes_in_use", "yard_max",
    "calls",           "no_shows",         "overtakes",    "last_exit",
};
const char *const FIGURE_UNITS[FIGURE_COUNT] = {
    "a day", "a day",    "a day", "a day", "a day", "vehicles",
    "%",     "vehicles", "a day", "a day", "a day", "h",
};

void outcome_init(struct outcome *outcome, const struct scenario *scenario, uint64_t seed,
                  int32_t target)
{
    *outcome = (struct outcome){.scenario = scenario, .seed = seed, .target = target};
}

static double lanes_in_use(const struct gate_plan *plan, const struct gate_tally *gate)
{
    double busy_ms = 0;
    int lanes = 0;

    for (unsigned n = 1; n < LANES_MAX; n++)
        if (plan->lanes[n].directions) {
            busy_ms += (double)gate->lane_busy_ms[n];
            lanes++;
        }
    return gate->open_ms ? 100 * busy_ms / lanes / (double)gate->open_ms : 0;
}

static void gate_figures(const struct scenario *scenario, const struct gate_tally *gate,
                         const struct gate_plan *plan, double *f)
{
    double days = scenario->days;

    f[FIGURE_EXITS_IMPORT] = gate->exits[DIRECTION_IMPORT] / days;
    f[FIGURE_EXITS_EXPORT] = gate->exits[DIRECTION_EXPORT] / days;
    f[FIGURE_EXITS] = f[FIGURE_EXITS_IMPORT] + f[FIGURE_EXITS_EXPORT];
    f[FIGURE_EXITS_IN_HOURS] = f[FIGURE_EXITS] - gate->late_exits / days;
    f[FIGURE_RECEIVING] = gate->receiving_exits / days;
    f[FIGURE_STOCK] = gate->stock_by_day[scenario->days - 1];
    f[FIGURE_LANES] = lanes_in_use(plan, gate);
    f[FIGURE_YARD_MAX] = gate->yard_max;
    f[FIGURE_CALLS] = gate->calls / days;
    f[FIGURE_NO_SHOWS] = gate->no_shows / days;
    f[FIGURE_OVERTAKES] = gate->overtakes / days;
    f[FIGURE_LAST_EXIT] = gate->last_exit_ms < 0 ? 0 : (double)gate->last_exit_ms / HOUR_MS;
}

void figures_read(const struct scenario *scenario, const struct tally *tally, figures all)
{
    double *sum = all[OUTCOME_ALL];

    for (int f = 0; f < FIGURE_COUNT; f++)
        sum[f] = 0;
    for (int g = 0; g < scenario->gate_count; g++) {
        gate_figures(scenario, &tally->gates[g], &scenario->gates[g], all[g]);
        for (int f = 0; f < FIGURE_COUNT; f++)
            if (f == FIGURE_LAST_EXIT)
                sum[f] = all[g][f] > sum[f] ? all[g][f] : sum[f];
            else
                sum[f] += f == FIGURE_LANES ? all[g][f] / scenario->gate_count : all[g][f];
    }
}

static void sums_add(struct gate_tally *sum, const struct gate_tally *gate)
{
    for (int h = 0; h < 24; h++) {
        sum->arrivals_by_hour[h] += gate->arrivals_by_hour[h];
        sum->exits_by_hour[h] += gate->exits_by_hour[h];
        sum->waiting_by_hour[h] += gate->waiting_by_hour[h];
        sum->inside_by_hour[h] += gate->inside_by_hour[h];
    }
    for (int d = 0; d < TALLY_DAYS_MAX; d++) {
        sum->exits_by_day[d] += gate->exits_by_day[d];
        sum->stock_by_day[d] += gate->stock_by_day[d];
    }
    for (int n = 0; n < LANES_MAX; n++)
        sum->lane_busy_ms[n] += gate->lane_busy_ms[n];
    for (int f = 0; f < FATE_COUNT; f++)
        sum->fates[f] += gate->fates[f];
    sum->declared += gate->declared;
    sum->open_ms += gate->open_ms;
}

void outcome_add(struct outcome *outcome, const struct tally *tally)
{
    figures all = {{0}};

    figures_read(outcome->scenario, tally, all);
    for (int g = 0; g <= OUTCOME_ALL; g++)
        for (int f = 0; f < FIGURE_COUNT; f++)
            statistic_add(&outcome->figures[g][f], all[g][f]);
    for (int g = 0; g < outcome->scenario->gate_count; g++)
        sums_add(&outcome->sums[g], &tally->gates[g]);
    outcome->runs++;
    outcome->passes += all[OUTCOME_ALL][FIGURE_EXITS_IN_HOURS] >= outcome->target;
}

bool outcome_passes(const struct outcome *outcome)
{
    return outcome->runs > 0 &&
           outcome->figures[OUTCOME_ALL][FIGURE_EXITS_IN_HOURS].mean >= outcome->target;
}
