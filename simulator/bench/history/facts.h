/* SPDX-License-Identifier: MIT
 * What the database says before there is a history: gates, lanes, rules, masks of the procedure,
 * people. Read once, so that the history follows the published rules and not a copy of them.
 */
#ifndef SIMULATOR_BENCH_HISTORY_FACTS_H
#define SIMULATOR_BENCH_HISTORY_FACTS_H

#include <libpq-fe.h>
#include <stdint.h>

enum { GATES = 2, CLASSES = 6, DIRECTIONS = 2, STEPS = 16, LANES_MAX = 16, FIRMS_MAX = 600 };
enum direction { IMPORT, EXPORT };
enum class { PERISHABLE, FROZEN_LIVE, ELECTRONICS, GENERAL, NEW_VEHICLE, EMPTY };
enum step {
    REGISTERED,
    GATE_IN,
    HEALTH,
    LICENCE,
    YARD_IN,
    CALLED,
    PLANT,
    ANIMAL,
    INSPECTION,
    FEE_PAID = 11,
    CUSTOMS_FINISH,
    BORDER_GUARD_FINISH,
    EXIT
};

struct gate_facts {
    char code[12];
    char route[24];
    int lanes[DIRECTIONS][LANES_MAX];
    int lane_count[DIRECTIONS];
    int places[DIRECTIONS]; /* of a window */
};

struct step_facts {
    char code[24];
    char agency[16];
    int officer; /* who confirms it: a principal */
};

struct firm_facts {
    int id;
    int principal;
};

struct facts {
    struct gate_facts gates[GATES + 1]; /* by number; 0 unused */
    struct step_facts steps[STEPS];
    struct firm_facts firms[FIRMS_MAX];
    int firm_count;
    int credits[CLASSES]; /* seconds */
    int rule, procedure;
    int64_t pass_ms, claim_ms;
    int always[DIRECTIONS], perishable[DIRECTIONS], frozen_live[DIRECTIONS],
        inspected[DIRECTIONS]; /* masks of a main vehicle */
    char pass_key[12];
    uint32_t class_type; /* oid of gate.goods_class */
};

extern const char *const CLASS_NAMES[CLASSES];
extern const char *const DIRECTION_NAMES[DIRECTIONS];

/* Ends the program unless the database is a sandbox without crossings. Adds firms through the
 * platform's own ledger until there are that many. */
void facts_read(struct facts *facts, PGconn *db, int firms);

#endif
