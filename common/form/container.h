/* SPDX-License-Identifier: MIT
 * Container numbers, ISO 6346: three letters of the owner, U, J or Z, six digits, a check digit.
 * A wrong check digit is a warning, not a failure (domain B7): boxes with one are on the road.
 */
#ifndef COMMON_FORM_CONTAINER_H
#define COMMON_FORM_CONTAINER_H

#include <stdbool.h>

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum { CONTAINER_SIZE = 11 };

struct container {
    char text[CONTAINER_SIZE + 1]; /* normalised, NUL-terminated: CSQU3054383 */
    bool is_check_right;
};

/* MESSAGE_NONE or MESSAGE_CONTAINER_FORMAT. */
MUST_USE enum message container_read(struct span typed, struct container *container);

#endif
