/* SPDX-License-Identifier: MIT
 * Digits as a QR code (ISO/IEC 18004): one segment in numeric mode, error correction level M, the
 * smallest version that holds it. 340 digits need version 8, 49 modules a side.
 */
#ifndef COMMON_PASS_QR_H
#define COMMON_PASS_QR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/check.h"
#include "common/base/span.h"

enum {
    QR_WIDTH_MAX = 49,  /* modules */
    QR_QUIET = 4,       /* modules of white that must surround the symbol */
    QR_DOTS_PER_MM = 8, /* of a 203 dpi thermal printer: modules are whole dots of it */
    QR_SYMBOL_MM = 35,  /* the least side of the symbol in print, quiet zone not counted */
};

struct qr {
    int width;                                /* modules a side, quiet zone not counted */
    uint8_t dark[QR_WIDTH_MAX][QR_WIDTH_MAX]; /* [row][column], 1 = dark */
};

/* False when digits is empty, holds anything but digits, or is longer than the widest holds. */
MUST_USE bool qr_make(struct span digits, struct qr *qr);
/* Printer dots a module takes so that the symbol is QR_SYMBOL_MM wide at least. */
int qr_module_dots(const struct qr *qr);

#endif
