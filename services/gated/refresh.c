/* SPDX-License-Identifier: MIT */
#include "services/gated/refresh.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/loop/loop.h"
#include "services/gated/alarm_watch.h"
#include "services/gated/fan_out.h"
#include "services/gated/gate_index.h"
#include "services/gated/key_table.h"
#include "services/gated/ledgers.h"
#include "services/gated/pass_file.h"
#include "services/gated/reads.h"
#include "services/gated/schema_check.h"
#include "services/gated/server.h"
#include "services/gated/session_table.h"
#include "services/gated/stream.h"
#include "services/gated/usage.h"

enum { LOOK_MS = 500, SCHEMA_REFUSED = 3 };

/* One thing that is read, and read again when wanted while it is being read. */
struct topic {
    struct own_read read;
    struct refresh *refresh;
    const char *name; /* in api.config_version() */
    const char *from; /* the function that gives it */
    void (*take)(struct server *server, struct span body);
    int64_t version; /* -1: never read */
    int64_t wanted;
    bool is_reading;
    struct refresh_waiter *waiting; /* for the next reading */
    struct refresh_waiter *told;    /* of the one under way */
};

enum { TOPIC_SCHEMA, TOPIC_GATES, TOPIC_PRINCIPALS, TOPIC_SESSIONS, TOPIC_PASS_KEYS, TOPIC_COUNT };

struct refresh {
    struct server *server;
    uv_timer_t timer;
    bool is_closed;
    struct topic topics[TOPIC_COUNT];
    struct own_read look;
    bool is_looking;
    char since[64]; /* the argument of api.sessions() */
};

/* --- what is taken over ---------------------------------------------------------------------- */

/* Before anything else is believed; its version never moves, so it is read once. */
static void take_schema(struct server *server, struct span body)
{
    server->is_schema_known = schema_is_ours(body);
    if (server->is_schema_known)
        return;
    server->exit_status = SCHEMA_REFUSED;
    loop_stop();
}

static void know_gate(void *context, int number)
{
    struct server *server = context;

    /* In a sandbox time may be driven: nobody ticks before its first request has told it. */
    ledgers_know(server->ledgers, number, !server->is_sandbox);
}

static void take_gates(struct server *server, struct span body)
{
    struct gate_index *index = gate_index_read(body);

    if (!index) {
        log_write(LOG_ERROR, "the gates cannot be read", NULL);
        return;
    }
    gate_index_free(server->gates);
    server->gates = index;
    know_gate(server, LEDGER_PLATFORM);
    gate_index_each(index, know_gate, server);
}

static void take_keys(struct server *server, struct span body)
{
    struct key_table *table = key_table_read(body);

    if (!table) {
        log_write(LOG_ERROR, "the keys cannot be read", NULL);
        return;
    }
    if (server->keys) {
        usage_report(server->usage);
        key_table_take_seen(table, server->keys);
    }
    key_table_free(server->keys);
    server->keys = table;
    streams_check_keys(server->streams);
}

static void take_sessions(struct server *server, struct span body)
{
    if (!session_table_merge(server->sessions, body, clock_wall_ms())) {
        log_write(LOG_ERROR, "the sessions cannot be read", NULL);
        return;
    }
    streams_check_keys(server->streams);
}

/* The database has the public halves only: a change there says that the file has changed. */
static void take_pass_keys(struct server *server, struct span body)
{
    (void)body;
    if (!pass_file_read(server->config->pass_keys, &server->pass_keys))
        log_write(LOG_ERROR, "the pass keys were not read again", NULL);
}

/* --- reading --------------------------------------------------------------------------------- */

static void tell(struct refresh_waiter **list)
{
    while (*list) {
        struct refresh_waiter *first = *list;
        *list = first->next;
        first->done(first);
    }
}

static void topic_read(struct topic *topic);

static void on_topic(struct own_read *read, const struct answer *answer)
{
    struct topic *topic = container_of(read, struct topic, read);
    struct refresh *refresh = topic->refresh;

    topic->is_reading = false;
    if (answer->fault == OK && !refresh->is_closed) {
        topic->take(refresh->server, answer->body);
        topic->version = topic->wanted;
    }
    tell(&topic->told);
    if (topic->waiting && !refresh->is_closed)
        topic_read(topic);
}

/* Only what is new; all of it when the database was put back to an earlier state. */
static const char *sessions_since(struct refresh *refresh, const struct topic *topic)
{
    struct session_table *table = refresh->server->sessions;

    if (topic->wanted < session_table_version(table))
        session_table_clear(table);
    snprintf(refresh->since, sizeof refresh->since, "{\"since\":%lld,\"wall\":%lld}",
             (long long)session_table_version(table), (long long)clock_wall_ms());
    return refresh->since;
}

static void topic_read(struct topic *topic)
{
    struct refresh *refresh = topic->refresh;

    if (topic->is_reading)
        return;
    topic->is_reading = true;
    topic->told = topic->waiting;
    topic->waiting = NULL;
    topic->read.done = on_topic;
    bool is_sessions = topic == &refresh->topics[TOPIC_SESSIONS];
    reads_ask(refresh->server->reads, &topic->read, topic->from,
              is_sessions ? sessions_since(refresh, topic) : "{}");
}

static void on_look(struct own_read *read, const struct answer *answer)
{
    struct refresh *refresh = container_of(read, struct refresh, look);

    refresh->is_looking = false;
    if (answer->fault || refresh->is_closed)
        return;
    json_t *versions = json_loadb(answer->body.at, answer->body.size, 0, NULL);
    refresh->server->is_sandbox = json_is_true(json_object_get(versions, "sandbox"));
    for (int i = 0; i < TOPIC_COUNT; i++) {
        struct topic *topic = &refresh->topics[i];
        int64_t version = json_integer_value(json_object_get(versions, topic->name));
        if (version == topic->version || topic->is_reading)
            continue;
        topic->wanted = version;
        topic_read(topic);
    }
    json_decref(versions);
}

static void look(struct refresh *refresh)
{
    if (refresh->is_looking || refresh->is_closed)
        return;
    refresh->is_looking = true;
    refresh->look.done = on_look;
    reads_ask(refresh->server->reads, &refresh->look, "config_version", "{}");
}

static void on_growth(void *owner, int ledger, int64_t seq)
{
    (void)seq;
    if (ledger == LEDGER_PLATFORM)
        look(owner);
}

static void on_time(uv_timer_t *timer)
{
    struct refresh *refresh = container_of(timer, struct refresh, timer);

    look(refresh);
    usage_look(refresh->server->usage);
    alarm_watch_look(refresh->server->alarms);
}

/* --- life ------------------------------------------------------------------------------------ */

struct refresh *refresh_open(struct server *server)
{
    struct refresh *refresh = calloc(1, sizeof *refresh);

    CHECK(refresh);
    refresh->server = server;
    refresh->topics[TOPIC_SCHEMA] =
        (struct topic){.name = "schema", .from = "migrations", .take = take_schema, .version = -1};
    refresh->topics[TOPIC_GATES] =
        (struct topic){.name = "gates", .from = "gates_index", .take = take_gates, .version = -1};
    refresh->topics[TOPIC_PRINCIPALS] = (struct topic){
        .name = "principals", .from = "principals", .take = take_keys, .version = -1};
    refresh->topics[TOPIC_SESSIONS] = (struct topic){
        .name = "sessions", .from = "sessions", .take = take_sessions, .version = -1};
    refresh->topics[TOPIC_PASS_KEYS] = (struct topic){
        .name = "pass_keys", .from = "pass_keys", .take = take_pass_keys, .version = -1};
    for (int i = 0; i < TOPIC_COUNT; i++)
        refresh->topics[i].refresh = refresh;
    uv_timer_init(server->loop, &refresh->timer);
    uv_timer_start(&refresh->timer, on_time, 0, LOOK_MS);
    fan_out_subscribe(server->fan_out, on_growth, refresh);
    return refresh;
}

void refresh_close(struct refresh *refresh)
{
    refresh->is_closed = true;
    for (int i = 0; i < TOPIC_COUNT; i++) {
        tell(&refresh->topics[i].waiting);
        tell(&refresh->topics[i].told);
    }
    uv_close((uv_handle_t *)&refresh->timer, NULL);
}

void refresh_free(struct refresh *refresh)
{
    free(refresh);
}

static void topic_wait(struct topic *topic, struct refresh_waiter *waiter)
{
    waiter->next = topic->waiting;
    topic->waiting = waiter;
    topic_read(topic);
}

void refresh_keys(struct refresh *refresh, struct refresh_waiter *waiter)
{
    topic_wait(&refresh->topics[TOPIC_PRINCIPALS], waiter);
}

void refresh_sessions(struct refresh *refresh, struct refresh_waiter *waiter)
{
    topic_wait(&refresh->topics[TOPIC_SESSIONS], waiter);
}

bool refresh_is_complete(const struct server *server)
{
    return server->is_schema_known && server->keys && server->gates &&
           session_table_version(server->sessions);
}
