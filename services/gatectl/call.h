/* SPDX-License-Identifier: MIT
 * One call of the command line: its verb, options and operands, read by one table that is also
 * the --help.
 */
#ifndef SERVICES_GATECTL_CALL_H
#define SERVICES_GATECTL_CALL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

enum { CALL_OPTIONS_MAX = 10, CALL_OPERANDS_MAX = 2 };

enum exit_code {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,  /* asked correctly, and the answer is no: a check failed, a rule refuses */
    EXIT_USAGE = 2,    /* the command line is wrong; nothing was done */
    EXIT_DATABASE = 3, /* the database or a file cannot be reached or failed */
};

struct option {
    const char *name;  /* "--gate" */
    const char *value; /* what --help calls its value; NULL: a flag */
    const char *help;
    bool is_required;
};

struct call;

struct verb {
    const char *subject;  /* "firm" */
    const char *name;     /* "add"; NULL when the subject is the verb */
    const char *operands; /* as --help shows them; NULL: none */
    int operands_min;
    int operands_max;
    const char *summary; /* one line */
    const char *details; /* paragraphs for --help; NULL: none */
    bool needs_database;
    enum exit_code (*run)(struct call *call);
    struct option options[CALL_OPTIONS_MAX]; /* ends with a NULL name */
};

struct call {
    const struct verb *verb;
    const char *url; /* of the database; NULL: none was given */
    PGconn *db;      /* open while the verb runs, when it needs one */
    const char *values[CALL_OPTIONS_MAX];
    const char *operands[CALL_OPERANDS_MAX];
    int operand_count;
};

/* Reads the words behind the verb, which must be UTF-8 that can be shown. False after one line on
 * standard error said what is wrong. */
bool call_read(struct call *call, int count, char **words);
/* The value of an option ("" for a flag that was given), NULL when it was not given. The name must
 * be one of the verb's. */
const char *call_option(const struct call *call, const char *name);
/* The --help of one verb, on standard output. */
void verb_print_help(const struct verb *verb);

#endif
