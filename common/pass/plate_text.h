/* SPDX-License-Identifier: MIT
 * A plate as it is painted on the truck, for people who compare the two. Claims hold it folded;
 * what is signed stays so. The same rule as the screens' (services/web/base/format.js).
 */
#ifndef COMMON_PASS_PLATE_TEXT_H
#define COMMON_PASS_PLATE_TEXT_H

#include "common/pass/claims.h"

enum { PLATE_TEXT_ROOM = PASS_PLATE_BYTES + 3 }; /* two separators more, and NUL */

/* 29C12345 gives 29C-123.45, 15C1234 gives 15C-1234, 桂F12345 gives 桂F·12345; anything else, as a
 * VIN, stays as it is. plate: at most PASS_PLATE_BYTES. */
void plate_text(const char *plate, char text[PLATE_TEXT_ROOM]);

#endif
