/* SPDX-License-Identifier: MIT
 * The pass as PNG, for chat programs and label printers: the QR code with its quiet zone and, below
 * it, plate and crossing number. 1 bit, 203 dpi. Chinese characters of a plate, and the dot behind
 * them, are left out of the caption (the SVG has them): a font for them would outweigh the program.
 */
#ifndef COMMON_PASS_PNG_H
#define COMMON_PASS_PNG_H

#include <stdbool.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/pass/sheet.h"

/* Appends the file. False, and nothing appended, when sheet->digits fit no QR code. */
MUST_USE bool pass_png_write(const struct pass_sheet *sheet, struct buffer *png);

#endif
