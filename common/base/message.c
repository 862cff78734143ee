/* SPDX-License-Identifier: MIT */
#include "common/base/message.h"

#include "common/base/check.h"

static const struct {
    struct span code;
    struct span texts[LANGUAGE_COUNT];
} MESSAGES[] = {
    [MESSAGE_NONE] = {{"", 0}, {{"", 0}, {"", 0}, {"", 0}}},
#define MESSAGE(name, code, vi, en, zh)                                                            \
    [MESSAGE_##name] = {{code, sizeof code - 1},                                                   \
                        {{vi, sizeof vi - 1}, {en, sizeof en - 1}, {zh, sizeof zh - 1}}},
#include "common/base/message.def"
#undef MESSAGE
};

const char *message_code(enum message message)
{
    CHECK(message < MESSAGE_COUNT);
    return MESSAGES[message].code.at;
}

enum message message_of_code(struct span code)
{
    for (enum message message = MESSAGE_NONE + 1; message < MESSAGE_COUNT; message++)
        if (span_is_equal(code, MESSAGES[message].code))
            return message;
    return MESSAGE_NONE;
}

struct span message_text(struct span code, enum language language)
{
    enum message message = message_of_code(code);

    CHECK(language < LANGUAGE_COUNT);
    if (message != MESSAGE_NONE)
        return MESSAGES[message].texts[language];
    enum fault fault = fault_of_code(code);
    if (fault == FAULT_INTERNAL && !span_is(code, fault_code(FAULT_INTERNAL)))
        return code;
    return span_of(fault_text(fault, language));
}
