/* SPDX-License-Identifier: MIT */
#include "simulator/scenario_key.h"

#include "common/base/check.h"

#define OF(member) offsetof(struct scenario, member)
#define AT(member) offsetof(struct gate_plan, member)
#define MAX_LAW_S  43200

const struct key SCENARIO_KEYS[] = {
    {"", "title", VALUE_TEXT, "", 0, 0, OF(title)},

    {"run", "target", VALUE_COUNT, "exits a day", 0, 100000, OF(target)},
    {"run", "warmup", VALUE_COUNT, "days", 0, 30, OF(warmup_days)},
    {"run", "days", VALUE_COUNT, "days", 1, 60, OF(days)},
    {"run", "replications", VALUE_COUNT, "times", 1, 100000, OF(replications)},

    {"demand", "factor", VALUE_RATE, "times", 0, 100, OF(factor)},
    {"demand", "hourly", VALUE_HOURLY, "%", 0, 100, OF(profile.hourly)},
    {"demand", "arrivals_from", VALUE_CLOCK, "", 0, 0, OF(profile.from_ms)},
    {"demand", "arrivals_until", VALUE_CLOCK, "", 0, 0, OF(profile.until_ms)},
    {"demand", "short_lead_import", VALUE_SHARE, "%", 0, 100, OF(lead_short[DIRECTION_IMPORT])},
    {"demand", "short_lead_export", VALUE_SHARE, "%", 0, 100, OF(lead_short[DIRECTION_EXPORT])},
    {"demand", "short_lead_from", VALUE_DURATION, "", 0, 48.0 * HOUR_MS, OF(lead_short_from_ms)},
    {"demand", "short_lead_until", VALUE_DURATION, "", 0, 48.0 * HOUR_MS, OF(lead_short_until_ms)},
    {"demand", "long_lead_from", VALUE_DURATION, "", 0, 48.0 * HOUR_MS, OF(lead_long_from_ms)},
    {"demand", "long_lead_until", VALUE_DURATION, "", 0, 48.0 * HOUR_MS, OF(lead_long_until_ms)},
    {"demand", "punctuality", VALUE_SPREAD, "", 0, 12.0 * HOUR_MS, OF(punctuality_ms)},

    {"goods", "export_perishable", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_EXPORT][CLASS_PERISHABLE])},
    {"goods", "export_frozen_live", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_EXPORT][CLASS_FROZEN_LIVE])},
    {"goods", "export_electronics", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_EXPORT][CLASS_ELECTRONICS])},
    {"goods", "export_general", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_EXPORT][CLASS_GENERAL])},
    {"goods", "export_new_vehicle", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_EXPORT][CLASS_NEW_VEHICLE])},
    {"goods", "export_empty", VALUE_SHARE, "%", 0, 100, OF(classes[DIRECTION_EXPORT][CLASS_EMPTY])},
    {"goods", "import_perishable", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_IMPORT][CLASS_PERISHABLE])},
    {"goods", "import_frozen_live", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_IMPORT][CLASS_FROZEN_LIVE])},
    {"goods", "import_electronics", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_IMPORT][CLASS_ELECTRONICS])},
    {"goods", "import_general", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_IMPORT][CLASS_GENERAL])},
    {"goods", "import_new_vehicle", VALUE_SHARE, "%", 0, 100,
     OF(classes[DIRECTION_IMPORT][CLASS_NEW_VEHICLE])},
    {"goods", "import_empty", VALUE_SHARE, "%", 0, 100, OF(classes[DIRECTION_IMPORT][CLASS_EMPTY])},
    {"goods", "receiving_one", VALUE_SHARE, "%", 0, 100, OF(receiving_one)},
    {"goods", "receiving_two", VALUE_SHARE, "%", 0, 100, OF(receiving_two)},

    {"behaviour", "cancelled", VALUE_SHARE, "%", 0, 90, OF(cancelled)},
    {"behaviour", "absent", VALUE_SHARE, "%", 0, 90, OF(absent)},
    {"behaviour", "missed_calls", VALUE_SHARE, "%", 0, 100, OF(missed_calls)},
    {"behaviour", "trouble", VALUE_SHARE, "%", 0, 100, OF(trouble)},
    {"behaviour", "turned_back", VALUE_SHARE, "%", 0, 100, OF(turned_back)},
    {"behaviour", "yellow", VALUE_SHARE, "%", 0, 100, OF(yellow)},
    {"behaviour", "red", VALUE_SHARE, "%", 0, 100, OF(red)},
    {"behaviour", "bots", VALUE_RATE, "a day and gate", 0, 100000, OF(bots)},
    {"behaviour", "bots_cancel", VALUE_SHARE, "%", 0, 100, OF(bots_cancel)},
    {"behaviour", "called_ahead", VALUE_COUNT, "vehicles", 0, 50, OF(called_ahead)},
    {"behaviour", "outage_from", VALUE_CLOCK, "", 0, 0, OF(outage_from_ms)},
    {"behaviour", "outage_until", VALUE_CLOCK, "", 0, 0, OF(outage_until_ms)},
    {"behaviour", "outage_slow", VALUE_RATE, "times", 1, 100, OF(outage_slow)},

    {"times", "registered", VALUE_LAW, "", 0, MAX_LAW_S, OF(registered)},
    {"times", "barrier", VALUE_LAW, "", 0, MAX_LAW_S, OF(barrier)},
    {"times", "health", VALUE_LAW, "", 0, MAX_LAW_S, OF(health)},
    {"times", "licence", VALUE_LAW, "", 0, MAX_LAW_S, OF(licence)},
    {"times", "yard_in", VALUE_LAW, "", 0, MAX_LAW_S, OF(yard_in)},
    {"times", "plant", VALUE_LAW, "", 0, MAX_LAW_S, OF(plant)},
    {"times", "animal", VALUE_LAW, "", 0, MAX_LAW_S, OF(animal)},
    {"times", "yellow_check", VALUE_LAW, "", 0, MAX_LAW_S, OF(yellow_check)},
    {"times", "red_check", VALUE_LAW, "", 0, MAX_LAW_S, OF(red_check)},
    {"times", "transshipped", VALUE_LAW, "", 0, MAX_LAW_S, OF(transshipped)},
    {"times", "loaded", VALUE_LAW, "", 0, MAX_LAW_S, OF(loaded)},
    {"times", "fee", VALUE_LAW, "", 0, MAX_LAW_S, OF(fee)},
    {"times", "customs_finish_import", VALUE_LAW, "", 0, MAX_LAW_S,
     OF(customs_finish[DIRECTION_IMPORT])},
    {"times", "customs_finish_export", VALUE_LAW, "", 0, MAX_LAW_S,
     OF(customs_finish[DIRECTION_EXPORT])},
    {"times", "border_guard_finish", VALUE_LAW, "", 0, MAX_LAW_S, OF(border_guard_finish)},
    {"times", "exit", VALUE_LAW, "", 0, MAX_LAW_S, OF(exit)},
    {"times", "far_side", VALUE_LAW, "", 0, MAX_LAW_S, OF(far_side)},
    {"times", "lane", VALUE_LAW, "", 0, MAX_LAW_S, OF(lane)},
    {"times", "come_import", VALUE_LAW, "", 0, MAX_LAW_S, OF(come[DIRECTION_IMPORT])},
    {"times", "come_export", VALUE_LAW, "", 0, MAX_LAW_S, OF(come[DIRECTION_EXPORT])},
    {"times", "hold", VALUE_LAW, "", 0, MAX_LAW_S, OF(hold)},

    {"rules", "credit_perishable", VALUE_CREDIT, "", 0, 48.0 * HOUR_MS,
     OF(credit_ms[CLASS_PERISHABLE])},
    {"rules", "credit_frozen_live", VALUE_CREDIT, "", 0, 48.0 * HOUR_MS,
     OF(credit_ms[CLASS_FROZEN_LIVE])},
    {"rules", "credit_electronics", VALUE_CREDIT, "", 0, 48.0 * HOUR_MS,
     OF(credit_ms[CLASS_ELECTRONICS])},
    {"rules", "credit_general", VALUE_CREDIT, "", 0, 48.0 * HOUR_MS, OF(credit_ms[CLASS_GENERAL])},
    {"rules", "credit_new_vehicle", VALUE_CREDIT, "", 0, 48.0 * HOUR_MS,
     OF(credit_ms[CLASS_NEW_VEHICLE])},
    {"rules", "credit_empty", VALUE_CREDIT, "", 0, 48.0 * HOUR_MS, OF(credit_ms[CLASS_EMPTY])},
    {"rules", "grace", VALUE_DURATION, "", SECOND_MS, 48.0 * HOUR_MS, OF(grace_ms)},
    {"rules", "claim", VALUE_DURATION, "", SECOND_MS, 240.0 * HOUR_MS, OF(claim_ms)},
    {"rules", "return_delays", VALUE_DELAYS, "", 0, 0, OF(return_delay_ms)},

    {"gate", "vehicles", VALUE_RATE, "a day", 0, 100000, AT(vehicles)},
    {"gate", "exports", VALUE_SHARE, "%", 0, 100, AT(exports)},
    {"gate", "stock", VALUE_RATE, "vehicles", 0, 100000, AT(stock)},
    {"gate", "stock_exports", VALUE_SHARE, "%", 0, 100, AT(stock_exports)},
    {"gate", "stock_age", VALUE_DURATION, "", 0, 480.0 * HOUR_MS, AT(stock_age_ms)},
    {"gate", "opens", VALUE_CLOCK, "", 0, 0, AT(opens_ms)},
    {"gate", "closes", VALUE_CLOCK, "", 0, 0, AT(closes_ms)},
    {"gate", "inside", VALUE_COUNT, "places", 1, 100000, AT(inside)},
    {"gate", "staging", VALUE_COUNT, "places", 1, 100000, AT(staging)},
    {"gate", "windows_import", VALUE_COUNT, "places", 0, 10000, AT(windows[DIRECTION_IMPORT])},
    {"gate", "windows_export", VALUE_COUNT, "places", 0, 10000, AT(windows[DIRECTION_EXPORT])},
    {"gate", "far_lanes", VALUE_COUNT, "lanes", 1, 100, AT(far_lanes)},
    {"gate", "far_slow", VALUE_RATE, "times", 0.01, 100, AT(far_slow)},
    {"gate", "far_slow_from", VALUE_CLOCK, "", 0, 0, AT(far_slow_from_ms)},
    {"gate", "far_slow_until", VALUE_CLOCK, "", 0, 0, AT(far_slow_until_ms)},
    {"gate", "plant_officers", VALUE_LIMIT, "officers", 1, 1000, AT(plant_officers)},
    {"gate", "animal_officers", VALUE_LIMIT, "officers", 1, 1000, AT(animal_officers)},
    {"gate", "inspection_bays", VALUE_LIMIT, "bays", 1, 1000, AT(inspection_bays)},
    {"gate", "docks", VALUE_LIMIT, "docks", 1, 1000, AT(docks)},
    {"gate", "fee_desks", VALUE_LIMIT, "desks", 1, 1000, AT(fee_desks)},
};
const size_t SCENARIO_KEY_COUNT = COUNT_OF(SCENARIO_KEYS);

_Static_assert(COUNT_OF(SCENARIO_KEYS) <= SCENARIO_KEYS_MAX, "room for the origins");

const struct key *key_find(struct span section, struct span name)
{
    for (size_t i = 0; i < COUNT_OF(SCENARIO_KEYS); i++)
        if (span_is(section, SCENARIO_KEYS[i].section) && span_is(name, SCENARIO_KEYS[i].name))
            return &SCENARIO_KEYS[i];
    return NULL;
}
