/* SPDX-License-Identifier: MIT */
#include "common/db/statements.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"

/* More means that somebody builds SQL texts at run time. */
enum { STATEMENTS_MAX = 1024 };

static struct statement *statement_add(struct statements *statements, const char *text)
{
    struct statement *statement = calloc(1, sizeof *statement);
    unsigned number = HASH_COUNT(statements->table);

    CHECK(statement && number < STATEMENTS_MAX);
    statement->text = text;
    snprintf(statement->name, sizeof statement->name, "s%u", number);
    HASH_ADD_PTR(statements->table, text, statement);
    return statement;
}

struct statement *statements_find(struct statements *statements, const char *text)
{
    struct statement *statement;

    HASH_FIND_PTR(statements->table, &text, statement);
    return statement ? statement : statement_add(statements, text);
}

void statements_clear(struct statements *statements)
{
    struct statement *statement, *next;

    HASH_ITER(hh, statements->table, statement, next)
    {
        HASH_DEL(statements->table, statement);
        free(statement);
    }
}
