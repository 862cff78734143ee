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

/* A lane is free for the first of a direction; expected: the crossing the rule would call. */
struct call {
    unsigned gate, lane;
    enum direction direction;
    uint32_t expected;
    int64_t at_ms;
};

#define NOBODY UINT32_MAX

typedef void model_caller(void *owner, const struct call *call);

/* Plays the days once. tally: initialised by the caller with tally_init. */
void model_run(const struct scenario *scenario, const struct day *day, struct tally *tally);
/* The same; tells each note to the listener as it happens. */
void model_run_told(const struct scenario *scenario, const struct day *day, struct tally *tally,
                    model_listener *listener, void *owner);

/* --- the same, event by event: for a live run, where somebody else decides who is called --------
 */

struct model;

struct model *model_new(const struct scenario *scenario, const struct day *day, struct tally *tally,
                        model_listener *listener, void *owner);
/* Adds where everybody stands to the tally. */
void model_free(struct model *model);
/* The time of the next event; NEVER_MS when the days are over. */
int64_t model_next_ms(const struct model *model);
/* Plays it. */
void model_step(struct model *model);
int64_t model_now_ms(const struct model *model);
/* From now on the caller is asked instead of the queue; each call is to be answered once. */
void model_ask(struct model *model, model_caller *caller);
/* Who was called: a crossing that waits or is expected, or NOBODY; then the lane rests a while. */
void model_called(struct model *model, const struct call *call, uint32_t called);
/* The number its service knows it by, which breaks ties; before it joins. */
void model_name(struct model *model, uint32_t crossing, uint64_t number);
/* It turned out to be over. */
void model_lost(struct model *model, uint32_t crossing, enum fate fate);

#endif
