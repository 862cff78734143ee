/* SPDX-License-Identifier: MIT
 * Instants as text: RFC 3339 with a mandatory offset on the way in, +07:00 on the way out. Inside
 * the service an instant is milliseconds since 1970-01-01T00:00:00Z. The Hanoi day is UTC+7 without
 * change (domain A1). Reads no clock and no time-zone database; leap seconds (":60") are refused.
 */
#ifndef COMMON_FORM_INSTANT_H
#define COMMON_FORM_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum { INSTANT_ROOM = 32 }; /* for instant_print, with its NUL */

/* Years 1970 to 2199; fractions of a second beyond the third digit are cut off. MESSAGE_NONE or
 * MESSAGE_INSTANT_FORMAT. */
MUST_USE enum message instant_read(struct span text, int64_t *ms);
/* "2026-11-23T08:30:00+07:00", with milliseconds when there are any. ms within the years above. */
struct span instant_print(int64_t ms, char text[INSTANT_ROOM]);
/* A calendar date YYYY-MM-DD. MESSAGE_NONE or MESSAGE_DATE_FORMAT. */
MUST_USE enum message date_read(struct span text);
/* True when year, month and day are a date of the Gregorian calendar. */
bool date_exists(int64_t year, int64_t month, int64_t day);

#endif
