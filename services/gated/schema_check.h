/* SPDX-License-Identifier: MIT
 * Whether the database has exactly the schema this build was made for. Only looked at at the start:
 * a database that is migrated under a running server keeps serving it.
 */
#ifndef SERVICES_GATED_SCHEMA_CHECK_H
#define SERVICES_GATED_SCHEMA_CHECK_H

#include <stdbool.h>

#include "common/base/span.h"

/* migrations: the answer of api.migrations. False: it is not, and one log line says what to do. */
bool schema_is_ours(struct span migrations);

#endif
