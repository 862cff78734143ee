/* SPDX-License-Identifier: MIT
 * The days of a scenario against a running service, over HTTP only: the model decides what happens
 * and when, the service decides who is called; Gate-Time moves a sandbox's clock.
 */
#ifndef SIMULATOR_LIVE_LIVE_H
#define SIMULATOR_LIVE_LIVE_H

#include "simulator/outcome.h"

/* What is wanted of a live run. */
struct live_wish {
    const char *url;
    unsigned connections;
    double speed;          /* times real time; 0: as fast as it holds */
    const char *date;      /* of the first measured day, YYYY-MM-DD; NULL: the next one free */
    int64_t fast_until_ms; /* of that day: only after it the speed counts */
    uint64_t seed;
    int64_t patience_ms; /* without any answer the service is taken for dead */
};

struct live;

/* Plays the days; the outcome gets the run's figures when it went to the end or was stopped. NULL
 * after saying why it could not begin. */
struct live *live_run(const struct live_wish *wish, struct outcome *outcome);
void live_free(struct live *live);
/* All that must hold holds, and it went to the end. */
bool live_passes(const struct live *live);
/* Adds what only a live run has to the outcome's JSON (simulator/report.h). */
void live_account(const struct live *live, json_t *outcome);

#endif
