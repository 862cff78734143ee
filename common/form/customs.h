/* SPDX-License-Identifier: MIT
 * Numbers of customs declarations (VNACCS) and of the border guard's, domain B2.
 */
#ifndef COMMON_FORM_CUSTOMS_H
#define COMMON_FORM_CUSTOMS_H

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum direction { DIRECTION_EXPORT, DIRECTION_IMPORT };

/* "export", "import", NULL: in the order of the enum. */
extern const char *const DIRECTIONS[];

enum { CUSTOMS_ROOM = 13, BORDER_GUARD_ROOM = 14 };

/* 12 digits, the first 3 for an export and 1 for an import; the last counts amendments and changes
 * with each. MESSAGE_NONE, CUSTOMS_NUMBER_FORMAT or CUSTOMS_NUMBER_DIRECTION. */
MUST_USE enum message customs_number_read(struct span typed, enum direction direction,
                                          char number[CUSTOMS_ROOM]);
/* A type such as B11, upper case. MESSAGE_NONE or CUSTOMS_TYPE_FORMAT. */
MUST_USE enum message customs_type_read(struct span typed, char type[4]);
/* DDMMYYYY and 5 digits. MESSAGE_NONE or BORDER_GUARD_NUMBER_FORMAT. */
MUST_USE enum message border_guard_number_read(struct span typed, char number[BORDER_GUARD_ROOM]);

#endif
