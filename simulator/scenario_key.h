/* SPDX-License-Identifier: MIT
 * The keys of scenario files as one table: section, name, kind of value, unit, bounds, place.
 */
#ifndef SIMULATOR_SCENARIO_KEY_H
#define SIMULATOR_SCENARIO_KEY_H

#include <stddef.h>

#include "simulator/scenario.h"

enum value_kind {
    VALUE_COUNT,    /* int32_t, with the unit as a word */
    VALUE_LIMIT,    /* int32_t, or "unlimited": 0 */
    VALUE_RATE,     /* double, with the unit as words */
    VALUE_SHARE,    /* double 0..1, written in % */
    VALUE_DURATION, /* int32_t ms, with s, min or h */
    VALUE_CREDIT,   /* int64_t ms, the same */
    VALUE_SPREAD,   /* double ms, the same */
    VALUE_CLOCK,    /* int32_t ms of the day, HH:MM */
    VALUE_LAW,      /* struct law: "60 s sigma 0.5" or "60 s exponential" */
    VALUE_HOURLY,   /* double[24], in % */
    VALUE_DELAYS,   /* return_delay_ms and their count */
    VALUE_TEXT      /* char[128] */
};

struct key {
    const char *section; /* "gate": of each gate, the offset is within struct gate_plan */
    const char *name;
    enum value_kind kind;
    const char *unit;
    double minimum, maximum;
    size_t offset;
};

extern const struct key SCENARIO_KEYS[];
extern const size_t SCENARIO_KEY_COUNT;

/* The key of that name in a section; NULL: none. */
const struct key *key_find(struct span section, struct span name);
/* Reads a value into base + offset; false with what was expected, in words. */
bool key_read(const struct key *key, struct span value, void *base, char *expected, size_t room);
/* "such as 60 s sigma 0.5": what a value of this key looks like. */
void key_expects(const struct key *key, char *text, size_t room);

/* Parts of values, for the keys with a grammar of their own. Each takes what it read off s. */
struct span value_word(struct span *s);
bool value_number(struct span *s, double *number);
bool value_duration(struct span *s, double *ms);
bool value_clock(struct span *s, int32_t *ms);
/* Without blanks at both ends. */
struct span value_trim(struct span s);

#endif
