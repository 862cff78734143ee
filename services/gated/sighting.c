/* SPDX-License-Identifier: MIT */
#include "services/gated/sighting.h"

int64_t sighting_note(struct sighting *sighting, int64_t now_ms)
{
    if (sighting->seen_ms && now_ms - sighting->seen_ms >= SIGHTING_AWAY_MS)
        sighting->left_ms = sighting->seen_ms;
    if (now_ms > sighting->seen_ms)
        sighting->seen_ms = now_ms;
    return sighting->left_ms;
}
