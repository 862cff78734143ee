/* SPDX-License-Identifier: MIT */
#include "tests/unit/play.h"

#include <stdio.h>

#include "common/base/check.h"
#include "common/db/row.h"
#include "tests/unit/cluster.h"

enum { SOON_MS = 30000 };

static struct play *counting;

static void on_end(uv_timer_t *timer)
{
    container_of(timer, struct play, end)->is_late = true;
}

void play_open(struct play *play)
{
    *play = (struct play){0};
    CHECK(uv_loop_init(&play->loop) == 0);
    CHECK(uv_timer_init(&play->loop, &play->end) == 0);
    play_counts(play);
}

void play_counts(struct play *play)
{
    counting = play;
}

static void arm(struct play *play, int64_t ms)
{
    play->is_late = false;
    uv_update_time(&play->loop);
    uv_timer_start(&play->end, on_end, (uint64_t)ms, 0);
}

bool play_until(struct play *play, const int *value, int wanted, int64_t ms)
{
    arm(play, ms);
    while (*value < wanted && !play->is_late)
        uv_run(&play->loop, UV_RUN_ONCE);
    uv_timer_stop(&play->end);
    return *value >= wanted;
}

void play_for(struct play *play, int64_t ms)
{
    int never = 0;

    play_until(play, &never, 1, ms);
}

void play_close(struct play *play)
{
    enum { LAST_MS = 10000 };

    arm(play, LAST_MS);
    uv_unref((uv_handle_t *)&play->end);
    while (!play->is_late && uv_run(&play->loop, UV_RUN_ONCE))
        ;
    CHECK(!play->is_late);
    uv_close((uv_handle_t *)&play->end, NULL);
    uv_run(&play->loop, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&play->loop) == 0);
}

static void on_state(void *owner, bool is_ready, const char *why)
{
    struct play *play = owner;

    CHECK(is_ready == !why);
    if (is_ready)
        play->ups++;
    else
        play->downs++;
    snprintf(play->why, sizeof play->why, "%s", why ? why : "");
}

struct db_conn_options play_options(struct play *play, const char *url)
{
    return (struct db_conn_options){.url = url,
                                    .application = "play",
                                    .statement_timeout_ms = 2000,
                                    .connect_timeout_ms = 1000,
                                    .depth = 64,
                                    .on_state = on_state,
                                    .owner = play};
}

static void on_answer(struct query *query, enum fault fault, const PGresult *result)
{
    struct asked *asked = container_of(query, struct asked, query);

    asked->answers++;
    asked->fault = fault;
    snprintf(asked->state, sizeof asked->state, "%s", db_sqlstate(result));
    if (PQntuples(result) > 0 && PQnfields(result) > 0)
        snprintf(asked->value, sizeof asked->value, "%s", PQgetvalue(result, 0, 0));
    counting->answers++;
}

void ask_init(struct asked *asked, const char *statement, const char *parameter)
{
    *asked = (struct asked){.query = {.statement = statement,
                                      .parameter_count = parameter ? 1 : 0,
                                      .parameters = {parameter},
                                      .done = on_answer}};
}

void single_up(struct single *single, const struct db_conn_options *options)
{
    struct db_conn_options used = options ? *options : play_options(&single->play, cluster_url());

    play_open(&single->play);
    used.owner = &single->play;
    single->conn = db_conn_open(&single->play.loop, &used);
    CHECK(play_until(&single->play, &single->play.ups, 1, SOON_MS));
}

void single_down(struct single *single)
{
    db_conn_close(single->conn);
    play_close(&single->play);
}

void single_ask(struct single *single, struct asked *asked, const char *statement,
                const char *parameter)
{
    ask_init(asked, statement, parameter);
    CHECK(db_conn_send(single->conn, &asked->query));
    CHECK(asked->answers == 0);
}

void single_answered(struct single *single, int count)
{
    CHECK(play_until(&single->play, &single->play.answers, count, SOON_MS));
    CHECK(single->play.answers == count);
}

void play_aside(const char *statement)
{
    struct single single;
    struct asked asked;

    single_up(&single, NULL);
    single_ask(&single, &asked, statement, NULL);
    single_answered(&single, 1);
    CHECK(asked.fault == OK);
    single_down(&single);
}
