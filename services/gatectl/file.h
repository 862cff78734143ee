/* SPDX-License-Identifier: MIT
 * Small files: secrets and keys. Failures print one line.
 */
#ifndef SERVICES_GATECTL_FILE_H
#define SERVICES_GATECTL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/check.h"

enum { FILE_SIZE_MAX = 16 << 20 };

/* The first line without its end; false when it is empty, too long or unreadable. */
MUST_USE bool file_read_line(const char *path, char *line, size_t room);
/* The whole file, malloc'd and NUL-terminated; NULL after a line on standard error. "-" reads
 * standard input. */
char *file_read(const char *path, size_t *size);
/* Replaces the file as a whole, readable by its owner only (0600), who stays the same; on disk when
 * this returns: a crash leaves the old file or the new one, never half of it. */
MUST_USE bool file_write_secret(const char *path, const char *text, size_t size);

#endif
