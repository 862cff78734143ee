/* SPDX-License-Identifier: MIT
 * What must hold between the values of a scenario, once all of them are read.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/base/check.h"
#include "simulator/scenario.h"
#include "simulator/scenario_key.h"

static bool refuse(const struct scenario *scenario, struct origin origin,
                   struct scenario_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool refuse(const struct scenario *scenario, struct origin origin,
                   struct scenario_error *error, const char *format, ...)
{
    va_list arguments;
    bool is_file = origin.file > 0 && origin.file <= SCENARIO_FILES_MAX;
    int size = is_file ? snprintf(error->text, sizeof error->text,
                                  "%s:%d: ", scenario->files[origin.file - 1], origin.line)
                       : snprintf(error->text, sizeof error->text, "--set: ");

    va_start(arguments, format);
    vsnprintf(error->text + size, sizeof error->text - (size_t)size, format, arguments);
    va_end(arguments);
    return false;
}

/* Which of two has the last word: --set has it over all files, a file over those it extends. */
static struct origin later(struct origin a, struct origin b)
{
    bool is_set = a.file > SCENARIO_FILES_MAX, other_is_set = b.file > SCENARIO_FILES_MAX;

    if (!a.file || !b.file)
        return a.file ? a : b;
    if (is_set != other_is_set)
        return is_set ? a : b;
    return a.file < b.file || (a.file == b.file && a.line > b.line) ? a : b;
}

/* The origin of a key; with a prefix: of the last one set among those that begin with it. Whoever
 * changed something last is told. */
static struct origin origin_of(const struct origin *origins, const char *section, const char *name)
{
    struct origin last = {0};

    for (size_t i = 0; i < SCENARIO_KEY_COUNT; i++)
        if (span_is(span_of(section), SCENARIO_KEYS[i].section) &&
            span_starts_with(span_of(SCENARIO_KEYS[i].name), span_of(name)))
            last = later(origins[i], last);
    return last;
}

static struct origin origin_of_pair(const struct origin *origins, const char *section,
                                    const char *from, const char *until)
{
    return later(origin_of(origins, section, from), origin_of(origins, section, until));
}

static bool check_all_set(const struct scenario *scenario, const struct origin *origins,
                          struct origin at, bool is_gate, const char *where,
                          struct scenario_error *error)
{
    char expected[200];

    for (size_t i = 0; i < SCENARIO_KEY_COUNT; i++) {
        const struct key *key = &SCENARIO_KEYS[i];
        if (span_is(SPAN("gate"), key->section) != is_gate || origins[i].file)
            continue;
        key_expects(key, expected, sizeof expected);
        return refuse(scenario, at, error, "'%s' is missing in [%s]; expected %s", key->name,
                      is_gate ? where : key->section, expected);
    }
    return true;
}

static bool check_sum(const struct scenario *scenario, const double *shares, int count,
                      const char *section, const char *prefix, struct scenario_error *error)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += shares[i];
    if (fabs(sum - 1) < 0.0005)
        return true;
    return refuse(scenario, origin_of(scenario->origins, section, prefix), error,
                  "the shares '%s…' of [%s] sum to %.2f %%; expected 100 %%", prefix, section,
                  sum * 100);
}

static bool check_at_most(const struct scenario *scenario, double sum, const char *section,
                          const char *name, const char *what, struct scenario_error *error)
{
    if (sum <= 1.0000001)
        return true;
    return refuse(scenario, origin_of(scenario->origins, section, name), error,
                  "%s sum to %.2f %%; expected at most 100 %%", what, sum * 100);
}

static bool check_order(const struct scenario *scenario, int32_t from_ms, int32_t until_ms,
                        const char *section, const char *from, const char *until,
                        struct scenario_error *error)
{
    if (from_ms < until_ms)
        return true;
    return refuse(scenario, origin_of_pair(scenario->origins, section, from, until), error,
                  "'%s' is not before '%s'; expected an earlier one", from, until);
}

static bool check_arrivals(const struct scenario *s, struct scenario_error *error)
{
    for (int h = 0; h < 24; h++)
        if (s->profile.hourly[h] > 0 && (h + 1) * HOUR_MS > s->profile.from_ms &&
            h * HOUR_MS < s->profile.until_ms)
            return true;
    return refuse(s, origin_of_pair(s->origins, "demand", "arrivals_", "hourly"), error,
                  "nobody arrives between arrivals_from and arrivals_until; expected hourly shares "
                  "in that time");
}

static bool check_shares(const struct scenario *s, struct scenario_error *error)
{
    return check_sum(s, s->profile.hourly, 24, "demand", "hourly", error) &&
           check_sum(s, s->classes[DIRECTION_IMPORT], CLASS_COUNT, "goods", "import_", error) &&
           check_sum(s, s->classes[DIRECTION_EXPORT], CLASS_COUNT, "goods", "export_", error) &&
           check_at_most(s, s->receiving_one + s->receiving_two, "goods", "receiving_",
                         "receiving_one and receiving_two", error) &&
           check_at_most(s, s->yellow + s->red, "behaviour", "yellow", "yellow and red", error) &&
           check_at_most(s, s->cancelled + s->absent, "behaviour", "cancelled",
                         "cancelled and absent", error);
}

static bool check_gate(const struct scenario *s, const struct gate_plan *gate,
                       struct scenario_error *error)
{
    unsigned directions = 0;
    char where[24];

    snprintf(where, sizeof where, "gate %s", gate->code);
    if (!check_all_set(s, gate->origins, gate->first, true, where, error))
        return false;
    for (int n = 1; n < LANES_MAX; n++)
        directions |= gate->lanes[n].directions;
    if (!directions)
        return refuse(s, gate->first, error,
                      "gate %s has no lane; expected such as 'lane 1 = import'", gate->code);
    if (gate->opens_ms >= gate->closes_ms)
        return refuse(s, origin_of_pair(gate->origins, "gate", "opens", "closes"), error,
                      "gate %s: 'opens' is not before 'closes'; expected an earlier time",
                      gate->code);
    if (gate->far_slow_from_ms > gate->far_slow_until_ms)
        return refuse(s, origin_of_pair(gate->origins, "gate", "far_slow_from", "far_slow_until"),
                      error, "'far_slow_from' is after 'far_slow_until'; expected an earlier time");
    return true;
}

bool scenario_check(const struct scenario *s, struct scenario_error *error)
{
    struct origin end = {.file = 1, .line = 1};

    *error = (struct scenario_error){0};
    if (s->gate_count == 0)
        return refuse(s, end, error, "no gate; expected a section such as [gate CKHN]");
    if (!check_all_set(s, s->origins, end, false, "", error) ||
        !check_order(s, s->profile.from_ms, s->profile.until_ms, "demand", "arrivals_from",
                     "arrivals_until", error) ||
        !check_order(s, s->lead_short_from_ms, s->lead_short_until_ms, "demand", "short_lead_from",
                     "short_lead_until", error) ||
        !check_order(s, s->lead_long_from_ms, s->lead_long_until_ms, "demand", "long_lead_from",
                     "long_lead_until", error) ||
        !check_arrivals(s, error) || !check_shares(s, error))
        return false;
    if (s->outage_from_ms > s->outage_until_ms)
        return refuse(s, origin_of_pair(s->origins, "behaviour", "outage_from", "outage_until"),
                      error, "'outage_from' is after 'outage_until'; expected an earlier time");
    for (int g = 0; g < s->gate_count; g++)
        if (!check_gate(s, &s->gates[g], error))
            return false;
    return true;
}
