/* SPDX-License-Identifier: MIT
 * A bitmap font for captions under the PNG: digits, capital letters, dash and point, 5 by 7.
 */
#ifndef COMMON_PASS_FONT_H
#define COMMON_PASS_FONT_H

#include <stdbool.h>

enum { FONT_WIDTH = 5, FONT_HEIGHT = 7, FONT_ADVANCE = 6 };

/* True when there is a glyph for it. */
bool font_has(char character);
/* Whether the character is dark at column x and row y of its glyph. */
bool font_is_dark(char character, int x, int y);

#endif
