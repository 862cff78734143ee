/* SPDX-License-Identifier: MIT
 * The ledger of one gate as the service writes it: the public part hashed onto the chain, the
 * private part beside it under a salted digest (sql/070_ledger.sql, sql/apply/010_ledger.sql).
 */
#ifndef SIMULATOR_BENCH_HISTORY_BOOK_H
#define SIMULATOR_BENCH_HISTORY_BOOK_H

#include <stdint.h>

#include "simulator/bench/history/tables.h"
#include "simulator/random.h"

enum { BOOK_HASH_BYTES = 32, INSTANT_ROOM = 96 };

struct book {
    int number;
    const char *code;
    int64_t seq;
    unsigned char hash[BOOK_HASH_BYTES];
    int64_t clock_ms;
    struct random salts;
};

struct event {
    int64_t at_ms;
    const char *type;
    int64_t crossing;
    int firm;
    const char *shown;  /* inner text of the public object */
    const char *hidden; /* the same of the private one */
};

void book_init(struct book *book, int number, const char *code, uint64_t seed);
/* Returns the event's number. */
int64_t book_append(struct book *book, struct tables *tables, const struct event *event);

/* RFC 3339 with Hanoi's offset and quotes, "2026-11-22T13:32:05.223+07:00"; 0: null. */
const char *instant(int64_t ms, char text[INSTANT_ROOM]);
/* YYYYMMDD of the Hanoi day. */
int64_t hanoi_day(int64_t ms);

#endif
