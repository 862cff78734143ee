/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/deeds.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "simulator/bench/history/rows.h"

enum { SHOWN_ROOM = 768, HIDDEN_ROOM = 2048 };

static int64_t declaration_number(struct gate_world *gate, int number, int64_t at_ms)
{
    int64_t day = hanoi_day(at_ms);

    if (day > gate->day)
        gate->day_count = 0;
    gate->day = day;
    CHECK(gate->day_count < 9999);
    return (day * 100 + number) * 10000 + ++gate->day_count;
}

static int64_t window_take(struct world *world, const struct life *life)
{
    struct gate_world *gate = &world->gates[life->gate];
    int64_t window = (life->planned_ms - world->begin_ms) / WINDOW_MS;

    CHECK(window >= 0 && window < world->windows);
    if (gate->booked[life->direction][window] >=
        world->facts->gates[life->gate].places[life->direction])
        return 0;
    gate->booked[life->direction][window]++;
    return world->begin_ms + window * WINDOW_MS;
}

static void learn(struct life *life, int64_t seq, int by, int64_t at_ms)
{
    life->last_seq = seq;
    life->last_by = by;
    life->last_ms = at_ms;
}

void deed_declare(struct world *world, struct life *life, int64_t at_ms)
{
    struct gate_world *gate = &world->gates[life->gate];
    const struct facts *facts = world->facts;
    char shown[SHOWN_ROOM], hidden[HIDDEN_ROOM], window[INSTANT_ROOM], document[DOCUMENT_ROOM];

    life->id = life->gate * 1000000000000LL + ++gate->serial;
    life->filed_ms = at_ms;
    life->declaration = declaration_number(gate, life->gate, at_ms);
    life->window_ms = window_take(world, life);
    life_document(life, facts, document);
    snprintf(shown, sizeof shown,
             "\"declaration\":\"%" PRId64
             "\",\"direction\":\"%s\",\"route\":\"%s\",\"role\":\"main\","
             "\"class\":\"%s\",\"required\":%d,\"state\":\"declared\",\"window\":%s",
             life->declaration, DIRECTION_NAMES[life->direction], facts->gates[life->gate].route,
             CLASS_NAMES[life->class], life->required, instant(life->window_ms, window));
    snprintf(hidden, sizeof hidden,
             "\"by\":%d,\"firm\":%d,\"plate\":\"%s\",\"key\":\"%s\",\"document\":%s",
             life->firm->principal, life->firm->id, life->plate, facts->pass_key, document);
    learn(life,
          book_append(&gate->book, &world->tables,
                      &(struct event){at_ms, "declared", life->id, life->firm->id, shown, hidden}),
          0, at_ms);
    rows_reply(world, life, at_ms);
}

/* What an undo could not tell from the masks after it. */
static void print_was(const struct life *life, const char *channel, char *text, size_t room)
{
    text[0] = '\0';
    if (!channel && !life->held)
        return;
    bool has_channel = life->channel && !channel;
    snprintf(text, room, ",\"was\":{\"held\": %d, \"channel\": %s%s%s, \"required\": %d}",
             life->held, has_channel ? "\"" : "", has_channel ? life->channel : "null",
             has_channel ? "\"" : "", life->required);
}

static void print_joining(const struct world *world, const struct life *life, char *text,
                          size_t room)
{
    char window[INSTANT_ROOM], joined[INSTANT_ROOM], rank[INSTANT_ROOM];

    snprintf(text, room,
             ",\"direction\":\"%s\",\"class\":\"%s\",\"window\":%s,\"joined_at\":%s,\"rank_at\":%s,"
             "\"rule\":%d",
             DIRECTION_NAMES[life->direction], CLASS_NAMES[life->class],
             instant(life->window_ms, window), instant(life->joined_ms, joined),
             instant(life->rank_ms, rank), world->facts->rule);
}

/* Within its window it joins as of the window's start (the gates never close here). */
static void join(struct world *world, struct life *life, int64_t at_ms)
{
    struct gate_world *gate = &world->gates[life->gate];
    int *count = &gate->waiting_count[life->direction];
    bool is_in_window =
        life->window_ms && at_ms >= life->window_ms && at_ms - life->window_ms <= WINDOW_MS;

    life->joined_ms = is_in_window ? life->window_ms : at_ms;
    life->rank_ms = life->joined_ms - world->facts->credits[life->class] * 1000LL;
    life->begun_ms = at_ms;
    for (int i = 0; i < *count; i++)
        life->ahead += gate->waiting[life->direction][i]->rank_ms <= life->rank_ms;
    life->promised = pace_interval(&gate->pace[life->direction], life->ahead);
    CHECK(*count < WAITING_MAX);
    gate->waiting[life->direction][(*count)++] = life;
}

static void print_hidden(const struct world *world, const struct life *life, enum step step,
                         const char *note, int64_t at_ms, char *text, size_t room)
{
    const struct step_facts *fact = &world->facts->steps[step];
    char at[INSTANT_ROOM];

    snprintf(
        text, room,
        "\"by\":%d,\"role\":\"%s\",\"agency\":\"%s\",\"plate\":\"%s\",\"declaration\":\"%" PRId64
        "\",\"occurred_at\":%s%s",
        fact->officer, step == CALLED ? "operator" : "officer", fact->agency, life->plate,
        life->declaration, instant(at_ms, at), note);
}

/* The masks after a step, and what they make of the vehicle. */
static void apply(struct world *world, struct life *life, enum step step, bool is_pass,
                  int64_t at_ms)
{
    int bit = 1 << step;

    life->version++;
    if (!is_pass) {
        life->held |= bit;
        return;
    }
    life->done |= bit;
    life->held &= ~bit;
    life->done_ms[step] = at_ms;
    if (step == REGISTERED && life->channel)
        life->required |= world->facts->inspected[life->direction];
    if (step == YARD_IN)
        join(world, life, at_ms);
}

void deed_step(struct world *world, struct life *life, enum step step, const char *result,
               int64_t at_ms)
{
    const struct step_facts *fact = &world->facts->steps[step];
    const char *channel = step == REGISTERED ? life->channel : NULL;
    bool is_pass = strcmp(result, "pass") == 0;
    char shown[SHOWN_ROOM], hidden[HIDDEN_ROOM], was[128], joining[256] = "";

    print_was(life, channel, was, sizeof was);
    apply(world, life, step, is_pass, at_ms);
    if (step == YARD_IN)
        print_joining(world, life, joining, sizeof joining);
    snprintf(shown, sizeof shown,
             "\"step\":\"%s\",\"result\":\"%s\",\"state\":\"%s\",\"version\":%d%s%s%s%s%s",
             fact->code, result, life_state(life), life->version, channel ? ",\"channel\":\"" : "",
             channel ? channel : "", channel ? "\"" : "", was, joining);
    print_hidden(world, life, step, is_pass ? "" : ",\"note\":\"Bổ sung chứng từ\"", at_ms, hidden,
                 sizeof hidden);
    learn(life,
          book_append(&world->gates[life->gate].book, &world->tables,
                      &(struct event){at_ms, "step", life->id, life->firm->id, shown, hidden}),
          fact->officer, at_ms);
    rows_reply(world, life, at_ms);
    if (step == EXIT)
        rows_end(world, life);
}

static int lane_of(const struct world *world, const struct life *life)
{
    const struct gate_facts *gate = &world->facts->gates[life->gate];
    int count = gate->lane_count[life->direction];

    CHECK(count > 0);
    return gate->lanes[life->direction][life->number % (unsigned)count];
}

void deed_call(struct world *world, struct life *life, int passed, int delay_s, int64_t at_ms)
{
    struct gate_world *gate = &world->gates[life->gate];
    char shown[SHOWN_ROOM], hidden[HIDDEN_ROOM], overtake[128] = "";
    char joined[INSTANT_ROOM], rank[INSTANT_ROOM];

    life->version++;
    life->called_ms = life->done_ms[CALLED] = at_ms;
    life->lane = lane_of(world, life);
    if (passed)
        snprintf(overtake, sizeof overtake,
                 ",\"overtake\":{\"passed\": %d, \"reason\": \"%s\", \"delay_s\": %d}", passed,
                 OVERTAKE_REASON, delay_s);
    snprintf(
        shown, sizeof shown,
        "\"step\":\"called\",\"result\":\"pass\",\"state\":\"called\",\"version\":%d,\"lane\":%d,"
        "\"direction\":\"%s\",\"route\":\"%s\",\"class\":\"%s\",\"joined_at\":%s,\"rank_at\":%s,"
        "\"rule\":%d%s",
        life->version, life->lane, DIRECTION_NAMES[life->direction],
        world->facts->gates[life->gate].route, CLASS_NAMES[life->class],
        instant(life->joined_ms, joined), instant(life->rank_ms, rank), world->facts->rule,
        overtake);
    print_hidden(world, life, CALLED, passed ? ",\"reason\":\"" OVERTAKE_REASON "\"" : "", at_ms,
                 hidden, sizeof hidden);
    life->done |= 1 << CALLED;
    learn(life,
          book_append(&gate->book, &world->tables,
                      &(struct event){at_ms, "called", life->id, life->firm->id, shown, hidden}),
          world->facts->steps[CALLED].officer, at_ms);
    pace_learn(&gate->pace[life->direction], at_ms);
    rows_called(world, life, passed, delay_s);
    rows_reply(world, life, at_ms);
}
