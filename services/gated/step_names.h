/* SPDX-License-Identifier: MIT
 * The steps by their bit, as the database names them: how a mask of steps becomes a list in a
 * reply.
 */
#ifndef SERVICES_GATED_STEP_NAMES_H
#define SERVICES_GATED_STEP_NAMES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/span.h"

enum { STEP_BITS = 31, STEP_NAME_ROOM = 96 };

struct step_names {
    char items[STEP_BITS][STEP_NAME_ROOM]; /* {"step":"...","agency":"..."}; "" for no such step */
};

/* Reads [{"bit","step","agency"},...]; false when it is something else. */
bool step_names_read(const json_t *rows, struct step_names *names);
/* The bit of the step with that code; -1 when there is none. */
int step_names_find(const struct step_names *names, struct span code);
/* The steps of the mask as a JSON array, in the order of their bits. */
void step_names_write(const struct step_names *names, uint32_t mask, struct buffer *out);

#endif
