/* SPDX-License-Identifier: MIT
 * What people and keyboard scanners type for the same plate or number, folded to one writing: upper
 * case, fullwidth forms and lookalikes (Đ, Cyrillic, Greek) as ASCII, spaces and separators gone.
 * Domain B3. Chinese characters stay; nothing is transliterated beyond that.
 */
#ifndef COMMON_FORM_FOLD_H
#define COMMON_FORM_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/span.h"

/* Takes one code point off the front of text. False when text is empty or not UTF-8 there
 * (RFC 3629: overlong forms and surrogates are refused too); text is then left as it was. */
bool utf8_take(struct span *text, uint32_t *code);
/* Writes the code point, 1 to 4 bytes; returns how many. It must be a Unicode scalar value. */
size_t utf8_put(uint32_t code, char out[4]);

/* The code point folded; 0 when it is a separator and disappears. */
uint32_t fold_code(uint32_t code);
/* All of text folded into at most room code points. False when it is not UTF-8 or needs more. */
bool fold_codes(struct span text, uint32_t *codes, size_t room, size_t *count);

#endif
