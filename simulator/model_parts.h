/* SPDX-License-Identifier: MIT
 * What the files of the model share. model.c: the run and its events; model_steps.c: what each
 * crossing does next; model_stations.c: officers and places; model_lanes.c: calls and lanes.
 */
#ifndef SIMULATOR_MODEL_PARTS_H
#define SIMULATOR_MODEL_PARTS_H

#include "simulator/calendar.h"
#include "simulator/events.h"
#include "simulator/model.h"
#include "simulator/procedure.h"
#include "simulator/queue.h"

enum event_kind {
    EVENT_OPEN,    /* subject: gate */
    EVENT_CLOSE,   /* subject: gate */
    EVENT_HOUR,    /* the figures are read */
    EVENT_DECLARE, /* subject of all below but the lane's: crossing */
    EVENT_CANCEL,
    EVENT_EXPIRE,
    EVENT_ARRIVE,
    EVENT_STEP,      /* detail: the step's service is over */
    EVENT_HOLD_OVER, /* detail: step */
    EVENT_FAR_SIDE,  /* it stands before the far side */
    EVENT_COME,      /* it has come to its lane; detail: number of the call */
    EVENT_GRACE,     /* detail: number of the call it is about */
    EVENT_WAKE,      /* subject: gate; somebody may be called again */
    EVENT_LANE       /* subject: gate, detail: lane has served */
};

/* Where a step may have to wait. */
enum station_kind {
    STATION_NONE,    /* nowhere */
    STATION_ENTRY,   /* imports at the barrier: the gate lets in and the yard has room */
    STATION_BARRIER, /* exports and receiving vehicles there: the gate lets in */
    STATION_STAGING, /* exports: room in the staging yard */
    STATION_PLANT,
    STATION_ANIMAL,
    STATION_INSPECTION,
    STATION_DOCK,
    STATION_FEE,
    STATION_FAR_SIDE,
    STATION_COUNT
};

/* First in, first out; grows. */
struct line {
    uint32_t *at;
    size_t first, count, room;
};

struct station {
    int servers; /* 0: as many as are wanted */
    int busy;
    struct line line;
};

struct lane {
    struct lane_plan plan;
    int assigned; /* called for it and not served yet */
    bool is_busy;
    uint32_t served;
    struct line line; /* those that have come */
};

struct crossing {
    const struct passage *passage;
    struct place place;
    uint32_t required, done, begun, there;
    int64_t window_ms;  /* NEVER_MS: none */
    int64_t entered_ms; /* through the barrier */
    int64_t called_ms;
    uint64_t number; /* at its service; 0: the index is */
    uint8_t lane, calls, no_shows;
    uint8_t fate;
    bool is_declared, is_queued, is_inside, has_held;
    bool is_expected; /* a call that expects it is not answered yet */
};

enum { WINDOW_MS = 30 * MINUTE_MS, WINDOWS_COUNT = 48 * 160, WINDOWS_BEFORE_DAYS = 60 };

struct model_gate {
    const struct gate_plan *plan;
    struct calendar calendar;
    struct station stations[STATION_COUNT];
    struct lane lanes[LANES_MAX];
    struct queue queues[DIRECTION_COUNT];
    int inside;   /* vehicles */
    int reserved; /* for the receiving vehicles of imports that are in */
    int staging;
    uint32_t waiting; /* main vehicles that have come and are not called */
    uint32_t present; /* that have come and are not gone */
    int64_t rests_ms; /* nobody is called before */
    uint16_t windows[DIRECTION_COUNT][WINDOWS_COUNT];
};

struct model {
    const struct scenario *scenario;
    const struct day *day;
    struct tally *tally;
    model_listener *listener; /* NULL: nobody listens */
    void *owner;
    model_caller *caller; /* NULL: the queue decides */
    struct events events;
    int64_t now_ms, ends_ms;
    struct crossing *crossings;
    struct model_gate gates[GATES_MAX];
};

void line_add(struct line *line, uint32_t crossing);
uint32_t line_take(struct line *line);
void line_free(struct line *line);

struct model_gate *gate_of(struct model *model, const struct crossing *x);
uint32_t index_of(const struct model *model, const struct crossing *x);

/* Tells the listener; kind and what belongs to it are filled in already. */
void model_tell(struct model *model, const struct crossing *x, struct note note);

/* Begins every step that is free now, of the crossing alone. */
void crossing_advance(struct model *model, struct crossing *x);
/* The step's service is over: it is confirmed, held or refused. */
void crossing_step(struct model *model, struct crossing *x, enum step step);
void crossing_hold_over(struct model *model, struct crossing *x, enum step step);
/* It is over without exit. */
void crossing_end(struct model *model, struct crossing *x, enum fate fate);

/* Begins the step at its station, or lines up there. */
void station_ask(struct model *model, struct crossing *x, enum step step);
void station_far_side(struct model *model, struct crossing *x);
/* The service of the step is over: the next one's may begin. */
void station_release(struct model *model, struct crossing *x, enum step step);
/* Starts whoever in line can start now. */
void station_drain(struct model *model, struct model_gate *gate, enum station_kind kind);

int gate_room(const struct model_gate *gate);
/* Every free lane calls. */
void lanes_call(struct model *model, struct model_gate *gate);
/* It has left the queue for a lane, at a time that may lie a little back. */
void lane_takes(struct model *model, struct model_gate *gate, unsigned number, struct crossing *x,
                int64_t at_ms);
void lane_enter(struct model *model, struct crossing *x);
void lane_serve(struct model *model, struct model_gate *gate, struct lane *lane);
void lane_served(struct model *model, struct model_gate *gate, unsigned number);
/* The lane gets over a crossing that did not come or was turned back. */
void lane_forget(struct model *model, struct crossing *x);
void lane_grace_over(struct model *model, struct crossing *x, unsigned call);

#endif
