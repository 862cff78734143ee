/* SPDX-License-Identifier: MIT
 * The pass as SVG 1.1: 72 mm wide, which both A4 and 80 mm thermal paper print at full size; black
 * and white only; title and description for screen readers. All drawing is text: no fonts, images
 * or scripts from elsewhere.
 */
#ifndef COMMON_PASS_SVG_H
#define COMMON_PASS_SVG_H

#include <stdbool.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/pass/sheet.h"

/* Appends the document. False, and nothing appended, when sheet->digits fit no QR code. */
MUST_USE bool pass_svg_write(const struct pass_sheet *sheet, struct buffer *svg);

#endif
