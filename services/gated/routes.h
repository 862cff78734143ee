/* SPDX-License-Identifier: MIT
 * The API is a table: every path of it, who may use it, and what answers it. The description served
 * at /openapi.json is compared with this table by a test.
 */
#ifndef SERVICES_GATED_ROUTES_H
#define SERVICES_GATED_ROUTES_H

#include <stddef.h>

#include "services/gated/request.h"

/* The rows, in the order in which they are searched: a literal segment stands before {name}. */
extern const struct route ROUTES[];
extern const size_t ROUTE_COUNT;

/* Finds the row and the path's parameters. NOT_FOUND when no row has the path; METHOD_NOT_ALLOWED,
 * with r->allow, when only the method is wrong. HEAD is answered as GET. */
MUST_USE enum fault route_find(struct request *r, struct span method, struct span path);
/* One line per row: method, path, verb, roles. For gated --routes. */
void routes_print(void);

#endif
