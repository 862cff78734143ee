/* SPDX-License-Identifier: MIT
 * The pass as plain UTF-8 text, for SMS and line printers: at most 42 columns for a usual gate
 * name, the digits in lines of one coding group (FORMAT.md §4), so that a wrong line is seen as
 * such.
 */
#ifndef COMMON_PASS_TEXT_H
#define COMMON_PASS_TEXT_H

#include "common/base/buffer.h"
#include "common/pass/sheet.h"

/* Appends the text. */
void pass_text_write(const struct pass_sheet *sheet, struct buffer *text);

#endif
