/* SPDX-License-Identifier: MIT
 * The gates without a server: the same days, queue rule, windows, no-shows and procedures, played
 * as a discrete-event simulation. What it simplifies is listed in simulator/README.md.
 */
#ifndef SIMULATOR_MODEL_H
#define SIMULATOR_MODEL_H

#include "simulator/day.h"
#include "simulator/tally.h"

enum note_kind {
    NOTE_DECLARED,
    NOTE_STEP,    /* step, is_hold; joining: joined_ms and rank_ms besides */
    NOTE_CALLED,  /* lane */
    NOTE_NO_SHOW, /* eligible_ms; NEVER_MS: it is over */
    NOTE_ENDED    /* fate: cancelled, expired, turned back */
};

/* What a gate's ledger would hold, for those who want to follow. */
struct note {
    enum note_kind kind;
    int64_t at_ms;
    const struct passage *passage;
    uint32_t crossing; /* index of the passage */
    enum step step;
    bool is_hold, is_joining;
    int64_t joined_ms, rank_ms, eligible_ms;
    unsigned lane;
    enum fate fate;
};

typedef void model_listener(void *owner, const struct note *note);

/* Plays the days once. tally: initialised by the caller with tally_init. */
void model_run(const struct scenario *scenario, const struct day *day, struct tally *tally);
/* The same; tells each note to the listener as it happens. */
void model_run_told(const struct scenario *scenario, const struct day *day, struct tally *tally,
                    model_listener *listener, void *owner);

#endif
