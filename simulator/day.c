/* SPDX-License-Identifier: MIT */
#include "simulator/day.h"

#include <math.h>
#include <stdlib.h>

#include "common/base/check.h"

/* Purposes of streams. */
enum { STREAM_ARRIVALS, STREAM_BOTS, STREAM_KIND, STREAM_COMING, STREAM_TIMES, STREAM_STOCK };

/* What kind of list an identity counts in. */
enum { LIST_EARNEST, LIST_BOTS, LIST_STOCK };

struct drawing {
    const struct scenario *scenario;
    uint64_t seed;
    struct day *day;
    size_t room;
};

static uint64_t identity_of(int list, int day, unsigned gate, unsigned direction, unsigned number)
{
    return (uint64_t)list << 56 | (uint64_t)(day + 1000) << 40 | (uint64_t)gate << 36 |
           (uint64_t)direction << 32 | number;
}

static struct passage *passage_add(struct drawing *d)
{
    if (d->day->count == d->room) {
        d->room = d->room ? d->room * 2 : 4096;
        d->day->passages = realloc(d->day->passages, d->room * sizeof(struct passage));
        CHECK(d->day->passages);
    }
    struct passage *p = &d->day->passages[d->day->count++];
    *p = (struct passage){.arrives_ms = NEVER_MS, .cancels_ms = NEVER_MS, .hold_step = STEP_COUNT};
    return p;
}

static int64_t between_ms(struct random *random, int64_t from_ms, int64_t until_ms)
{
    return from_ms + (int64_t)((double)(until_ms - from_ms) * random_unit(random));
}

/* --- what it is --------------------------------------------------------------------------------
 */

static enum channel channel_draw(const struct scenario *s, struct random *random)
{
    const double shares[CHANNEL_COUNT] = {1 - s->yellow - s->red, s->yellow, s->red};

    return random_pick(random, shares, CHANNEL_COUNT);
}

static unsigned receiving_draw(const struct scenario *s, struct random *random,
                               const struct passage *p)
{
    const double shares[] = {1 - s->receiving_one - s->receiving_two, s->receiving_one,
                             s->receiving_two};
    unsigned drawn = random_pick(random, shares, COUNT_OF(shares));

    return p->direction == DIRECTION_EXPORT || p->class == CLASS_NEW_VEHICLE ||
                   p->class == CLASS_EMPTY
               ? 0
               : drawn;
}

static void kind_draw(struct drawing *d, struct passage *p)
{
    static const uint8_t HOLDS[] = {STEP_HEALTH, STEP_LICENCE, STEP_CUSTOMS_FINISH};
    const struct scenario *s = d->scenario;
    struct random random = random_stream(d->seed, STREAM_KIND, p->identity);

    p->role = ROLE_MAIN;
    p->class = (uint8_t)random_pick(&random, s->classes[p->direction], CLASS_COUNT);
    p->channel = (uint8_t)channel_draw(s, &random);
    p->receiving = (uint8_t)receiving_draw(s, &random, p);
    bool has_trouble = random_is(&random, s->trouble);
    uint8_t hold = HOLDS[random_next(&random) % COUNT_OF(HOLDS)];
    p->hold_step = has_trouble ? hold : STEP_COUNT;
    p->is_turned_back = random_is(&random, s->turned_back);
    while (p->missed_calls < 200 && random_is(&random, s->missed_calls))
        p->missed_calls++;
}

/* --- when it comes -----------------------------------------------------------------------------
 */

/* Filed so long before it would arrive. */
static int64_t lead_draw(const struct scenario *s, const struct passage *p, struct random *random)
{
    bool is_short = random_is(random, s->lead_short[p->direction]);
    double part = random_unit(random);
    int32_t from = is_short ? s->lead_short_from_ms : s->lead_long_from_ms;
    int32_t until = is_short ? s->lead_short_until_ms : s->lead_long_until_ms;

    return from + (int64_t)(part * (until - from));
}

static void coming_draw(struct drawing *d, struct passage *p, int64_t arrives_ms, bool is_sure)
{
    const struct scenario *s = d->scenario;
    struct random random = random_stream(d->seed, STREAM_COMING, p->identity);
    int64_t lead_ms = lead_draw(s, p, &random);
    double late_ms = s->punctuality_ms * random_normal(&random);
    double fate = random_unit(&random), when = random_unit(&random);

    p->declared_ms = arrives_ms - lead_ms;
    p->planned_ms = (int64_t)floor(((double)arrives_ms - late_ms) / MINUTE_MS) * MINUTE_MS;
    if (p->planned_ms < p->declared_ms)
        p->planned_ms = p->declared_ms;
    if (is_sure || fate >= s->cancelled + s->absent)
        p->arrives_ms = arrives_ms;
    else if (fate < s->cancelled)
        p->cancels_ms = p->declared_ms + (int64_t)(when * (double)lead_ms);
}

/* A hoarded booking: made early, given back at the last hour or not at all. */
static void bot_coming_draw(struct drawing *d, struct passage *p, int64_t planned_ms)
{
    struct random random = random_stream(d->seed, STREAM_COMING, p->identity);

    p->is_bot = true;
    p->declared_ms = planned_ms - between_ms(&random, 20 * HOUR_MS, 28 * HOUR_MS);
    p->planned_ms = planned_ms / MINUTE_MS * MINUTE_MS;
    bool is_cancelled = random_is(&random, d->scenario->bots_cancel);
    int64_t before_ms = between_ms(&random, 30 * MINUTE_MS, 2 * HOUR_MS);
    if (is_cancelled)
        p->cancels_ms = planned_ms - before_ms;
}

/* --- how long it takes -------------------------------------------------------------------------
 */

static void times_draw(struct drawing *d, struct passage *p)
{
    const struct scenario *s = d->scenario;
    const struct law *laws[STEP_COUNT] = {
        [STEP_REGISTERED] = &s->registered,
        [STEP_GATE_IN] = &s->barrier,
        [STEP_HEALTH] = &s->health,
        [STEP_LICENCE] = &s->licence,
        [STEP_YARD_IN] = &s->yard_in,
        [STEP_CALLED] = &s->come[p->direction],
        [STEP_PLANT] = &s->plant,
        [STEP_ANIMAL] = &s->animal,
        [STEP_INSPECTION] = p->channel == CHANNEL_RED ? &s->red_check : &s->yellow_check,
        [STEP_TRANSSHIPPED] = &s->transshipped,
        [STEP_LOADED] = &s->loaded,
        [STEP_FEE_PAID] = &s->fee,
        [STEP_CUSTOMS_FINISH] = &s->customs_finish[p->direction],
        [STEP_BORDER_GUARD_FINISH] = &s->border_guard_finish,
        [STEP_EXIT] = &s->exit,
    };
    struct random random = random_stream(d->seed, STREAM_TIMES, p->identity);

    for (unsigned step = 0; step < STEP_COUNT; step++)
        if (laws[step])
            p->took_ms[step] = law_draw_ms(laws[step], &random);
    p->lane_ms = law_draw_ms(&s->lane, &random);
    p->far_ms = law_draw_ms(&s->far_side, &random);
    p->hold_ms = law_draw_ms(&s->hold, &random);
    if (p->role == ROLE_RECEIVING)
        p->far_ms = 0;
}

/* --- the list ----------------------------------------------------------------------------------
 */

static struct passage *main_add(struct drawing *d, int list, int day, unsigned gate,
                                unsigned direction, unsigned number)
{
    struct passage *p = passage_add(d);

    p->identity = identity_of(list, day, gate, direction, number);
    p->gate = (uint8_t)gate;
    p->direction = (uint8_t)direction;
    kind_draw(d, p);
    times_draw(d, p);
    return p;
}

static double share_of(const struct gate_plan *gate, unsigned direction)
{
    return direction == DIRECTION_EXPORT ? gate->exports : 1 - gate->exports;
}

static void draw_arrivals(struct drawing *d, int list, int day, unsigned gate, unsigned direction)
{
    const struct scenario *s = d->scenario;
    const struct gate_plan *plan = &s->gates[gate];
    double per_day =
        share_of(plan, direction) *
        (list == LIST_BOTS ? s->bots : plan->vehicles * s->factor / (1 - s->cancelled - s->absent));
    struct random random = random_stream(d->seed, list == LIST_BOTS ? STREAM_BOTS : STREAM_ARRIVALS,
                                         identity_of(list, day, gate, direction, 0));
    unsigned number = 0;

    for (int64_t at = -1; (at = profile_next(&s->profile, per_day, at, &random)) < DAY_MS;) {
        struct passage *p = main_add(d, list, day, gate, direction, number++);
        if (list == LIST_BOTS)
            bot_coming_draw(d, p, (int64_t)day * DAY_MS + at);
        else
            coming_draw(d, p, (int64_t)day * DAY_MS + at, false);
    }
}

/* Those that wait when the first day begins. */
static void draw_stock(struct drawing *d, unsigned gate, unsigned direction)
{
    const struct gate_plan *plan = &d->scenario->gates[gate];
    double part = direction == DIRECTION_EXPORT ? plan->stock_exports : 1 - plan->stock_exports;
    struct random random = random_stream(d->seed, STREAM_STOCK, gate * 2U + direction);
    unsigned count = (unsigned)(plan->stock * part + 0.5);
    int64_t begins_ms = -(int64_t)d->scenario->warmup_days * DAY_MS;

    for (unsigned i = 0; i < count; i++) {
        int64_t at = between_ms(&random, begins_ms - plan->stock_age_ms, begins_ms);
        coming_draw(d, main_add(d, LIST_STOCK, 0, gate, direction, i), at, true);
    }
}

/* The vehicles that take over an import's cargo come while it is on its way. */
static void receiving_add(struct drawing *d, const struct passage *main, uint32_t index, unsigned n)
{
    struct passage *p = passage_add(d);
    struct random random;

    *p = (struct passage){
        .identity = main->identity | (uint64_t)(n + 1) << 60,
        .declared_ms = main->declared_ms,
        .planned_ms = main->planned_ms,
        .cancels_ms = main->cancels_ms,
        .arrives_ms = NEVER_MS,
        .main = index,
        .gate = main->gate,
        .direction = main->direction,
        .role = ROLE_RECEIVING,
        .class = CLASS_EMPTY,
        .hold_step = STEP_COUNT,
    };
    random = random_stream(d->seed, STREAM_COMING, p->identity);
    if (main->arrives_ms != NEVER_MS)
        p->arrives_ms = main->arrives_ms + between_ms(&random, 0, 30 * MINUTE_MS);
    times_draw(d, p);
}

static int by_filing(const void *a, const void *b)
{
    const struct passage *x = a, *y = b;

    if (x->declared_ms != y->declared_ms)
        return x->declared_ms < y->declared_ms ? -1 : 1;
    return x->identity < y->identity ? -1 : x->identity > y->identity;
}

/* Sorts the main vehicles by filing and puts each one's receiving vehicles behind it. */
static void arrange(struct drawing *d)
{
    struct day mains = *d->day;

    *d->day = (struct day){0};
    d->room = 0;
    if (mains.count)
        qsort(mains.passages, mains.count, sizeof(struct passage), by_filing);
    for (size_t i = 0; i < mains.count; i++) {
        struct passage main = mains.passages[i];
        main.main = (uint32_t)d->day->count;
        *passage_add(d) = main;
        for (unsigned n = 0; n < main.receiving; n++)
            receiving_add(d, &main, main.main, n);
    }
    free(mains.passages);
}

void day_draw(struct day *day, const struct scenario *scenario, uint64_t seed)
{
    struct drawing d = {.scenario = scenario, .seed = seed, .day = day};

    *day = (struct day){0};
    for (unsigned gate = 0; gate < (unsigned)scenario->gate_count; gate++)
        for (unsigned direction = 0; direction < DIRECTION_COUNT; direction++) {
            draw_stock(&d, gate, direction);
            for (int n = -scenario->warmup_days; n < scenario->days; n++) {
                draw_arrivals(&d, LIST_EARNEST, n, gate, direction);
                draw_arrivals(&d, LIST_BOTS, n, gate, direction);
            }
        }
    arrange(&d);
}

void day_free(struct day *day)
{
    free(day->passages);
    *day = (struct day){0};
}
