/* SPDX-License-Identifier: MIT
 * A scenario: every parameter of a day, read from simulator/scenarios/NAME.scenario. The files hold
 * the values and their sources; nothing is preset here, so what no file sets is refused.
 *
 * A file: lines "key = value unit" under [section]s, # begins a comment, "extends = NAME" first
 * takes over another one. See simulator/scenarios/base.scenario for all keys.
 */
#ifndef SIMULATOR_SCENARIO_H
#define SIMULATOR_SCENARIO_H

#include <stdbool.h>

#include "common/base/span.h"
#include "simulator/laws.h"
#include "simulator/words.h"

enum {
    GATES_MAX = 4,
    LANES_MAX = 32, /* numbers 1 .. LANES_MAX - 1 */
    CLOSURES_MAX = 16,
    DELAYS_MAX = 4,
    SCENARIO_FILES_MAX = 8,
    SCENARIO_KEYS_MAX = 96
};

struct lane_plan {
    unsigned directions; /* bits by direction; 0: no such lane */
    unsigned classes;    /* bits by class */
};

/* A stop of one gate: from a time of the first measured day on. */
struct closure {
    int64_t from_ms;
    int64_t until_ms;
};

struct origin {
    unsigned char file; /* index into files, from 1; 0: never set */
    int line;
};

struct gate_plan {
    char code[12];
    double vehicles; /* main vehicles a day that come */
    double exports;  /* their share */
    double stock;    /* main vehicles that wait when the first day begins */
    double stock_exports;
    int32_t stock_age_ms; /* they came within this time before it */
    int32_t opens_ms, closes_ms;
    int32_t inside, staging;          /* yard room */
    int32_t windows[DIRECTION_COUNT]; /* places per 30 minutes */
    int32_t far_lanes;                /* places at which the far side accepts */
    double far_slow;                  /* its service times, while slow: times this */
    int32_t far_slow_from_ms, far_slow_until_ms;
    int32_t plant_officers, animal_officers, inspection_bays, docks, fee_desks; /* 0: no limit */
    struct lane_plan lanes[LANES_MAX];
    struct closure closures[CLOSURES_MAX];
    int closure_count;
    struct origin origins[SCENARIO_KEYS_MAX]; /* of its keys */
    struct origin first;                      /* where its section begins */
};

struct scenario {
    char name[64];
    char title[128];
    /* [run] */
    int32_t target; /* exits of main vehicles a day, all gates */
    int32_t warmup_days, days;
    int32_t replications;
    /* [demand] */
    double factor; /* times the vehicles of all gates */
    struct profile profile;
    double lead_short[DIRECTION_COUNT]; /* share filed shortly before arriving */
    int32_t lead_short_from_ms, lead_short_until_ms, lead_long_from_ms, lead_long_until_ms;
    double punctuality_ms; /* sigma of arrival around the planned time */
    /* [goods] */
    double classes[DIRECTION_COUNT][CLASS_COUNT];
    double receiving_one, receiving_two; /* shares of imports that load over to 1, 2 vehicles */
    /* [behaviour] */
    double cancelled, absent, missed_calls, trouble, turned_back;
    double yellow, red;
    double bots, bots_cancel; /* hoarded bookings a day and gate; the share cancelled in time */
    int32_t called_ahead;     /* vehicles a lane calls beside the one it serves */
    int32_t outage_from_ms, outage_until_ms;
    double outage_slow;
    /* [times] */
    struct law registered, barrier, health, licence, yard_in, plant, animal, yellow_check,
        red_check;
    struct law transshipped, loaded, fee, customs_finish[DIRECTION_COUNT], border_guard_finish,
        exit;
    struct law far_side, lane, come[DIRECTION_COUNT], hold;
    /* [rules]: as the service's seed */
    int64_t credit_ms[CLASS_COUNT];
    int32_t grace_ms, claim_ms;
    int32_t return_delay_ms[DELAYS_MAX];
    int32_t return_delays;

    struct gate_plan gates[GATES_MAX];
    int gate_count;
    char files[SCENARIO_FILES_MAX][64]; /* what was read, for messages */
    int file_count;
    struct origin origins[SCENARIO_KEYS_MAX];
};

struct scenario_error {
    char text[320]; /* "file:line: what is wrong; what was expected" */
};

/* Gives the text of a scenario by name; false: there is none. The span stays owned by the source.
 */
typedef bool scenario_source(void *owner, const char *name, struct span *text);

/* Reads a scenario and those it extends; false with the error. name: for the root. */
bool scenario_read(struct scenario *scenario, const char *name, scenario_source *source,
                   void *owner, struct scenario_error *error);
/* The same from files: a name is looked up in folder, a path (with a slash) is taken as it is. */
bool scenario_load(struct scenario *scenario, const char *name, const char *folder,
                   struct scenario_error *error);
/* Changes one key: "times.lane = 5 min", "CKHN.lane 7=import". Call scenario_check when done. */
bool scenario_set(struct scenario *scenario, const char *assignment, struct scenario_error *error);
/* What must hold between keys: all are set, shares sum to 1, times in order. */
bool scenario_check(const struct scenario *scenario, struct scenario_error *error);
/* The index of the gate of a code; -1: none. */
int scenario_gate(const struct scenario *scenario, struct span code);

#endif
