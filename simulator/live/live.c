/* SPDX-License-Identifier: MIT */
#include "simulator/live/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "simulator/live/parts.h"
#include "simulator/run.h"

/* How far the days may run ahead of the earliest request without its answer: so much, at most, is
 * the service's clock off when it hears of what had to wait for that. A call decides what comes
 * next, so they run less far ahead of one. */
enum { AHEAD_MS = 480 * SECOND_MS, AHEAD_OF_CALL_MS = 180 * SECOND_MS };
enum { TICK_MS = 20, EVENTS_A_TURN = 512 };

/* --- waiting for the service -------------------------------------------------------------------
 */

static bool is_over(const struct live *live)
{
    return live->lines.is_dead || (stop_is_wanted() && !live->is_ending);
}

bool live_settle(struct live *live)
{
    while (!lines_is_idle(&live->lines) && !is_over(live))
        uv_run(&live->loop, UV_RUN_ONCE);
    return !is_over(live);
}

struct waited {
    json_t *json;
    int status;
};

static void on_waited(struct ask *ask, int status, struct span body)
{
    struct waited *waited = ask->owner;

    waited->status = status;
    waited->json = json_loadb(body.at, body.size, 0, NULL);
    ask_free(ask);
}

json_t *live_send(struct live *live, const char *method, const char *path, const char *token,
                  struct buffer *body, int *status)
{
    struct ask *ask = ask_new(OPERATION_OTHER, method, token);
    struct waited waited = {0};

    snprintf(ask->path, sizeof ask->path, "%s", path);
    if (body) {
        ask_body(ask, body);
        snprintf(ask->key, sizeof ask->key, "gatesim-%llu-%llu", (unsigned long long)live->run,
                 (unsigned long long)++live->serial);
    }
    ask->gate_time_ms = token ? live->epoch_ms + live->at_ms : 0;
    ask->done = on_waited;
    ask->owner = &waited;
    lines_send(&live->lines, ask);
    live_settle(live);
    *status = waited.status;
    return waited.json;
}

json_t *live_get(struct live *live, const char *path, const char *token, int *status)
{
    return live_send(live, "GET", path, token, NULL, status);
}

/* --- the days ----------------------------------------------------------------------------------
 */

/* By the pace asked for; NEVER_MS: as fast as it holds. */
static int64_t paced_ms(struct live *live, int64_t next_ms)
{
    if (live->wish->speed <= 0 || next_ms < live->wish->fast_until_ms)
        return NEVER_MS;
    if (!live->paced_us) {
        live->paced_us = clock_steady_us();
        live->paced_from_ms =
            next_ms > live->wish->fast_until_ms && live->wish->fast_until_ms != INT64_MIN
                ? live->wish->fast_until_ms
                : next_ms;
    }
    return live->paced_from_ms +
           (int64_t)((double)(clock_steady_us() - live->paced_us) / 1000 * live->wish->speed);
}

static bool may_go_on(struct live *live, int64_t next_ms)
{
    int64_t oldest_ms = deeds_oldest_ms(live), call_ms = calls_oldest_ms(live);

    return next_ms != NEVER_MS && next_ms <= paced_ms(live, next_ms) &&
           (oldest_ms == NEVER_MS || next_ms <= oldest_ms + AHEAD_MS) &&
           (call_ms == NEVER_MS || next_ms <= call_ms + AHEAD_OF_CALL_MS);
}

static void play(struct live *live)
{
    for (int i = 0; i < EVENTS_A_TURN; i++) {
        int64_t next_ms = model_next_ms(live->model);
        if (!may_go_on(live, next_ms))
            return;
        live->at_ms = next_ms;
        outage_tend(live);
        model_step(live->model);
    }
}

static void on_turn(uv_idle_t *idle)
{
    struct live *live = idle->data;

    play(live);
    if (!may_go_on(live, model_next_ms(live->model)))
        uv_idle_stop(idle);
}

/* Answers let the days go on: looked at after each turn of the loop. */
static void on_answers(uv_check_t *check)
{
    struct live *live = check->data;

    if (live->is_playing && may_go_on(live, model_next_ms(live->model)))
        uv_idle_start(&live->idle, on_turn);
}

static void on_tick(uv_timer_t *timer)
{
    struct live *live = timer->data;

    lines_tend(&live->lines);
    if (!live->is_playing)
        return;
    watch_look(live);
    progress_show(&live->progress, live->done_count);
    if (may_go_on(live, model_next_ms(live->model)))
        uv_idle_start(&live->idle, on_turn);
}

static bool is_played(const struct live *live)
{
    return model_next_ms(live->model) == NEVER_MS && !live->open && !live->open_calls;
}

/* Nothing more begins; what is under way is waited for. */
static void end_early(struct live *live)
{
    live->is_ending = true;
    live_settle(live);
}

static void play_all(struct live *live)
{
    live->is_playing = true;
    live->began_us = clock_steady_us();
    uv_idle_start(&live->idle, on_turn);
    while (!is_played(live) && !is_over(live))
        uv_run(&live->loop, UV_RUN_ONCE);
    uv_idle_stop(&live->idle);
    live->is_playing = false;
    live->took_us = clock_steady_us() - live->began_us;
    progress_end(&live->progress);
    if (stop_is_wanted())
        end_early(live);
    if (live->lines.is_dead)
        snprintf(live->failure, sizeof live->failure, "the service did not answer for %.0f s",
                 (double)live->wish->patience_ms / 1000);
    else if (!is_played(live))
        snprintf(live->failure, sizeof live->failure, "stopped");
}

/* --- a run -------------------------------------------------------------------------------------
 */

/* How many requests there will be, about: for the bar. */
static uint64_t requests_of(const struct live *live)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < live->day.count; i++) {
        const struct passage *p = &live->day.passages[i];
        sum += p->role == ROLE_RECEIVING ? 5 : p->arrives_ms == NEVER_MS ? 3 : 17;
    }
    return sum;
}

static bool live_open(struct live *live)
{
    const char *admin = getenv("GATE_TOKEN_ADMIN");

    if (!admin || !*admin) {
        snprintf(live->failure, sizeof live->failure,
                 "GATE_TOKEN_ADMIN: expected the key of an administrator of the sandbox");
        return false;
    }
    live->people.admin = admin;
    uv_loop_init(&live->loop);
    uv_timer_init(&live->loop, &live->timer);
    uv_idle_init(&live->loop, &live->idle);
    uv_check_init(&live->loop, &live->check);
    live->timer.data = live->idle.data = live->check.data = live;
    uv_timer_start(&live->timer, on_tick, TICK_MS, TICK_MS);
    uv_check_start(&live->check, on_answers);
    live->is_open = true;
    return lines_open(&live->lines, &live->loop, live->wish->url, live->wish->connections,
                      live->wish->patience_ms);
}

static void live_close(struct live *live)
{
    if (!live->is_open)
        return;
    lines_close(&live->lines);
    uv_close((uv_handle_t *)&live->timer, NULL);
    uv_close((uv_handle_t *)&live->idle, NULL);
    uv_close((uv_handle_t *)&live->check, NULL);
    uv_run(&live->loop, UV_RUN_DEFAULT);
    uv_loop_close(&live->loop);
}

/* Accounts and gates; needs the time the days begin at. */
static bool prepare(struct live *live)
{
    if (!live_open(live) || !place_find(live))
        return false;
    live->at_ms = live->begins_ms;
    people_hire(&live->people, &live->lines, live->scenario, live->people.admin,
                live->epoch_ms + live->begins_ms, live->run);
    if (!live_settle(live))
        snprintf(live->failure, sizeof live->failure, "the service does not answer");
    else if (live->people.failure[0])
        snprintf(live->failure, sizeof live->failure, "%s", live->people.failure);
    return !live->failure[0] && place_prepare(live);
}

struct live *live_begin(const struct live_wish *wish, const struct scenario *scenario)
{
    struct live *live = calloc(1, sizeof *live);

    CHECK(live);
    live->wish = wish;
    live->scenario = scenario;
    live->run = (uint64_t)clock_wall_ms();
    day_draw(&live->day, scenario, run_seed(wish->seed, 0));
    live->lived = calloc(live->day.count + 1, sizeof *live->lived);
    CHECK(live->lived);
    for (size_t i = 0; i < live->day.count; i++)
        live->lived[i].p50_s = -1;
    if (prepare(live))
        return live;
    fprintf(stderr, "gatesim: %s\n",
            live->failure[0] ? live->failure : "the service does not answer");
    live_free(live);
    return NULL;
}

void live_end(struct live *live)
{
    live->is_ending = true;
    people_dismiss(&live->people);
    live_settle(live);
}

struct live *live_run(const struct live_wish *wish, struct outcome *outcome)
{
    struct live *live = live_begin(wish, outcome->scenario);

    if (!live)
        return NULL;
    live->tally = calloc(1, sizeof *live->tally);
    CHECK(live->tally);
    tally_init(live->tally, live->scenario, &outcome->spreads);
    live->model = model_new(live->scenario, &live->day, live->tally, live_note, live);
    model_ask(live->model, live_call);
    watch_begin(live);
    progress_begin(&live->progress, "requests", requests_of(live));
    play_all(live);
    watch_look(live);
    model_free(live->model);
    live->model = NULL;
    outcome_add(outcome, live->tally);
    outcome->took_ms = live->took_us / 1000;
    checks_run(live);
    live_end(live);
    return live;
}

static void deeds_free(struct live *live)
{
    struct deed *deed, *next;

    DL_CONCAT(live->open, live->open_calls);
    DL_FOREACH_SAFE (live->open, deed, next) {
        free(deed->ask.body);
        free(deed);
    }
}

void live_free(struct live *live)
{
    if (!live)
        return;
    live_close(live);
    if (live->model)
        model_free(live->model);
    deeds_free(live);
    for (size_t i = 0; i < live->day.count && live->lived; i++)
        free(live->lived[i].digits);
    for (unsigned g = 0; g < GATES_MAX; g++)
        free(live->gates[g].receipts);
    people_free(&live->people);
    lines_free(&live->lines);
    day_free(&live->day);
    free(live->lived);
    free(live->ids);
    free(live->tally);
    free(live);
}
