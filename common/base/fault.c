/* SPDX-License-Identifier: MIT */
#include "common/base/fault.h"

#include <stdlib.h>
#include <strings.h>

#include "common/base/check.h"

static const struct {
    int status;
    const char *code;
    const char *texts[LANGUAGE_COUNT];
} FAULTS[] = {
    [OK] = {200, "ok", {"Thành công", "Success", "成功"}},
#define FAULT(name, status, code, vi, en, zh) [FAULT_##name] = {status, code, {vi, en, zh}},
#include "common/base/fault.def"
#undef FAULT
};

static const char *const TAGS[LANGUAGE_COUNT] = {"vi", "en", "zh"};

int fault_status(enum fault fault)
{
    CHECK(fault < FAULT_COUNT);
    return FAULTS[fault].status;
}

const char *fault_code(enum fault fault)
{
    CHECK(fault < FAULT_COUNT);
    return FAULTS[fault].code;
}

const char *fault_text(enum fault fault, enum language language)
{
    CHECK(fault < FAULT_COUNT && language < LANGUAGE_COUNT);
    return FAULTS[fault].texts[language];
}

enum fault fault_of_code(struct span code)
{
    for (enum fault fault = OK; fault < FAULT_COUNT; fault++)
        if (span_is(code, FAULTS[fault].code))
            return fault;
    return FAULT_INTERNAL;
}

/* q of "vi;q=0.8": 0 when it is not a weight. */
static double weight_of(struct span parameters)
{
    struct span weight = span_trim(parameters);

    if (weight.size == 0)
        return 1.0;
    if (weight.size < 3 || (weight.at[0] | 32) != 'q' || weight.at[1] != '=')
        return 0.0;
    return atof(weight.at + 2); /* ends at ',' or NUL */
}

static bool range_is(struct span range, const char *tag)
{
    return range.size >= 2 && !strncasecmp(range.at, tag, 2) &&
           (range.size == 2 || range.at[2] == '-');
}

enum language language_choose(const char *accept_language)
{
    struct span rest = span_of(accept_language);
    enum language best = LANGUAGE_VI;
    double best_weight = 0.0;

    while (rest.size) {
        struct span item = span_take(&rest, ',');
        struct span range = span_trim(span_take(&item, ';'));
        double weight = weight_of(item);
        for (enum language l = 0; l < LANGUAGE_COUNT; l++)
            if (range_is(range, TAGS[l]) && weight > best_weight) {
                best = l;
                best_weight = weight;
            }
    }
    return best;
}

const char *language_tag(enum language language)
{
    CHECK(language < LANGUAGE_COUNT);
    return TAGS[language];
}
