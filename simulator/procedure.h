/* SPDX-License-Identifier: MIT
 * The published procedures as data (design: steps and states; the same rows as the service's seed),
 * and beside them what practice adds: a step starts only once somebody is there.
 */
#ifndef SIMULATOR_PROCEDURE_H
#define SIMULATOR_PROCEDURE_H

#include <stdbool.h>

#include "simulator/words.h"

/* What practice waits for, as bits above the steps: the truck stands at the gate; it has come to
 * its lane after the call; its lane has let it pass. */
#define THERE_ARRIVED (UINT32_C(1) << 16)
#define THERE_CAME    (UINT32_C(1) << 17)
#define THERE_PASSED  (UINT32_C(1) << 18)

/* What a declaration's crossings have done together, for prerequisites that look across; a step
 * somebody does not require counts as done. */
struct across {
    uint32_t any_receiving, all_receiving;
    uint32_t any_main, every_main;
    unsigned receiving; /* how many of them there are */
};

uint32_t procedure_required(enum role role, enum direction direction, enum goods_class class,
                            bool is_inspected, bool has_receiving);
/* The steps that may be confirmed now by the published procedure. called is never among them. */
uint32_t procedure_open(enum role role, enum direction direction, uint32_t required, uint32_t done,
                        const struct across *across);
/* Of those steps, the ones that can begin by practice: there holds the THERE_ bits. */
uint32_t procedure_startable(enum role role, enum direction direction, uint32_t open, uint32_t done,
                             uint32_t there);

#endif
