/* SPDX-License-Identifier: MIT
 * Playing with real connections in a test: a loop of its own, queries that remember their answer,
 * waiting with an end.
 */
#ifndef TESTS_UNIT_PLAY_H
#define TESTS_UNIT_PLAY_H

#include <uv.h>

#include "common/db/conn.h"

/* A query and what became of it. */
struct asked {
    struct query query;
    int answers; /* times done was called: must end as 1 */
    enum fault fault;
    char state[6];   /* SQLSTATE */
    char value[128]; /* first field of the first row */
};

struct play {
    uv_loop_t loop;
    uv_timer_t end;
    bool is_late;
    int answers; /* of all queries */
    int ups;     /* on_state calls */
    int downs;
    char why[256];
};

void play_open(struct play *play);
/* Runs what is left until every handle is closed (10 s at most), then closes the loop. */
void play_close(struct play *play);
/* Turns the loop until *value >= wanted; false when that takes longer. */
bool play_until(struct play *play, const int *value, int wanted, int64_t ms);
/* Turns the loop for that long. */
void play_for(struct play *play, int64_t ms);

/* Options against that server: on_state counts in play; depth 64, statement timeout 2 s, connect
 * timeout 1 s. */
struct db_conn_options play_options(struct play *play, const char *url);
/* A query whose answer counts in play; parameter may be NULL: then there is none. */
void ask_init(struct asked *asked, const char *statement, const char *parameter);
/* The play that counts; one at a time. */
void play_counts(struct play *play);

/* One connection with its loop. */
struct single {
    struct play play;
    struct db_conn *conn;
};

/* Opened and READY; options NULL: the usual ones, to the cluster. */
void single_up(struct single *single, const struct db_conn_options *options);
void single_down(struct single *single);
/* The query must be taken. */
void single_ask(struct single *single, struct asked *asked, const char *statement,
                const char *parameter);
/* Waits until so many were answered in all, and not one more. */
void single_answered(struct single *single, int count);
/* Runs one statement over a connection of its own, which must succeed. The play that counted before
 * must be named again with play_counts(). */
void play_aside(const char *statement);

#endif
