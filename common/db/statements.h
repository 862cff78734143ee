/* SPDX-License-Identifier: MIT
 * What one connection has prepared: SQL text (by its address) -> statement name. Lazily: a text is
 * prepared in front of its first use; until the server has said yes, further uses go unprepared,
 * so that a text that cannot be prepared fails its own query only.
 */
#ifndef COMMON_DB_STATEMENTS_H
#define COMMON_DB_STATEMENTS_H

#include <uthash.h>

enum statement_state { STATEMENT_NEW, STATEMENT_ASKED, STATEMENT_PREPARED };

struct statement {
    const char *text; /* the key is the address */
    char name[16];
    enum statement_state state;
    UT_hash_handle hh;
};

/* {0} is an empty set. */
struct statements {
    struct statement *table;
};

/* The statement of that text, NEW when it was not known. Stays valid until statements_clear(). */
struct statement *statements_find(struct statements *statements, const char *text);
/* The connection is gone, and with it everything prepared. */
void statements_clear(struct statements *statements);

#endif
