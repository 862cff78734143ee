/* SPDX-License-Identifier: MIT
 * What a keyboard scanner or a person typed into the one field of a kiosk: told apart by its form.
 *
 * All our numbers are digits only, because digits pass unchanged through Vietnamese input methods;
 * a long text with letters between digits is therefore a scan that Telex or VNI rewrote, and the
 * officer is told to turn them off. Not here: whether the number exists or the signature is right.
 */
#ifndef COMMON_FORM_SCAN_H
#define COMMON_FORM_SCAN_H

#include "common/base/span.h"
#include "common/form/plate.h"

enum scan_kind {
    SCAN_PASS,        /* digits of a signed pass, whole or not: the verifier says */
    SCAN_CROSSING,    /* 14 digits: 2 of the gate, 12 of the serial */
    SCAN_DECLARATION, /* YYYYMMDD, 2 of the gate, at least 4 of the count */
    SCAN_PLATE,
    SCAN_VIN,     /* a new vehicle has one instead of a plate */
    SCAN_MANGLED, /* was digits before an input method rewrote it */
    SCAN_UNREADABLE,
};

enum {
    CROSSING_DIGITS = 14,
    DECLARATION_DIGITS_MIN = 14,
    DECLARATION_DIGITS_MAX = 16,
    SCAN_DIGITS_MAX = 512, /* the longest pass has 340 */
};

struct scan {
    enum scan_kind kind;
    struct plate plate; /* of SCAN_PLATE */
    size_t size;
    char digits[SCAN_DIGITS_MAX + 1]; /* of the first three kinds, NUL-terminated; the VIN */
};

/* Never fails: what is nothing else is SCAN_UNREADABLE. */
void scan_read(struct span typed, struct scan *scan);
/* True when digits are exactly a crossing's id, or a declaration's number. */
bool scan_is_crossing(struct span digits);
bool scan_is_declaration(struct span digits);

#endif
