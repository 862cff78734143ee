/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/life.h"

#include <stdio.h>

#include "common/base/check.h"

/* Shares of the classes and channels: assumed. */
static const double CLASS_SHARES[DIRECTIONS][CLASSES] = {
    [IMPORT] = {0.08, 0.02, 0.45, 0.44, 0, 0.01},
    [EXPORT] = {0.68, 0.10, 0.04, 0.17, 0, 0.01},
};
static const double EXPORT_SHARE = 0.3, YELLOW_SHARE = 0.08, RED_SHARE = 0.04;
static const char *const GOODS[CLASSES] = {"08106000", "03061700", "85177900",
                                           "39269099", "87042369", "39269099"};

static void add_step(struct life *life, enum step step)
{
    if (life->required & (1 << step))
        life->script[life->steps++] = (unsigned char)step;
}

/* The order of the design's procedure, one of those that its partial order allows. */
static void write_script(struct life *life)
{
    static const unsigned char EXPORTS[] = {REGISTERED,
                                            YARD_IN,
                                            PLANT,
                                            ANIMAL,
                                            FEE_PAID,
                                            GATE_IN,
                                            HEALTH,
                                            LICENCE,
                                            INSPECTION,
                                            CUSTOMS_FINISH,
                                            BORDER_GUARD_FINISH,
                                            EXIT};
    static const unsigned char IMPORTS[] = {REGISTERED,
                                            GATE_IN,
                                            HEALTH,
                                            LICENCE,
                                            YARD_IN,
                                            PLANT,
                                            ANIMAL,
                                            FEE_PAID,
                                            INSPECTION,
                                            CUSTOMS_FINISH,
                                            BORDER_GUARD_FINISH,
                                            EXIT};
    const unsigned char *order = life->direction == EXPORT ? EXPORTS : IMPORTS;

    for (size_t i = 0; i < COUNT_OF(EXPORTS); i++)
        add_step(life, order[i]);
}

static void draw_plate(struct life *life)
{
    unsigned truck = (unsigned)((uint64_t)life->number * 7919 % FLEET); /* 7919 is prime to it */

    snprintf(life->plate, sizeof life->plate, "%02u%c%05u", 12 + truck % 4 * 17,
             "CHDR"[truck / 10000 % 4], truck % 100000);
}

void life_draw(struct life *life, const struct facts *facts, unsigned number, double holds,
               struct random *random)
{
    double channel = random_unit(random);
    enum direction d = random_is(random, EXPORT_SHARE) ? EXPORT : IMPORT;

    *life = (struct life){.number = number, .direction = d, .version = 1};
    life->gate = random_is(random, 1.0 / 3) ? 2 : 1;
    life->class = random_pick(random, CLASS_SHARES[d], CLASSES);
    life->firm = &facts->firms[random_next(random) % (unsigned)facts->firm_count];
    life->channel = channel < RED_SHARE                  ? "red"
                    : channel < RED_SHARE + YELLOW_SHARE ? "yellow"
                                                         : NULL;
    life->required = facts->always[d] | (life->class == PERISHABLE ? facts->perishable[d] : 0) |
                     (life->class == FROZEN_LIVE ? facts->frozen_live[d] : 0);
    draw_plate(life);
    /* the inspection becomes required with the channel; the script knows it already */
    int required = life->required;
    life->required |= life->channel ? facts->inspected[d] : 0;
    write_script(life);
    life->required = required;
    life->holds = (unsigned)holds + random_is(random, holds - (unsigned)holds);
}

bool life_waits(const struct life *life)
{
    unsigned char step = life->script[life->next];

    if (life->done & (1 << CALLED))
        return false;
    return life->direction == EXPORT ? step == GATE_IN
                                     : step == INSPECTION || step == CUSTOMS_FINISH;
}

const char *life_state(const struct life *life)
{
    enum {
        FINISHES = 1 << CUSTOMS_FINISH | 1 << BORDER_GUARD_FINISH,
        SERVED = 256 | 512 | FINISHES
    };
    int done = life->done;
    bool is_export = life->direction == EXPORT;
    bool has_come = (done & (SERVED | (is_export ? 2 | 4 | 8 : 0))) != 0;

    if (done & (1 << EXIT))
        return "exited";
    if (life->held)
        return "held";
    if (!(life->required & FINISHES & ~done))
        return "cleared";
    if (is_export && has_come)
        return "at_gate";
    if (done & (1 << CALLED))
        return has_come ? "in_yard" : "called";
    if (done & (1 << YARD_IN))
        return "queued";
    return !is_export && done & (1 << GATE_IN) ? "at_gate" : "declared";
}

void life_document(const struct life *life, const struct facts *facts, char text[DOCUMENT_ROOM])
{
    bool is_export = life->direction == EXPORT;
    int size = snprintf(
        text, DOCUMENT_ROOM,
        "{\"gate\": \"%s\", \"goods\": [{\"hs\": \"%s\", \"unit\": \"TNE\", \"value\": 54000, "
        "\"origin\": \"%s\", \"currency\": \"USD\", \"packages\": 1200, \"quantity\": 18, "
        "\"description\": \"Hàng mẫu\", \"net_weight_kg\": 18000, \"gross_weight_kg\": 19500}], "
        "\"vehicles\": [{\"seal\": \"VN%06u\", \"class\": \"VT6\", \"plate\": \"%s\", \"driver\": "
        "{\"name\": \"Nguyễn Văn An\", \"phone\": \"+84912345678\", \"document\": {\"type\": "
        "\"cccd\", \"number\": \"001099000001\"}}, \"nationality\": \"VN\"}], \"direction\": "
        "\"%s\", "
        "\"planned_arrival_ms\": %lld, \"receiving_vehicles\": [], \"customs_declarations\": "
        "[{\"type\": \"%s\", \"number\": \"%s%09u0\", \"office\": \"15BB\"}]}",
        facts->gates[life->gate].code, GOODS[life->class], is_export ? "VN" : "CN",
        life->number % 1000000, life->plate, DIRECTION_NAMES[life->direction],
        (long long)life->planned_ms, is_export ? "B11" : "A11", is_export ? "30" : "10",
        life->number);

    CHECK(size > 0 && size < DOCUMENT_ROOM);
}
