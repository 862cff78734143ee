/* SPDX-License-Identifier: MIT */
#include "simulator/replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "simulator/replay_parts.h"

static const char *text(const json_t *object, const char *member)
{
    const char *value = json_string_value(json_object_get(object, member));

    return value ? value : "";
}

static bool differ(struct replay *r, const json_t *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool differ(struct replay *r, const json_t *event, const char *format, ...)
{
    char *difference = r->result.difference;
    va_list arguments;
    int size =
        snprintf(difference, sizeof r->result.difference, "%s-%lld at %s: ", text(event, "ledger"),
                 (long long)json_integer_value(json_object_get(event, "seq")), text(event, "at"));

    va_start(arguments, format);
    vsnprintf(difference + size, sizeof r->result.difference - (size_t)size, format, arguments);
    va_end(arguments);
    return false;
}

static unsigned member_of(const json_t *event, const char *member, const char *const *names,
                          unsigned count)
{
    return word_of(names, count, span_of(text(event, member)));
}

/* --- one crossing ------------------------------------------------------------------------------
 */

/* An export that a step shows to be inside, though nobody called it. */
static bool has_come(const struct seen *x)
{
    const uint32_t inside = STEP_BIT(STEP_GATE_IN) | STEP_BIT(STEP_HEALTH) |
                            STEP_BIT(STEP_LICENCE) | STEP_BIT(STEP_INSPECTION) |
                            STEP_BIT(STEP_CUSTOMS_FINISH) | STEP_BIT(STEP_BORDER_GUARD_FINISH);

    return x->direction == DIRECTION_EXPORT && x->done & inside;
}

/* After any change: it waits exactly while it has joined, is neither called nor inside, and goes
 * on. */
static void settle(struct replay *r, struct seen *x)
{
    const uint32_t queued = STEP_BIT(STEP_YARD_IN), called = STEP_BIT(STEP_CALLED);
    bool waits = x->is_ranked && !x->has_ended && (x->done & (queued | called)) == queued &&
                 x->direction < DIRECTION_COUNT && !has_come(x);
    struct queue *queue = waits || x->is_waiting ? queue_of(r, x) : NULL;

    if (!queue || waits == x->is_waiting)
        return;
    if (waits)
        queue_join(queue, &x->place);
    else
        queue_leave(queue, &x->place);
    x->is_waiting = waits;
}

static void hold(struct replay *r, struct seen *x)
{
    struct queue *queue = x->is_waiting ? queue_of(r, x) : NULL;

    if (queue)
        queue_hold(queue, &x->place, x->held != 0);
    x->place.is_held = x->held != 0;
}

static void reclass(struct replay *r, struct seen *x, unsigned class)
{
    struct queue *queue = x->is_waiting ? queue_of(r, x) : NULL;

    if (class >= CLASS_COUNT || class == x->place.class)
        return;
    if (queue)
        queue_leave(queue, &x->place);
    x->place.class = class;
    if (queue)
        queue_join(queue, &x->place);
}

static bool end(struct replay *r, struct seen *x)
{
    x->has_ended = true;
    settle(r, x);
    return true;
}

static bool on_declared(struct replay *r, struct seen *x, const json_t *event)
{
    x->declaration = strtoull(text(event, "declaration"), NULL, 10);
    x->direction = member_of(event, "direction", DIRECTION_NAMES, DIRECTION_COUNT);
    snprintf(x->route, sizeof x->route, "%s", text(event, "route"));
    x->place.filed_ms = instant_of(json_object_get(event, "at"));
    x->place.class = member_of(event, "class", CLASS_NAMES, CLASS_COUNT);
    if (x->direction == DIRECTION_COUNT || x->place.class == CLASS_COUNT)
        return differ(r, event, "a direction or class that is not known");
    return true;
}

/* A vehicle added later is filed like its declaration. */
static bool on_amended(struct replay *r, struct seen *x, const json_t *event)
{
    x->declaration = strtoull(text(event, "declaration"), NULL, 10);
    if (x->direction == DIRECTION_COUNT) {
        const struct seen *mate = seen_mate(r, x);
        if (!mate)
            return differ(r, event, "a crossing of a declaration that is not known");
        x->direction = mate->direction;
        memcpy(x->route, mate->route, sizeof x->route);
        x->place.filed_ms = instant_of(json_object_get(event, "at"));
    }
    reclass(r, x, member_of(event, "class", CLASS_NAMES, CLASS_COUNT));
    return true;
}

/* Each version of the rule gives each class one credit: rank_at = joined_at - credit. */
static bool check_credit(struct replay *r, const json_t *event, unsigned class, int64_t credit_ms)
{
    json_int_t rule = json_integer_value(json_object_get(event, "rule"));

    for (unsigned i = 0; i < r->credit_count; i++)
        if (r->credits[i].rule == rule && r->credits[i].class == class)
            return r->credits[i].credit_ms == credit_ms ||
                   differ(r, event, "a credit of %lld s for %s, before it was %lld s",
                          (long long)credit_ms / 1000, CLASS_NAMES[class],
                          (long long)r->credits[i].credit_ms / 1000);
    if (r->credit_count < CREDITS_MAX)
        r->credits[r->credit_count++] = (struct credit){rule, class, credit_ms};
    return true;
}

static bool on_joined(struct replay *r, struct seen *x, const json_t *event)
{
    int64_t joined_ms = instant_of(json_object_get(event, "joined_at"));
    int64_t rank_ms = instant_of(json_object_get(event, "rank_at"));
    unsigned class = member_of(event, "class", CLASS_NAMES, CLASS_COUNT);

    if (joined_ms < 0 || rank_ms < 0 || class == CLASS_COUNT)
        return differ(r, event, "joined without time, rank or class");
    x->place.class = class;
    x->place.rank_ms = rank_ms;
    x->is_ranked = true;
    return check_credit(r, event, class, joined_ms - rank_ms);
}

static bool on_step(struct replay *r, struct seen *x, const json_t *event)
{
    unsigned step = member_of(event, "step", STEP_NAMES, STEP_COUNT);
    bool is_pass = !strcmp(text(event, "result"), "pass");
    bool is_hold = !strcmp(text(event, "result"), "hold");
    bool is_draft = !strcmp(text(event, "conflict"), "crossing_draft");
    bool is_joining = json_object_get(event, "joined_at") != NULL;
    const char *state = text(event, "state");

    if (step == STEP_COUNT)
        return differ(r, event, "a step that is not known");
    past_add(r, (struct past){(uint64_t)r->last_seq, step, is_pass, is_hold, is_joining});
    if (is_pass && !is_draft)
        x->done |= STEP_BIT(step);
    if (is_pass)
        x->held &= ~STEP_BIT(step);
    else if (is_hold && !json_object_get(event, "conflict"))
        x->held |= STEP_BIT(step);
    if (is_joining && !on_joined(r, x, event))
        return false;
    x->has_ended = !strcmp(state, "exited") || !strcmp(state, "returned") ||
                   !strcmp(state, "rejected") || !strcmp(state, "turned_back") || x->has_ended;
    hold(r, x);
    settle(r, x);
    return true;
}

/* --- calls -------------------------------------------------------------------------------------
 */

/* While the route takes pre-registered vehicles only: filed before that began. Of the entries that
 * cover the instant the last one holds. */
static int64_t filed_before(const struct replay *r, const struct seen *x, int64_t now_ms)
{
    const json_t *entry, *holds = NULL;
    int64_t from_ms = 0;
    size_t i;

    json_array_foreach (r->calendar, i, entry) {
        const json_t *since = json_object_get(entry, "since_ms"); /* of one that goes on */
        int64_t from = json_integer_value(json_object_get(entry, "from_ms"));
        from = from > r->calendar_ms ? from : r->calendar_ms;
        const char *route = text(entry, "route"), *direction = text(entry, "direction");
        if (from > now_ms || json_integer_value(json_object_get(entry, "to_ms")) <= now_ms ||
            (*route && strcmp(route, x->route) != 0) ||
            (*direction && strcmp(direction, DIRECTION_NAMES[x->direction]) != 0))
            continue;
        holds = entry;
        from_ms = since ? json_integer_value(since) : from;
    }
    return holds && !strcmp(text(holds, "mode"), "pre_registered") ? from_ms : NEVER_MS;
}

static bool check_call(struct replay *r, struct seen *x, const json_t *event)
{
    const json_t *overtake = json_object_get(event, "overtake");
    json_int_t lane = json_integer_value(json_object_get(event, "lane"));
    json_int_t said = json_integer_value(json_object_get(overtake, "passed"));
    int64_t now_ms = instant_of(json_object_get(event, "at"));
    struct queue *queue = queue_of(r, x);

    if (!x->is_waiting || !queue || x->place.is_held)
        return differ(r, event, "called %014llu, which does not wait%s", (unsigned long long)x->id,
                      x->place.is_held ? ": it is held" : "");
    unsigned classes = lane > 0 && lane < LANE_NUMBERS && r->lane_classes[lane]
                           ? r->lane_classes[lane]
                           : (unsigned)QUEUE_ALL_CLASSES;
    int64_t before_ms = filed_before(r, x, now_ms);
    size_t passed = queue_before(queue, now_ms, classes, before_ms, &x->place);
    r->result.overtakes += said > 0;
    /* an override lets it pass a route of pre-registered ones, and says so */
    if (said == (json_int_t)passed &&
        (x->place.filed_ms < before_ms || strstr(text(event, "overrides"), "pre_registered_only")))
        return true;
    const struct place *first = queue_first(queue, now_ms, classes, before_ms);
    return differ(r, event,
                  "called %014llu, which passes %zu (the ledger says %lld); the rule "
                  "calls %014llu",
                  (unsigned long long)x->id, passed, (long long)said,
                  (unsigned long long)(first ? first->crossing : 0));
}

static bool on_called(struct replay *r, struct seen *x, const json_t *event)
{
    r->result.calls++;
    past_add(r, (struct past){(uint64_t)r->last_seq, STEP_CALLED, true, false, false});
    if (!check_call(r, x, event))
        return false;
    x->done |= STEP_BIT(STEP_CALLED);
    settle(r, x);
    x->place.is_delayed = false;
    return true;
}

static bool on_back(struct replay *r, struct seen *x, int64_t eligible_ms)
{
    x->done &= ~STEP_BIT(STEP_CALLED);
    x->place.eligible_ms = eligible_ms;
    x->place.is_delayed = eligible_ms > 0;
    settle(r, x);
    return true;
}

static bool on_no_show(struct replay *r, struct seen *x, const json_t *event)
{
    int64_t eligible_ms = instant_of(json_object_get(event, "eligible_at"));

    r->result.no_shows++;
    return eligible_ms < 0 ? end(r, x) : on_back(r, x, eligible_ms);
}

/* A step, a call or an end. The event says what is left; where it does not, the step is taken out. */
static bool on_undone(struct replay *r, struct seen *x, const json_t *event)
{
    const json_t *done = json_object_get(event, "done"), *held = json_object_get(event, "held");
    const struct past *past =
        past_of(r, (uint64_t)json_integer_value(json_object_get(event, "undoes")));

    if (json_is_integer(done) && json_is_integer(held)) {
        x->done = (uint32_t)json_integer_value(done);
        x->held = (uint32_t)json_integer_value(held);
    } else if (!past) {
        return differ(r, event, "undoes what was no step");
    } else if (past->is_pass) {
        x->done &= ~STEP_BIT(past->step);
    } else if (past->is_hold) {
        x->held &= ~STEP_BIT(past->step);
    }
    x->has_ended = false;
    hold(r, x);
    if (past && past->is_joining)
        x->is_ranked = false;
    settle(r, x);
    return true;
}

/* --- gates -------------------------------------------------------------------------------------
 */

static void on_lane(struct replay *r, const json_t *event)
{
    json_int_t lane = json_integer_value(json_object_get(event, "lane"));
    const json_t *class;
    unsigned classes = 0;
    size_t i;

    if (lane < 1 || lane >= LANE_NUMBERS)
        return;
    json_array_foreach (json_object_get(event, "classes"), i, class)
        if (json_is_string(class))
            classes |= 1U << word_of(CLASS_NAMES, CLASS_COUNT, span_of(json_string_value(class)));
    r->lane_classes[lane] = classes & QUEUE_ALL_CLASSES;
}

static void on_calendar(struct replay *r, const json_t *event)
{
    json_decref(r->calendar);
    r->calendar = json_incref(json_object_get(event, "entries"));
    r->calendar_ms = instant_of(json_object_get(event, "at"));
}

static bool on_crossing(struct replay *r, const char *type, const json_t *event)
{
    struct seen *x = seen_of(r, strtoull(text(event, "crossing"), NULL, 10));

    if (!strcmp(type, "declared"))
        return on_declared(r, x, event);
    if (!strcmp(type, "amended"))
        return on_amended(r, x, event);
    if (!strcmp(type, "step"))
        return on_step(r, x, event);
    if (!strcmp(type, "called"))
        return on_called(r, x, event);
    if (!strcmp(type, "no_show"))
        return on_no_show(r, x, event);
    if (!strcmp(type, "requeued"))
        return on_back(r, x, 0);
    if (!strcmp(type, "undone"))
        return on_undone(r, x, event);
    if (!strcmp(type, "cancelled") || !strcmp(type, "expired") || !strcmp(type, "released") ||
        !strcmp(type, "turned_back"))
        return end(r, x);
    return true;
}

bool replay_event(struct replay *r, const json_t *event)
{
    const char *type = text(event, "type");
    json_int_t seq = json_integer_value(json_object_get(event, "seq"));

    if (r->result.difference[0])
        return false;
    if (r->last_seq >= 0 && seq != r->last_seq + 1)
        return differ(r, event, "event %lld was expected here", (long long)r->last_seq + 1);
    r->last_seq = seq;
    r->result.events++;
    if (!strcmp(type, "lane_open") || !strcmp(type, "lane_close"))
        on_lane(r, event);
    else if (!strcmp(type, "calendar"))
        on_calendar(r, event);
    else if (json_object_get(event, "crossing"))
        return on_crossing(r, type, event);
    return true;
}
