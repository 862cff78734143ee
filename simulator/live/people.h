/* SPDX-License-Identifier: MIT
 * Whom a live run acts as: firms, officers at their kiosks, operators and supervisors, made through
 * the administrator's API for this run. Each kiosk has a key of its own, because what a device may
 * say of a time without network is bounded by when it was last seen. When the run is over, their
 * keys are taken back.
 */
#ifndef SIMULATOR_LIVE_PEOPLE_H
#define SIMULATOR_LIVE_PEOPLE_H

#include "simulator/live/lines.h"
#include "simulator/scenario.h"

enum agency {
    AGENCY_CUSTOMS,
    AGENCY_BORDER_GUARD,
    AGENCY_HEALTH,
    AGENCY_PLANT,
    AGENCY_ANIMAL,
    AGENCY_LICENCE,
    AGENCY_CENTRE,
    AGENCY_YARD,
    AGENCY_DESK, /* customs where declarations are registered, away from the lanes */
    AGENCY_OPERATOR,
    AGENCY_SUPERVISOR,
    AGENCY_COUNT
};

enum { FIRMS = 24, TOKEN_ROOM = 64, KIOSKS_MAX = LANES_MAX };

struct deed;

/* One officer with a device, or one firm. */
struct account {
    char token[TOKEN_ROOM];
    uint64_t key; /* its number, to take it back */
    uint8_t gate, agency, number;
    struct deed **kept; /* steps done without network, to be sent after it */
    size_t kept_count, kept_room;
};

struct people {
    struct account firms[FIRMS + 1]; /* the last: who hoards */
    struct account kiosks[GATES_MAX][AGENCY_COUNT][KIOSKS_MAX];
    uint8_t counts[GATES_MAX][AGENCY_COUNT];
    const char *admin;
    int64_t gate_time_ms;
    struct lines *lines;
    char failure[200]; /* the first; "": none */
};

/* Asks for all of them; done when the lines are idle again. serial tells runs apart. */
void people_hire(struct people *people, struct lines *lines, const struct scenario *scenario,
                 const char *admin, int64_t gate_time_ms, uint64_t serial);
void people_dismiss(struct people *people);
void people_free(struct people *people);

struct account *people_firm(struct people *people, uint32_t number, bool is_bot);
/* The device of an agency; number: of the lane, or any. */
struct account *people_kiosk(struct people *people, unsigned gate, enum agency agency,
                             unsigned number);
enum agency agency_of_step(enum step step);

#endif
