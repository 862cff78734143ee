/* SPDX-License-Identifier: MIT
 * The command line of gatesim.
 */
#ifndef SIMULATOR_OPTIONS_H
#define SIMULATOR_OPTIONS_H

#include <stdbool.h>

#include "simulator/scenario.h"

enum { SETS_MAX = 64 };

struct options {
    const char *command;     /* "--model" … */
    const char *operands[2]; /* scenarios or files */
    int operand_count;
    const char *sets[SETS_MAX]; /* --set: of all scenarios */
    int set_count;
    const char *withs[SETS_MAX]; /* --with: of the second one only */
    int with_count;
    int64_t seed;
    int64_t replications; /* 0: the scenario's */
    int64_t target;       /* -1: the scenario's */
    const char *url;      /* of a running service */
    const char *date;     /* of the first day there; NULL: the next one free */
    int64_t connections;
    int64_t patience_s;
    int64_t speed;         /* times real time; 0: as fast as it holds */
    int64_t fast_until_ms; /* of the first day: paced from then on only; -1: from the beginning */
    const char *json;      /* files to write; NULL: none; "-": standard output */
    const char *report;
    const char *folder; /* of the scenarios */
    uint32_t given;     /* which options stood there, a bit each */
};

/* One row per command: how main.c and --help know it. */
struct command {
    const char *name;
    int operands_least, operands_most;
    const char *operands;
    const char *help;
    int (*run)(const struct options *options);
};

/* False after saying what is wrong on standard error. */
bool options_read(struct options *options, int argc, char **argv, const struct command *commands,
                  int count);
void options_print_help(const struct command *commands, int count);
const struct command *command_find(const struct command *commands, int count, const char *name);

/* The n-th scenario with its --set and, for the second, --with; false after saying why. */
bool options_scenario(const struct options *options, int n, struct scenario *scenario);

#endif
