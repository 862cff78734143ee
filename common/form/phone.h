/* SPDX-License-Identifier: MIT
 * Mobile numbers of drivers and payers: Vietnamese and Chinese, domain B5. Landlines have no use
 * here.
 */
#ifndef COMMON_FORM_PHONE_H
#define COMMON_FORM_PHONE_H

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum { PHONE_ROOM = 16 };

/* Normalises to E.164, NUL-terminated: +84912345678, +8613812345678. MESSAGE_NONE or
 * PHONE_FORMAT. */
MUST_USE enum message phone_read(struct span typed, char phone[PHONE_ROOM]);

#endif
