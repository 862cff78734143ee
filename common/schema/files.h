/* SPDX-License-Identifier: MIT
 * The embedded files as the build writes them; for schema.c only.
 */
#ifndef COMMON_SCHEMA_FILES_H
#define COMMON_SCHEMA_FILES_H

#include "common/schema/schema.h"

extern const struct schema_file SCHEMA_FILES[];
extern const size_t SCHEMA_FILE_COUNT;
extern const char SCHEMA_FUNCTIONS_CHECKSUM[];

#endif
