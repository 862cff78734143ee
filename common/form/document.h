/* SPDX-License-Identifier: MIT
 * Identity documents of drivers, domain B5.
 */
#ifndef COMMON_FORM_DOCUMENT_H
#define COMMON_FORM_DOCUMENT_H

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum document_type {
    DOCUMENT_CCCD,        /* Vietnamese citizen card: 12 digits */
    DOCUMENT_CMND,        /* the old card: 9 digits */
    DOCUMENT_PASSPORT,    /* letter and 7 or 8 digits; Chinese also E, letter and 7 digits */
    DOCUMENT_CN_ID,       /* Chinese identity number, GB 11643: 17 digits and ISO 7064 MOD 11-2 */
    DOCUMENT_BORDER_PASS, /* giấy thông hành: at most 20 printable characters */
};

enum { DOCUMENT_ROOM = 81 }; /* 20 characters of 4 bytes and NUL */

/* "cccd", "cmnd", "passport", "cn_id", "border_pass", NULL: in the order of the enum. */
extern const char *const DOCUMENT_TYPES[];

/* Normalises, NUL-terminated. MESSAGE_NONE, DOCUMENT_FORMAT or DOCUMENT_CHECK. */
MUST_USE enum message document_read(struct span typed, enum document_type type,
                                    char number[DOCUMENT_ROOM]);

#endif
