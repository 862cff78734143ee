/* SPDX-License-Identifier: MIT
 * The types of events: what a list of events may be asked for. gate.append_one and its kin write
 * them (sql/apply); a new one is entered here too.
 */
#ifndef SERVICES_GATED_EVENT_TYPES_H
#define SERVICES_GATED_EVENT_TYPES_H

#include <stdbool.h>

#include "common/base/span.h"

/* "called,step": one type or several with commas between, each of which there is. */
bool event_types_are_known(struct span list);

#endif
