/* SPDX-License-Identifier: MIT
 * What a public board learns at once of an event: who is called, who has left, lanes, the calendar.
 * Without personal data; plates are masked as on the board itself.
 */
#ifndef SERVICES_GATED_BOARD_EVENT_H
#define SERVICES_GATED_BOARD_EVENT_H

#include <jansson.h>

#include "common/base/buffer.h"

/* body: the event's public part; adds: what else is known of it. Writes the name and the JSON
 * object, or nothing when it does not concern a board. */
void board_event_write(const char *type, const json_t *body, const json_t *adds,
                       struct buffer *name, struct buffer *object);
/* 29C12345 becomes 29C-***.45. */
void plate_mask(struct span plate, struct buffer *out);

#endif
