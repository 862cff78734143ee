/* SPDX-License-Identifier: MIT
 * Vietnamese tax codes (MST): ten digits with a check digit, a branch of an enterprise behind a
 * dash, or the twelve digits of a person, who needs no MST since 01/07/2025. Domain B6.
 */
#ifndef COMMON_FORM_TAXCODE_H
#define COMMON_FORM_TAXCODE_H

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum { TAXCODE_ROOM = 15 }; /* "0100109106-001" and NUL */

/* Normalises to 0100109106, 0100109106-001 or 12 digits, NUL-terminated. The branch has no check
 * digit and is 001 to 999. MESSAGE_NONE, TAX_CODE_FORMAT or TAX_CODE_CHECK. */
MUST_USE enum message taxcode_read(struct span typed, char code[TAXCODE_ROOM]);

#endif
