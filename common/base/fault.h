/* SPDX-License-Identifier: MIT
 * The faults: HTTP status, stable code and texts of each. Table in fault.def.
 */
#ifndef COMMON_BASE_FAULT_H
#define COMMON_BASE_FAULT_H

#include "common/base/span.h"

enum fault {
    OK = 0,
#define FAULT(name, status, code, vi, en, zh) FAULT_##name,
#include "common/base/fault.def"
#undef FAULT
    FAULT_COUNT
};

/* The languages on screen and in problem documents; Vietnamese is the default. */
enum language { LANGUAGE_VI, LANGUAGE_EN, LANGUAGE_ZH, LANGUAGE_COUNT };

/* HTTP status (RFC 9110 §15); OK gives 200. */
int fault_status(enum fault fault);
/* The stable code, e.g. "step_done"; OK gives "ok". Static text. */
const char *fault_code(enum fault fault);
/* One sentence in that language; static text, UTF-8. */
const char *fault_text(enum fault fault, enum language language);
/* The fault with that code; FAULT_INTERNAL when none has it. */
enum fault fault_of_code(struct span code);

/* The best language for an Accept-Language value (RFC 9110 §12.5.4: ranges with q);
 * NULL, or nothing we speak: Vietnamese. */
enum language language_choose(const char *accept_language);
/* "vi", "en", "zh". */
const char *language_tag(enum language language);

#endif
