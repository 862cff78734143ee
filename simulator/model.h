/* SPDX-License-Identifier: MIT
 * The gates without a server: the same days, queue rule, windows, no-shows and procedures, played
 * as a discrete-event simulation. What it simplifies is listed in simulator/README.md.
 */
#ifndef SIMULATOR_MODEL_H
#define SIMULATOR_MODEL_H

#include "simulator/day.h"
#include "simulator/tally.h"

/* Plays the days once. tally: initialised by the caller with tally_init. */
void model_run(const struct scenario *scenario, const struct day *day, struct tally *tally);

#endif
