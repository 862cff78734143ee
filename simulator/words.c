/* SPDX-License-Identifier: MIT */
#include "simulator/words.h"

const char *const DIRECTION_NAMES[DIRECTION_COUNT] = {"import", "export"};
const char *const CHANNEL_NAMES[CHANNEL_COUNT] = {"green", "yellow", "red"};
const char *const CLASS_NAMES[CLASS_COUNT] = {
    "perishable", "frozen_live", "electronics", "general", "new_vehicle", "empty",
};
const char *const STEP_NAMES[STEP_COUNT] = {
    "registered",     "gate_in",
    "health",         "licence",
    "yard_in",        "called",
    "plant",          "animal",
    "inspection",     "transshipped",
    "loaded",         "fee_paid",
    "customs_finish", "border_guard_finish",
    "exit",           "returned",
};

unsigned word_of(const char *const *names, unsigned count, struct span word)
{
    unsigned i = 0;

    while (i < count && !span_is(word, names[i]))
        i++;
    return i;
}
