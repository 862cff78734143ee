/* SPDX-License-Identifier: MIT
 * Numbers that people write with spaces, dots and dashes between the digits.
 */
#ifndef COMMON_FORM_DIGITS_H
#define COMMON_FORM_DIGITS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/span.h"

/* Folds typed (see fold.h) into at most room - 1 ASCII characters and a NUL. Returns how many, 0
 * when (and an empty text) when it is empty, too long or has other characters. */
size_t digits_fold(struct span typed, char *text, size_t room);
/* True when text is exactly count digits; it ends with NUL. */
bool digits_are(const char *text, size_t count);

#endif
