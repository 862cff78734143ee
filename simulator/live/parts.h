/* SPDX-License-Identifier: MIT
 * What the files of a live run share. live.c: the run and its clock; deeds.c: what is to be done,
 * in its turn; asks.c: as requests; answers.c: what came of it; outage.c: kiosks without network;
 * place.c: gates made ready; ledger.c, checks.c, strangers.c, database.c: what must hold; watch.c:
 * the machine; account.c: all of it as JSON.
 */
#ifndef SIMULATOR_LIVE_PARTS_H
#define SIMULATOR_LIVE_PARTS_H

#include <jansson.h>

#include "simulator/live/live.h"
#include "simulator/live/people.h"
#include "simulator/model.h"
#include "simulator/progress.h"

enum deed_kind {
    DEED_DECLARE,
    DEED_STEP,
    DEED_SCAN,
    DEED_POSITION,
    DEED_CALL,
    DEED_CANCEL,
    DEED_TURN_BACK,
};

/* One thing to be done at the service. Those of one declaration are done one after another. */
struct deed {
    struct ask ask;
    struct live *live;
    enum deed_kind kind;
    uint32_t crossing; /* index of the passage; of a call: whom it expects */
    enum step step;
    bool is_hold, is_joining, is_override;
    bool orders;  /* puts it into the queue or takes it out: a call that expects it waits */
    bool is_kept; /* done without network, waits for its end */
    bool is_sent;
    int64_t at_ms;
    uint64_t serial;
    struct call call;
    struct deed *chain_next;
    struct deed *prev, *next; /* all that is not answered, in the order of time */
    struct deed *call_next;
};

/* A passage at the service, and what of it was acknowledged. */
struct lived {
    uint64_t id;
    uint64_t declaration;      /* of main vehicles */
    char *digits;              /* of its pass */
    struct deed *first, *last; /* chain, of main vehicles */
    uint32_t passes, holds;    /* steps acknowledged */
    uint16_t calls;
    uint8_t lane;
    bool is_declared, is_cancelled, is_turned_back;
    bool is_lost;     /* the service ended it, and why is known */
    bool was_offline; /* some of its steps came after an outage */
    int64_t promised_ms;
    int32_t p50_s, p90_s; /* the wait it was shown when it joined; -1: none */
    int64_t called_ms;
};

/* A write that was acknowledged with its event. */
struct receipt {
    uint64_t seq;
    uint32_t crossing;
    uint8_t kind, step;
    bool is_hold;
};

struct live_gate {
    struct receipt *receipts;
    size_t receipt_count, receipt_room;
    uint64_t began_seq;  /* of the ledger, before this run */
    struct deed *calls;  /* that wait until the one they expect has joined */
    int server_room;     /* of its yard inside */
    bool overrides_yard; /* the scenario has more */
    uint64_t calls_as_expected, calls_else, calls_of_nobody;
    uint64_t conflicts;
};

/* Vehicles by what the service calls them. */
struct id_slot {
    uint64_t id;
    uint32_t crossing;
};

struct invariant {
    char name[80];
    char detail[240];
    bool holds;
    bool is_judged; /* false: only said */
};

enum { INVARIANTS_MAX = 32, REFUSALS_SHOWN = 3, WATCHED_MAX = 2 };

/* CPU and memory of a program, summed over its processes. */
struct watched {
    const char *name;
    int pid; /* 0: not known */
    double began_s, cpu_s;
    double memory_mib, memory_max_mib;
};

struct live {
    const struct live_wish *wish;
    const struct scenario *scenario;
    struct day day;
    struct tally *tally;
    struct model *model;
    uv_loop_t loop;
    uv_timer_t timer;
    uv_idle_t idle;
    uv_check_t check;
    struct lines lines;
    struct people people;
    struct progress progress;
    uint64_t run;     /* tells runs apart, in keys */
    int64_t epoch_ms; /* 0 of the scenario's time */
    int64_t begins_ms;
    int64_t at_ms; /* of the event that is played, or of what is sent beside the days */
    bool is_open, is_playing, is_ending; /* ending: a wish to stop is obeyed already */
    int64_t began_us;                    /* the machine's clock when the days began */
    int64_t paced_us, paced_from_ms;     /* and when the pace began, with the time it began at */
    int64_t took_us;
    uint64_t serial, done_count;
    uint32_t sent_by_hour[TALLY_DAYS_MAX * 24]; /* of the days' own time */
    struct lived *lived;
    struct deed *open; /* not answered, by time; kept ones among them */
    struct deed *open_calls;
    struct live_gate gates[GATES_MAX];
    struct id_slot *ids;
    size_t id_room, id_count;
    bool is_outage; /* kiosks have no network */
    uint64_t offline_items, offline_sent, offline_twice, offline_conflicts;
    uint64_t overrides, lapsed; /* steps only a supervisor could confirm; crossings that ended */
    uint64_t refusals;          /* not explained */
    char refused[REFUSALS_SHOWN][200];
    uint64_t promises, promises_halved, promises_kept; /* scored; by their P50; by their P90 */
    uint64_t looks, looks_refused;                     /* strangers' */
    uint64_t scans, scans_closed, scans_stopped; /* closed: who leaves after hours is told so */
    char stopped[80];                            /* why, the last time */
    struct watched watched[WATCHED_MAX];
    int64_t watched_ms;
    struct invariant invariants[INVARIANTS_MAX];
    unsigned invariant_count;
    char failure[240]; /* why it ended early; "": it did not */
};

/* deeds.c */
struct deed *deed_new(struct live *live, enum deed_kind kind, uint32_t crossing);
/* Takes it over: it is sent when its turn comes. */
void deed_issue(struct deed *deed);
/* It is answered for good: the next of its chain goes; frees it. */
void deed_over(struct deed *deed);
/* Sends it once more, as another request. */
void deed_again(struct deed *deed);
/* Drops what a crossing still wanted to do, but for what is under way: it is over. */
void chain_drop(struct live *live, uint32_t crossing);
/* The time of the earliest that is not answered, and of the earliest call; NEVER_MS: none. */
int64_t deeds_oldest_ms(const struct live *live);
int64_t calls_oldest_ms(const struct live *live);

/* asks.c */
void live_note(void *owner, const struct note *note);
void live_call(void *owner, const struct call *call);
/* Fills in the request of a deed when its turn comes: not all is known before. */
void deed_write(struct deed *deed);
const char *gate_code(const struct live *live, unsigned gate);

/* answers.c */
void deed_answered(struct ask *ask, int status, struct span body);
/* A step was confirmed with that event. */
void step_confirmed(struct live *live, uint32_t crossing, enum step step, bool is_hold,
                    struct span event);
void ids_add(struct live *live, uint64_t id, uint32_t crossing);
/* NOBODY: not one of ours. */
uint32_t ids_find(const struct live *live, uint64_t id);
uint64_t id_of(struct span text);

/* outage.c */
bool outage_keeps(const struct live *live, const struct deed *deed);
void outage_keep(struct deed *deed);
/* To be called as time goes on: begins and ends outages. */
void outage_tend(struct live *live);

/* place.c: what the scenario wants of gates and rules; false with the failure. */
bool place_find(struct live *live);
bool place_prepare(struct live *live);

/* live.c: accounts and gates made ready; NULL after saying why not. Its keys are taken back by
 * live_end. */
struct live *live_begin(const struct live_wish *wish, const struct scenario *scenario);
void live_end(struct live *live);
/* Runs the loop until all is answered; false when the service died or a stop is wanted. */
bool live_settle(struct live *live);
/* One request, waited for: its JSON and status; NULL: none. token may be NULL. */
json_t *live_get(struct live *live, const char *path, const char *token, int *status);
json_t *live_send(struct live *live, const char *method, const char *path, const char *token,
                  struct buffer *body, int *status);

/* checks.c and its kin */
void checks_run(struct live *live);
void invariant(struct live *live, bool holds, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* What is said beside them without a verdict: it could not be checked, or has no right and wrong.
 */
void remark(struct live *live, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void ledger_check(struct live *live, unsigned gate);
void strangers_check(struct live *live);
void database_check(struct live *live);

/* watch.c */
void watch_begin(struct live *live);
void watch_look(struct live *live);

#endif
