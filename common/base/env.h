/* SPDX-License-Identifier: MIT
 * Configuration from the environment, driven by one table per program, which is also its --help.
 */
#ifndef COMMON_BASE_ENV_H
#define COMMON_BASE_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_FLAG };

struct setting {
    const char *name; /* of the environment variable */
    enum setting_kind kind;
    const char *fallback; /* NULL: must be given */
    const char *help;     /* one line, with units */
    int64_t minimum;      /* numbers only */
    int64_t maximum;
    void *value; /* const char **, int64_t * or bool * */
};

/* Fills every value. False when one is missing or impossible: each such setting gets one line on
 * standard error. Text values point into the environment. */
bool env_read(const struct setting *settings, size_t count);
/* Prints the table to standard output. */
void env_print_help(const struct setting *settings, size_t count);

#endif
