/* SPDX-License-Identifier: MIT
 * Lists on standard output: aligned columns, one row per line.
 */
#ifndef SERVICES_GATECTL_TABLE_H
#define SERVICES_GATECTL_TABLE_H

#include <jansson.h>

enum { TABLE_COLUMNS_MAX = 10 };

struct column {
    const char *title;
    const char *member; /* of each item; arrays are joined with commas, null is shown as "-" */
};

/* Prints an array of objects; columns end with a NULL title. */
void table_print(const json_t *items, const struct column *columns);

#endif
