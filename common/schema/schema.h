/* SPDX-License-Identifier: MIT
 * The database schema this build was made for: every file of sql/, embedded, with its checksum.
 * The administrator's tool applies it; the server only compares it with what a database records.
 * Deliberately absent: talking to a database.
 */
#ifndef COMMON_SCHEMA_SCHEMA_H
#define COMMON_SCHEMA_SCHEMA_H

#include <stddef.h>

#include "common/base/span.h"

enum schema_kind {
    SCHEMA_MIGRATION, /* sql/NNN_name.sql: run once, forward only */
    SCHEMA_FUNCTIONS, /* sql/apply, sql/read: created again whenever one of them changed */
    SCHEMA_SEED,      /* sql/seed: data, by purpose */
};

/* The number under which the joint checksum of all functions is recorded. */
enum { SCHEMA_FUNCTIONS_NUMBER = 9000 };

struct schema_file {
    enum schema_kind kind;
    int number;           /* of a migration; else 0 */
    const char *name;     /* "base", "apply/platform", "sandbox" */
    const char *checksum; /* SHA-256, lower-case hex */
    struct span text;     /* NUL-terminated behind its end */
};

/* What a database records of one migration, or of the functions. */
struct schema_row {
    int number;
    const char *checksum;
};

enum schema_state {
    SCHEMA_CURRENT, /* exactly this build's schema */
    SCHEMA_OLDER,   /* migrations or functions of this build are missing: migrate */
    SCHEMA_NEWER,   /* a migration this build does not know: use a newer build */
    SCHEMA_EDITED,  /* a migration was changed after it had run */
};

/* The index-th file of that kind, in the order in which they are run; NULL behind the last. */
const struct schema_file *schema_file(enum schema_kind kind, size_t index);
/* The seed of that name; NULL when there is none. */
const struct schema_file *schema_seed(const char *name);
/* The number of the last migration; 0 when there is none. */
int schema_version(void);
/* SHA-256 in hex over the names and checksums of all functions. */
const char *schema_functions_checksum(void);

/* Compares what a database records, in any order, with this build. Sets *number to the first
 * migration that is missing, unknown or edited (SCHEMA_FUNCTIONS_NUMBER: the functions), or to 0.
 */
enum schema_state schema_judge(const struct schema_row *rows, size_t count, int *number);

#endif
