/* SPDX-License-Identifier: MIT
 * When a device was last heard from, by the clock of the ledgers it asked for: what it says to have
 * happened while it was away did not happen before that (design §7).
 */
#ifndef SERVICES_GATED_SIGHTING_H
#define SERVICES_GATED_SIGHTING_H

#include <stdint.h>

enum { SIGHTING_AWAY_MS = 30000 }; /* nothing came for so long: it was offline, or at rest */

struct sighting {
    int64_t seen_ms; /* 0: not */
    int64_t left_ms; /* when it was seen last before it was away; 0: it never was */
};

/* Notes that it is here. Returns left_ms. */
int64_t sighting_note(struct sighting *sighting, int64_t now_ms);

#endif
