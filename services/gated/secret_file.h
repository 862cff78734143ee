/* SPDX-License-Identifier: MIT
 * A small file with a secret in it, read at the start and on SIGHUP.
 */
#ifndef SERVICES_GATED_SECRET_FILE_H
#define SERVICES_GATED_SECRET_FILE_H

enum { SECRET_FILE_MAX = 1 << 20 };

/* The whole file, malloc'd and NUL-terminated; NULL after a line in the log. */
char *secret_file_read(const char *path);

#endif
