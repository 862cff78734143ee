/* SPDX-License-Identifier: MIT
 * The service's words as numbers: directions, goods classes, steps. The orders are those of the
 * service's own types, so that a bit here is a bit there (design: steps and states).
 */
#ifndef SIMULATOR_WORDS_H
#define SIMULATOR_WORDS_H

#include <stdint.h>

#include "common/base/span.h"

enum direction { DIRECTION_IMPORT, DIRECTION_EXPORT, DIRECTION_COUNT };
enum role { ROLE_MAIN, ROLE_RECEIVING, ROLE_COUNT };
enum channel { CHANNEL_GREEN, CHANNEL_YELLOW, CHANNEL_RED, CHANNEL_COUNT };

enum goods_class {
    CLASS_PERISHABLE,
    CLASS_FROZEN_LIVE,
    CLASS_ELECTRONICS,
    CLASS_GENERAL,
    CLASS_NEW_VEHICLE,
    CLASS_EMPTY,
    CLASS_COUNT
};

enum step {
    STEP_REGISTERED,
    STEP_GATE_IN,
    STEP_HEALTH,
    STEP_LICENCE,
    STEP_YARD_IN,
    STEP_CALLED,
    STEP_PLANT,
    STEP_ANIMAL,
    STEP_INSPECTION,
    STEP_TRANSSHIPPED,
    STEP_LOADED,
    STEP_FEE_PAID,
    STEP_CUSTOMS_FINISH,
    STEP_BORDER_GUARD_FINISH,
    STEP_EXIT,
    STEP_RETURNED,
    STEP_COUNT
};

/* The bit of a step in masks of what is done, required, open. */
#define STEP_BIT(step) (UINT32_C(1) << (step))

extern const char *const DIRECTION_NAMES[DIRECTION_COUNT];
extern const char *const CHANNEL_NAMES[CHANNEL_COUNT];
extern const char *const CLASS_NAMES[CLASS_COUNT];
extern const char *const STEP_NAMES[STEP_COUNT];

/* The place of a word in a list of names; count when it is none of them. */
unsigned word_of(const char *const *names, unsigned count, struct span word);

/* Times are milliseconds since the first midnight (Hanoi) of the first measured day; what happened
 * before is negative. */
enum { SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000 };
#define NEVER_MS INT64_MAX

#endif
