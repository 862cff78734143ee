/* SPDX-License-Identifier: MIT
 * What gatesim can be asked; each returns the exit status.
 */
#ifndef SIMULATOR_COMMANDS_H
#define SIMULATOR_COMMANDS_H

#include <jansson.h>

#include "simulator/options.h"

enum { EXIT_AS_WISHED = 0, EXIT_NOT = 1, EXIT_WRONG = 2 };

int command_model(const struct options *options);
int command_check(const struct options *options);
int command_max(const struct options *options);
int command_compare(const struct options *options);
int command_ledger(const struct options *options);
int command_diff(const struct options *options);
int command_replay(const struct options *options);
int command_validate(const struct options *options);
int command_fit(const struct options *options);

/* The target asked for, or the scenario's. */
int32_t command_target(const struct options *options, const struct scenario *scenario);
/* True when standard output is for the JSON alone. */
bool command_prints_json(const struct options *options);
/* Writes --json and --report; false after saying what could not be written. */
bool command_save(const struct options *options, const json_t *outcome);

#endif
