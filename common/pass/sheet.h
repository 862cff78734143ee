/* SPDX-License-Identifier: MIT
 * What stands on a printed pass beside its QR code, in three languages; svg.c, png.c and text.c
 * lay it out. Times are Hanoi's (UTC+7 all year).
 */
#ifndef COMMON_PASS_SHEET_H
#define COMMON_PASS_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/fault.h"
#include "common/base/span.h"
#include "common/pass/claims.h"
#include "common/pass/plate_text.h"

struct pass_sheet {
    struct span digits; /* of the pass: pass_sign() */
    struct pass_claims claims;
    enum language language;
    struct span gate_name;   /* UTF-8, in that language; escaped where need be */
    struct span declaration; /* its number; empty: no such row */
    int64_t window_from_s;   /* seconds since 1970; both 0: live queue */
    int64_t window_to_s;
};

enum { SHEET_ROWS_MAX = 6, SHEET_VALUE_ROOM = 64 };

struct sheet_row {
    const char *label;
    char value[SHEET_VALUE_ROOM];
};

/* "Gate pass" and "Plate" in the sheet's language; static texts. */
const char *sheet_title(const struct pass_sheet *sheet);
const char *sheet_plate_label(const struct pass_sheet *sheet);
/* The plate as it is painted on the truck, so that an officer compares like with like. */
void sheet_plate(const struct pass_sheet *sheet, char plate[PLATE_TEXT_ROOM]);
/* Number, declaration, direction, window, version, validity, in this order; returns how many. */
size_t sheet_rows(const struct pass_sheet *sheet, struct sheet_row rows[SHEET_ROWS_MAX]);

#endif
