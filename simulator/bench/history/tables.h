/* SPDX-License-Identifier: MIT
 * The tables that take a history, as streams of rows, and what is done to them before and after:
 * secondary indexes and keys are dropped and made again, statistics are taken.
 */
#ifndef SIMULATOR_BENCH_HISTORY_TABLES_H
#define SIMULATOR_BENCH_HISTORY_TABLES_H

#include "simulator/bench/history/copy.h"

struct tables {
    struct copy event, secret, declaration, crossing, prediction, revocation, overtake, booking,
        reply;
    PGresult *indexes; /* to be made again: name, how to drop, how to make */
};

void tables_open(struct tables *tables, PGconn *db, const char *url);
void tables_close(struct tables *tables);
/* Makes the indexes again and takes statistics; says what it does on standard error. */
void tables_finish(struct tables *tables, PGconn *db);

#endif
