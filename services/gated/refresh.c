/* SPDX-License-Identifier: MIT */
#include "services/gated/refresh.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/loop/loop.h"
#include "services/gated/fan_out.h"
#include "services/gated/gate_index.h"
#include "services/gated/key_table.h"
#include "services/gated/ledgers.h"
#include "services/gated/pass_file.h"
#include "services/gated/reads.h"
#include "services/gated/schema_check.h"
#include "services/gated/server.h"
#include "services/gated/stream.h"

enum { LOOK_MS = 500, USAGE_MS = 10000, SCHEMA_REFUSED = 3 };

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
};

enum { TOPIC_SCHEMA, TOPIC_GATES, TOPIC_PRINCIPALS, TOPIC_PASS_KEYS, TOPIC_COUNT };

struct refresh {
    struct server *server;
    uv_timer_t timer;
    bool is_closed;
    struct topic topics[TOPIC_COUNT];
    struct own_read look;
    bool is_looking;
    struct refresh_waiter *waiting; /* for the next reading of the keys */
    struct refresh_waiter *reading; /* for the one under way */
    struct own_read usage;
    struct buffer used;
    bool is_reporting;
    int64_t reported_ms;
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

static void report_usage(struct refresh *refresh);

static void take_keys(struct server *server, struct span body)
{
    struct key_table *table = key_table_read(body);

    if (!table) {
        log_write(LOG_ERROR, "the keys cannot be read", NULL);
        return;
    }
    if (server->keys) {
        key_table_take_seen(table, server->keys);
        report_usage(server->refresh);
    }
    key_table_free(server->keys);
    server->keys = table;
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
    bool is_keys = topic == &refresh->topics[TOPIC_PRINCIPALS];

    topic->is_reading = false;
    if (answer->fault == OK && !refresh->is_closed) {
        topic->take(refresh->server, answer->body);
        topic->version = topic->wanted;
    }
    if (is_keys)
        tell(&refresh->reading);
    if (is_keys && refresh->waiting && !refresh->is_closed)
        topic_read(topic);
}

static void topic_read(struct topic *topic)
{
    struct refresh *refresh = topic->refresh;

    if (topic->is_reading)
        return;
    topic->is_reading = true;
    if (topic == &refresh->topics[TOPIC_PRINCIPALS]) {
        refresh->reading = refresh->waiting;
        refresh->waiting = NULL;
    }
    topic->read.done = on_topic;
    reads_ask(refresh->server->reads, &topic->read, topic->from, "{}");
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

/* --- usage ----------------------------------------------------------------------------------- */

static void on_reported(struct own_read *read, const struct answer *answer)
{
    (void)answer; /* lost usage is no loss */
    container_of(read, struct refresh, usage)->is_reporting = false;
}

static void report_usage(struct refresh *refresh)
{
    refresh->reported_ms = clock_steady_ms();
    if (refresh->is_reporting || !refresh->server->keys)
        return;
    refresh->used.size = 0;
    buffer_add(&refresh->used, SPAN("{\"keys\":"));
    if (!key_table_take_usage(refresh->server->keys, &refresh->used))
        return;
    buffer_add(&refresh->used, SPAN("}"));
    refresh->is_reporting = true;
    refresh->usage.done = on_reported;
    reads_ask(refresh->server->reads, &refresh->usage, "usage", refresh->used.at);
}

static void on_time(uv_timer_t *timer)
{
    struct refresh *refresh = container_of(timer, struct refresh, timer);

    look(refresh);
    if (clock_steady_ms() - refresh->reported_ms >= USAGE_MS)
        report_usage(refresh);
}

/* --- life ------------------------------------------------------------------------------------ */

struct refresh *refresh_open(struct server *server)
{
    struct refresh *refresh = calloc(1, sizeof *refresh);

    CHECK(refresh);
    refresh->server = server;
    refresh->reported_ms = clock_steady_ms();
    refresh->topics[TOPIC_SCHEMA] =
        (struct topic){.name = "schema", .from = "migrations", .take = take_schema, .version = -1};
    refresh->topics[TOPIC_GATES] =
        (struct topic){.name = "gates", .from = "gates_index", .take = take_gates, .version = -1};
    refresh->topics[TOPIC_PRINCIPALS] = (struct topic){
        .name = "principals", .from = "principals", .take = take_keys, .version = -1};
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
    report_usage(refresh);
    refresh->is_closed = true;
    tell(&refresh->waiting);
    tell(&refresh->reading);
    uv_close((uv_handle_t *)&refresh->timer, NULL);
}

void refresh_free(struct refresh *refresh)
{
    buffer_free(&refresh->used);
    free(refresh);
}

void refresh_keys(struct refresh *refresh, struct refresh_waiter *waiter)
{
    waiter->next = refresh->waiting;
    refresh->waiting = waiter;
    topic_read(&refresh->topics[TOPIC_PRINCIPALS]);
}

bool refresh_is_complete(const struct server *server)
{
    return server->is_schema_known && server->keys && server->gates;
}
