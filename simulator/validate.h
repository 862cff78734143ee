/* SPDX-License-Identifier: MIT
 * The model against published figures, and the fit of its one free parameter (simulator/FIT.md).
 */
#ifndef SIMULATOR_VALIDATE_H
#define SIMULATOR_VALIDATE_H

#include <stdio.h>

#include "simulator/scenario.h"

/* Prints published figure, model and deviation for each; false when a scenario cannot be read. */
bool validate_print(const char *folder, uint64_t seed, uint32_t replications, FILE *out,
                    struct scenario_error *error);
/* Finds the median of the lanes' law that gives the exits of June 2023 at the first gate. */
bool fit_print(const char *folder, uint64_t seed, uint32_t replications, FILE *out,
               struct scenario_error *error);

#endif
