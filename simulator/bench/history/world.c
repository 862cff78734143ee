/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "simulator/bench/history/deeds.h"

enum { PER_DAY = 1187, DAY_MS = 86400000, MINUTE_MS = 60000, HANOI_MS = 7 * 3600000 };
enum { LEAD_LEAST_MS = 2 * 3600000, LEAD_MOST_MS = 30 * 3600000, SPAN_MS = 13 * 3600000 };
enum { OPENS_MS = 7 * 3600000, LAST_LEAVE_MS = 6 * 3600000 }; /* behind midnight */
static const double STEP_MIN = 6, CALL_MIN = 25, REGISTERED_MIN = 40, LATE_MIN = 20;
static const double OVERTAKES = 0.003;

/* ---- turns in order of time ----------------------------------------------------------------- */

static bool is_before(const struct turn *a, const struct turn *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void turn_add(struct world *world, struct turn turn)
{
    size_t i = world->turn_count++;

    if (world->turn_count > world->turn_room) {
        world->turn_room = world->turn_room ? 2 * world->turn_room : 4096;
        world->turns = realloc(world->turns, world->turn_room * sizeof *world->turns);
        CHECK(world->turns);
    }
    turn.order = world->orders++;
    for (; i > 0 && is_before(&turn, &world->turns[(i - 1) / 2]); i = (i - 1) / 2)
        world->turns[i] = world->turns[(i - 1) / 2];
    world->turns[i] = turn;
}

static struct turn turn_take(struct world *world)
{
    struct turn first = world->turns[0], last = world->turns[--world->turn_count];
    size_t i = 0, child;

    while ((child = 2 * i + 1) < world->turn_count) {
        child += child + 1 < world->turn_count &&
                 is_before(&world->turns[child + 1], &world->turns[child]);
        if (!is_before(&world->turns[child], &last))
            break;
        world->turns[i] = world->turns[child];
        i = child;
    }
    world->turns[i] = last;
    return first;
}

/* Exponential, at least a second. */
static int64_t gap_ms(struct world *world, double minutes)
{
    return 1000 + (int64_t)(-log(1 - random_unit(&world->random)) * minutes * MINUTE_MS);
}

static void step_later(struct world *world, struct life *life, int64_t at_ms)
{
    turn_add(world, (struct turn){.at_ms = at_ms, .life = life});
}

/* ---- what is done in a turn ----------------------------------------------------------------- */

/* Its next step, unless that waits for the call. An arrival comes about when it was planned. */
static void go_on(struct world *world, struct life *life, int64_t now_ms)
{
    int64_t next_ms = now_ms + gap_ms(world, STEP_MIN), arrives_ms;

    life->is_parked = life_waits(life);
    if (life->is_parked)
        return;
    if (life->next == 1) {
        arrives_ms =
            life->planned_ms + (int64_t)(random_normal(&world->random) * LATE_MIN * MINUTE_MS);
        next_ms = arrives_ms > next_ms ? arrives_ms : next_ms;
    }
    step_later(world, life, next_ms);
}

static void step_turn(struct world *world, struct life *life, int64_t now_ms)
{
    enum step step = life->script[life->next];

    if (!life->id) {
        deed_declare(world, life, now_ms);
        step_later(world, life, now_ms + gap_ms(world, REGISTERED_MIN));
        return;
    }
    if (step == CUSTOMS_FINISH && life->holds) {
        life->holds--;
        deed_step(world, life, step, "hold", now_ms);
        step_later(world, life, now_ms + gap_ms(world, STEP_MIN));
        return;
    }
    deed_step(world, life, step, "pass", now_ms);
    life->next++;
    if (step == YARD_IN)
        turn_add(world, (struct turn){.at_ms = now_ms + gap_ms(world, CALL_MIN),
                                      .gate = life->gate,
                                      .direction = life->direction});
    if (step == EXIT)
        free(life);
    else
        go_on(world, life, now_ms);
}

/* The first by rank, ties by crossing, among those that wait, but one. */
static int first_of(struct life **waiting, int count, const struct life *but)
{
    int first = -1;

    for (int i = 0; i < count; i++)
        if (waiting[i] != but && (first < 0 || waiting[i]->rank_ms < waiting[first]->rank_ms ||
                                  (waiting[i]->rank_ms == waiting[first]->rank_ms &&
                                   waiting[i]->id < waiting[first]->id)))
            first = i;
    return first;
}

/* As many calls come as vehicles joined, so somebody waits. Now and then the second is taken. */
static void call_turn(struct world *world, int gate, enum direction direction, int64_t now_ms)
{
    struct life **waiting = world->gates[gate].waiting[direction];
    int *count = &world->gates[gate].waiting_count[direction];
    int first = first_of(waiting, *count, NULL), delay_s = 0;
    bool is_overtake = random_is(&world->random, OVERTAKES) && *count > 1;

    CHECK(first >= 0);
    int chosen = is_overtake ? first_of(waiting, *count, waiting[first]) : first;
    struct life *life = waiting[chosen];
    if (is_overtake)
        delay_s = (int)((life->rank_ms - waiting[first]->rank_ms) / 1000);
    waiting[chosen] = waiting[--*count];
    deed_call(world, life, is_overtake, delay_s, now_ms);
    if (life->is_parked)
        go_on(world, life, now_ms);
}

static void run_until(struct world *world, int64_t until_ms)
{
    while (world->turn_count && world->turns[0].at_ms < until_ms) {
        struct turn turn = turn_take(world);
        if (turn.life)
            step_turn(world, turn.life, turn.at_ms);
        else
            call_turn(world, turn.gate, turn.direction, turn.at_ms);
    }
}

/* ---- the days ------------------------------------------------------------------------------- */

/* The vehicles that arrive on a day, spread over its opening hours; filed some hours before. */
static void day_add(struct world *world, int64_t midnight_ms)
{
    for (int i = 0; i < PER_DAY && world->crossings < world->wanted; i++) {
        struct life *life = calloc(1, sizeof *life);
        double hour = random_unit(&world->random), lead = random_unit(&world->random);

        CHECK(life);
        life_draw(life, world->facts, world->crossings++, world->holds, &world->random);
        int64_t arrives_ms = midnight_ms + OPENS_MS + (int64_t)(hour * SPAN_MS);
        life->planned_ms = arrives_ms / WINDOW_MS * WINDOW_MS;
        step_later(world, life,
                   arrives_ms - LEAD_LEAST_MS - (int64_t)(lead * (LEAD_MOST_MS - LEAD_LEAST_MS)));
    }
}

static void show_progress(const struct world *world)
{
    if (world->crossings % (PER_DAY * 50) < PER_DAY)
        fprintf(stderr, "\r  %u of %u crossings, %" PRId64 " events ", world->crossings,
                world->wanted, world->gates[1].book.seq + world->gates[2].book.seq);
}

/* Events a vehicle has without any hold, about: measured. */
static const double EVENTS_EACH = 11.42;

static void world_init(struct world *world, const struct plan *plan, const struct facts *facts)
{
    int64_t days = (plan->crossings + PER_DAY - 1) / PER_DAY;
    double each = (double)plan->events / plan->crossings;
    int64_t today_ms = (plan->until_ms + HANOI_MS - LAST_LEAVE_MS) / DAY_MS * DAY_MS - HANOI_MS;

    world->facts = facts;
    world->random = random_stream(plan->seed, 0, 0);
    world->until_ms = plan->until_ms;
    world->begin_ms = today_ms - days * DAY_MS;
    world->windows = (days + 2) * DAY_MS / WINDOW_MS;
    world->wanted = plan->crossings;
    world->holds = each > EVENTS_EACH ? each - EVENTS_EACH : 0;
    for (int g = 1; g <= GATES; g++) {
        book_init(&world->gates[g].book, g, facts->gates[g].code, plan->seed);
        for (enum direction d = IMPORT; d <= EXPORT; d++) {
            world->gates[g].booked[d] = calloc((size_t)world->windows, sizeof(uint16_t));
            CHECK(world->gates[g].booked[d]);
        }
    }
}

void world_run(struct world *world, const struct plan *plan, const struct facts *facts)
{
    int64_t midnight_ms;

    world_init(world, plan, facts);
    midnight_ms = world->begin_ms;
    while (world->crossings < world->wanted) {
        day_add(world, midnight_ms);
        midnight_ms += DAY_MS;
        run_until(world, midnight_ms + OPENS_MS - LEAD_MOST_MS);
        show_progress(world);
    }
    run_until(world, world->until_ms);
    CHECK(!world->turn_count); /* who came yesterday has left by now */
    fprintf(stderr, "\r");
}

/* ---- what the gates know at the end --------------------------------------------------------- */

void world_write_windows(struct world *world)
{
    struct copy *copy = &world->tables.booking;

    for (int g = 1; g <= GATES; g++)
        for (enum direction d = IMPORT; d <= EXPORT; d++)
            for (int64_t w = 0; w < world->windows; w++) {
                if (!world->gates[g].booked[d][w])
                    continue;
                copy_row(copy, 4);
                copy_int16(copy, g);
                copy_text(copy, DIRECTION_NAMES[d]);
                copy_time(copy, world->begin_ms + w * WINDOW_MS);
                copy_int32(copy, world->gates[g].booked[d][w]);
            }
}

static void print_paces(struct buffer *sql, const struct gate_world *gate, int number)
{
    for (enum direction d = IMPORT; d <= EXPORT; d++) {
        const struct pace *pace = &gate->pace[d];
        buffer_print(
            sql,
            "insert into gate.pace values (%d, '%s', %" PRId64 ", gate.from_ms(%" PRId64
            "), %.6f, %.6f) on conflict (gate, direction) do update set calls = "
            "excluded.calls, last_call_at = excluded.last_call_at, gap_s = excluded.gap_s, "
            "gap_var = excluded.gap_var;",
            number, DIRECTION_NAMES[d], pace->calls, pace->last_ms, pace->gap_s, pace->gap_var);
        for (int c = 0; c < CLASSES; c++)
            if (gate->service[d][c].exits)
                buffer_print(sql,
                             "insert into gate.service_pace values (%d, '%s', '%s', %" PRId64
                             ", %.6f, %.6f);",
                             number, DIRECTION_NAMES[d], CLASS_NAMES[c], gate->service[d][c].exits,
                             gate->service[d][c].log_mean, gate->service[d][c].log_var);
    }
}

void world_write_heads(const struct world *world, PGconn *db)
{
    struct buffer sql = {0};

    for (int g = 1; g <= GATES; g++) {
        const struct gate_world *gate = &world->gates[g];
        if (!gate->book.seq)
            continue;
        buffer_print(&sql, "update gate.ledger set seq = %" PRId64 ", hash = '\\x", gate->book.seq);
        for (int i = 0; i < BOOK_HASH_BYTES; i++)
            buffer_print(&sql, "%02x", gate->book.hash[i]);
        buffer_print(&sql,
                     "', clock = gate.from_ms(%" PRId64 "), hanoi_day = to_date('%" PRId64
                     "', 'YYYYMMDD'), day_count = %d, serial = %" PRId64 " where number = %d;",
                     gate->book.clock_ms, gate->day, gate->day_count, gate->serial, g);
        print_paces(&sql, gate, g);
    }
    copy_run(db, sql.at);
    buffer_free(&sql);
}

void world_free(struct world *world)
{
    for (int g = 1; g <= GATES; g++)
        for (enum direction d = IMPORT; d <= EXPORT; d++)
            free(world->gates[g].booked[d]);
    free(world->turns);
}
