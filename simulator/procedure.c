/* SPDX-License-Identifier: MIT */
#include "simulator/procedure.h"

#include "common/base/check.h"

enum need {
    NEED_ALWAYS,
    NEED_PERISHABLE,
    NEED_FROZEN_LIVE,
    NEED_INSPECTED,
    NEED_RECEIVING,
};

struct row {
    enum step step;
    enum need need;
    uint32_t own;
    uint32_t any_receiving;
    uint32_t any_main;
    uint32_t every_main;
    uint32_t practice; /* steps and THERE_ bits that practice waits for besides */
};

#define REGISTERED   STEP_BIT(STEP_REGISTERED)
#define GATE_IN      STEP_BIT(STEP_GATE_IN)
#define HEALTH       STEP_BIT(STEP_HEALTH)
#define LICENCE      STEP_BIT(STEP_LICENCE)
#define YARD_IN      STEP_BIT(STEP_YARD_IN)
#define CALLED       STEP_BIT(STEP_CALLED)
#define TRANSSHIPPED STEP_BIT(STEP_TRANSSHIPPED)
#define LOADED       STEP_BIT(STEP_LOADED)
#define FEE_PAID     STEP_BIT(STEP_FEE_PAID)
#define CHECKS                                                                                     \
    (LICENCE | STEP_BIT(STEP_PLANT) | STEP_BIT(STEP_ANIMAL) | STEP_BIT(STEP_INSPECTION) | FEE_PAID)
#define EVERY_OTHER (~STEP_BIT(STEP_EXIT))

static const struct row EXPORT_MAIN[] = {
    {STEP_REGISTERED, NEED_ALWAYS, 0, 0, 0, 0, 0},
    {STEP_YARD_IN, NEED_ALWAYS, REGISTERED, 0, 0, 0, THERE_ARRIVED},
    {STEP_CALLED, NEED_ALWAYS, YARD_IN, 0, 0, 0, 0},
    {STEP_GATE_IN, NEED_ALWAYS, CALLED, 0, 0, 0, THERE_CAME},
    {STEP_HEALTH, NEED_ALWAYS, GATE_IN, 0, 0, 0, THERE_PASSED},
    {STEP_LICENCE, NEED_ALWAYS, GATE_IN, 0, 0, 0, THERE_PASSED},
    {STEP_PLANT, NEED_PERISHABLE, YARD_IN, 0, 0, 0, 0},
    {STEP_ANIMAL, NEED_FROZEN_LIVE, YARD_IN, 0, 0, 0, 0},
    {STEP_INSPECTION, NEED_INSPECTED, GATE_IN, 0, 0, 0, THERE_PASSED},
    {STEP_FEE_PAID, NEED_ALWAYS, REGISTERED, 0, 0, 0, YARD_IN},
    {STEP_CUSTOMS_FINISH, NEED_ALWAYS, GATE_IN | CHECKS, 0, 0, 0, 0},
    {STEP_BORDER_GUARD_FINISH, NEED_ALWAYS, GATE_IN | HEALTH, 0, 0, 0, 0},
    {STEP_EXIT, NEED_ALWAYS, EVERY_OTHER, 0, 0, 0, 0},
};

static const struct row IMPORT_MAIN[] = {
    {STEP_REGISTERED, NEED_ALWAYS, 0, 0, 0, 0, 0},
    {STEP_GATE_IN, NEED_ALWAYS, REGISTERED, 0, 0, 0, THERE_ARRIVED},
    {STEP_HEALTH, NEED_ALWAYS, GATE_IN, 0, 0, 0, 0},
    {STEP_LICENCE, NEED_ALWAYS, GATE_IN, 0, 0, 0, 0},
    {STEP_YARD_IN, NEED_ALWAYS, GATE_IN, 0, 0, 0, 0},
    {STEP_CALLED, NEED_ALWAYS, YARD_IN, 0, 0, 0, 0},
    {STEP_PLANT, NEED_PERISHABLE, YARD_IN, 0, 0, 0, 0},
    {STEP_ANIMAL, NEED_FROZEN_LIVE, YARD_IN, 0, 0, 0, 0},
    {STEP_INSPECTION, NEED_INSPECTED, CALLED, 0, 0, 0, THERE_PASSED},
    {STEP_TRANSSHIPPED, NEED_RECEIVING, CALLED, GATE_IN, 0, 0, THERE_PASSED},
    {STEP_FEE_PAID, NEED_ALWAYS, REGISTERED, 0, 0, 0, GATE_IN},
    {STEP_CUSTOMS_FINISH, NEED_ALWAYS, CALLED | TRANSSHIPPED | CHECKS, 0, 0, 0, THERE_PASSED},
    {STEP_BORDER_GUARD_FINISH, NEED_ALWAYS, GATE_IN | HEALTH, 0, 0, 0, THERE_PASSED},
    {STEP_EXIT, NEED_ALWAYS, EVERY_OTHER, 0, 0, 0, 0},
};

static const struct row IMPORT_RECEIVING[] = {
    {STEP_REGISTERED, NEED_ALWAYS, 0, 0, 0, 0, 0},
    {STEP_GATE_IN, NEED_ALWAYS, REGISTERED, 0, YARD_IN, 0, THERE_ARRIVED},
    {STEP_LOADED, NEED_ALWAYS, GATE_IN, 0, TRANSSHIPPED, 0, 0},
    {STEP_CUSTOMS_FINISH, NEED_ALWAYS, LOADED, 0, 0, FEE_PAID, 0},
    {STEP_EXIT, NEED_ALWAYS, EVERY_OTHER, 0, 0, 0, 0},
};

struct rows {
    const struct row *at;
    size_t count;
};

static struct rows rows_of(enum role role, enum direction direction)
{
    if (role == ROLE_RECEIVING)
        return (struct rows){IMPORT_RECEIVING, COUNT_OF(IMPORT_RECEIVING)};
    if (direction == DIRECTION_EXPORT)
        return (struct rows){EXPORT_MAIN, COUNT_OF(EXPORT_MAIN)};
    return (struct rows){IMPORT_MAIN, COUNT_OF(IMPORT_MAIN)};
}

uint32_t procedure_required(enum role role, enum direction direction, enum goods_class class,
                            bool is_inspected, bool has_receiving)
{
    const bool holds[] = {
        [NEED_ALWAYS] = true,
        [NEED_PERISHABLE] = class == CLASS_PERISHABLE,
        [NEED_FROZEN_LIVE] = class == CLASS_FROZEN_LIVE,
        [NEED_INSPECTED] = is_inspected,
        [NEED_RECEIVING] = has_receiving,
    };
    struct rows rows = rows_of(role, direction);
    uint32_t required = 0;

    for (size_t i = 0; i < rows.count; i++)
        if (holds[rows.at[i].need])
            required |= STEP_BIT(rows.at[i].step);
    return required;
}

static bool is_free(const struct row *row, uint32_t need, const struct across *across)
{
    /* without a receiving vehicle left, what only those make necessary is waived */
    uint32_t own = across->receiving ? row->own : row->own & ~TRANSSHIPPED;

    return (own & need) == 0 &&
           (!across->receiving || !(row->any_receiving & ~across->any_receiving)) &&
           !(row->any_main & ~across->any_main) && !(row->every_main & ~across->every_main);
}

uint32_t procedure_open(enum role role, enum direction direction, uint32_t required, uint32_t done,
                        const struct across *across)
{
    struct rows rows = rows_of(role, direction);
    uint32_t left = required & ~done & ~CALLED;
    uint32_t open = 0;

    if (!across->receiving)
        left &= ~TRANSSHIPPED;
    for (size_t i = 0; i < rows.count; i++)
        if ((left & STEP_BIT(rows.at[i].step)) && is_free(&rows.at[i], required & ~done, across))
            open |= STEP_BIT(rows.at[i].step);
    return open;
}

uint32_t procedure_startable(enum role role, enum direction direction, uint32_t open, uint32_t done,
                             uint32_t there)
{
    struct rows rows = rows_of(role, direction);
    uint32_t startable = 0;

    for (size_t i = 0; i < rows.count; i++)
        if ((open & STEP_BIT(rows.at[i].step)) && !(rows.at[i].practice & ~(done | there)))
            startable |= STEP_BIT(rows.at[i].step);
    return startable;
}
