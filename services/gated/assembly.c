/* SPDX-License-Identifier: MIT */
#include "services/gated/assembly.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/loop/loop.h"
#include "common/loop/notify.h"
#include "services/gated/alarm_watch.h"
#include "services/gated/board_stream.h"
#include "services/gated/fan_out.h"
#include "services/gated/feed.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/https.h"
#include "services/gated/key_table.h"
#include "services/gated/ledgers.h"
#include "services/gated/limits.h"
#include "services/gated/metrics.h"
#include "services/gated/pass_file.h"
#include "services/gated/reads.h"
#include "services/gated/refresh.h"
#include "services/gated/revocations.h"
#include "services/gated/serve.h"
#include "services/gated/server.h"
#include "services/gated/session_table.h"
#include "services/gated/snapshot.h"
#include "services/gated/stream.h"
#include "services/gated/usage.h"
#include "services/gated/worker.h"

/* Each password takes 64 MiB while it is compared. */
enum { DRAIN_LOOK_MS = 10, WORKERS_RUNNING = 2, WORKERS_WAITING = 64 };

struct assembly {
    struct server server;
    uv_timer_t drain;
    int listening; /* HTTP and HTTPS, while they are open */
};

/* --- the end --------------------------------------------------------------------------------- */

static void close_parts(struct assembly *a)
{
    struct server *server = &a->server;

    uv_close((uv_handle_t *)&a->drain, NULL);
    usage_close(server->usage);
    refresh_close(server->refresh);
    feed_close(server->feed);
    ledgers_close(server->ledgers);
    fan_out_close(server->fan_out);
    reads_close(server->reads);
}

/* Clients that hung up may have left commands behind: they are finished, too. */
static void on_drain(uv_timer_t *timer)
{
    struct assembly *a = container_of(timer, struct assembly, drain);

    if (a->server.requests == 0 && ledgers_load(a->server.ledgers) == 0)
        close_parts(a);
}

static void on_http_closed(void *owner)
{
    struct assembly *a = owner;

    if (--a->listening == 0)
        uv_timer_start(&a->drain, on_drain, 0, DRAIN_LOOK_MS);
}

static void on_metrics_closed(void *owner)
{
    (void)owner;
}

static void on_stop(void *owner)
{
    struct assembly *a = owner;

    notify_supervisor("STOPPING=1");
    a->server.is_draining = true;
    streams_stop(a->server.streams);
    boards_stop(a->server.boards);
    ledgers_drain(a->server.ledgers);
    if (a->server.metrics_http)
        http_close(a->server.metrics_http, on_metrics_closed, a);
    if (a->server.https)
        https_close(a->server.https, on_http_closed, a);
    a->server.https = NULL;
    http_close(a->server.http, on_http_closed, a);
}

static void on_reload(void *owner)
{
    struct assembly *a = owner;

    if (!pass_file_read(a->server.config->pass_keys, &a->server.pass_keys))
        log_write(LOG_ERROR, "the pass keys were not read again", NULL);
    https_reload(a->server.https);
}

static void free_parts(struct assembly *a)
{
    struct server *server = &a->server;

    boards_free(server->boards);
    streams_free(server->streams);
    alarm_watch_free(server->alarms);
    snapshots_free(server->snapshots);
    feed_free(server->feed);
    refresh_free(server->refresh);
    usage_free(server->usage);
    workers_free(server->workers);
    revocations_free(server->revocations);
    fan_out_free(server->fan_out);
    reads_free(server->reads);
    key_table_free(server->keys);
    session_table_free(server->sessions);
    gate_index_free(server->gates);
    limits_free(server->limits);
    metrics_free(server->metrics);
    pass_file_wipe(&server->pass_keys);
}

/* --- the beginning --------------------------------------------------------------------------- */

static void open_database(struct server *server)
{
    server->reads = reads_open(server->loop, server->config);
    server->fan_out = fan_out_open(server);
    server->ledgers = ledgers_open(server);
    server->feed = feed_open(server);
    server->snapshots = snapshots_open(server);
    server->alarms = alarm_watch_open(server);
    server->streams = streams_open(server);
    server->boards = boards_open(server);
    server->usage = usage_open(server);
    server->refresh = refresh_open(server);
    server->revocations = revocations_open(server->fan_out);
}

static void reserve(struct server *server)
{
    const struct config *config = server->config;
    char count[24];

    server->connections = http_reserve(config->connections, *config->tls_certificate ? 2 : 1);
    if (server->connections == config->connections)
        return;
    snprintf(count, sizeof count, "%lld", (long long)server->connections);
    log_write(LOG_WARN, "the limit of open files allows fewer connections", "connections", count,
              NULL);
}

static bool open_http(struct assembly *a)
{
    struct server *server = &a->server;
    const struct config *config = server->config;
    const struct http_options options = {
        .address = config->address,
        .port = config->port,
        .connections = server->connections,
        .connections_per_address = config->connections_per_address,
    };
    const struct http_events events = {
        .on_request = serve_request,
        .on_end = serve_end,
        .on_room = serve_room,
        .on_refusal = serve_refusal,
        .owner = server,
    };

    server->http = http_open(server->loop, &options, &events);
    a->listening = 1;
    if (!server->http || !https_open(server, &events, &server->https))
        return false;
    a->listening += server->https != NULL;
    return true;
}

static void ignore_end(struct exchange *exchange, void *owner)
{
    (void)exchange;
    (void)owner;
}

static bool open_metrics(struct server *server)
{
    const struct http_options options = {
        .address = "127.0.0.1",
        .port = server->config->metrics_port,
        .connections = 16,
    };
    const struct http_events events = {
        .on_request = metrics_serve,
        .on_end = ignore_end,
        .owner = server,
    };

    if (!server->config->metrics_port)
        return true;
    server->metrics_http = http_open(server->loop, &options, &events);
    return server->metrics_http;
}

static void announce(const struct server *server)
{
    char port[12];

    snprintf(port, sizeof port, "%d", http_port(server->http));
    log_write(LOG_INFO, "listening", "address", server->config->address, "port", port, NULL);
    notify_supervisor("READY=1");
}

int assembly_run(const struct config *config)
{
    struct assembly a = {.server = {.config = config}};
    struct server *server = &a.server;
    const struct loop_options options = {
        .on_stop = on_stop,
        .on_reload = on_reload,
        .owner = &a,
        .drain_ms = config->drain_ms,
    };

    if (!pass_file_read(config->pass_keys, &server->pass_keys))
        return 2;
    server->loop = loop_start(&options);
    uv_timer_init(server->loop, &a.drain);
    server->metrics = metrics_new();
    server->limits = config->has_limits ? limits_new() : NULL;
    server->sessions = session_table_new();
    server->workers = workers_new(server->loop, WORKERS_RUNNING, WORKERS_WAITING);
    reserve(server);
    if (!open_http(&a) || !open_metrics(server))
        return 2; /* nothing is in flight: the process may end as it stands */
    open_database(server);
    announce(server);
    int status = loop_run();
    free_parts(&a);
    return status ? status : server->exit_status;
}
