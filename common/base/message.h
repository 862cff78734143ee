/* SPDX-License-Identifier: MIT
 * The sentences that are not problems: failures of fields, rules, warnings, verdicts, reasons,
 * conflicts. Table in message.def; problems are in fault.h.
 */
#ifndef COMMON_BASE_MESSAGE_H
#define COMMON_BASE_MESSAGE_H

#include "common/base/fault.h"
#include "common/base/span.h"

enum message {
    MESSAGE_NONE = 0, /* what a validator returns when nothing is wrong */
#define MESSAGE(name, code, vi, en, zh) MESSAGE_##name,
#include "common/base/message.def"
#undef MESSAGE
    MESSAGE_COUNT
};

/* The stable code, e.g. "plate_format"; static text. MESSAGE_NONE gives "". */
const char *message_code(enum message message);
/* The message with that code; MESSAGE_NONE when none has it. */
enum message message_of_code(struct span code);
/* The sentence behind a code of message.def or else of fault.def, UTF-8; an unknown code is its own
 * text, so that a reply is never without one. Static text, or code itself. */
struct span message_text(struct span code, enum language language);

#endif
