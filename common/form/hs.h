/* SPDX-License-Identifier: MIT
 * Codes of the Harmonized System: 8 digits in Vietnam (AHTN), 10 in China; HS6 is what both share.
 * Domain B2. Which class of goods a code belongs to is reference data, not code.
 */
#ifndef COMMON_FORM_HS_H
#define COMMON_FORM_HS_H

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum { HS_ROOM = 11 };

/* Normalises "0810.60.00" to 08106000, NUL-terminated. MESSAGE_NONE or HS_FORMAT. */
MUST_USE enum message hs_read(struct span typed, char hs[HS_ROOM]);

#endif
