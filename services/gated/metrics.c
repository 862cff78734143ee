/* SPDX-License-Identifier: MIT */
#include "services/gated/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "services/gated/histogram.h"
#include "services/gated/http.h"
#include "services/gated/https.h"
#include "services/gated/ledgers.h"
#include "services/gated/reads.h"
#include "services/gated/reply.h"
#include "services/gated/routes.h"
#include "services/gated/server.h"
#include "services/gated/web.h"
#include "services/gated/worker.h"

static const char METRICS_TYPE[] = "text/plain; version=0.0.4; charset=utf-8";

enum { STATUS_MIN = 100, STATUS_MAX = 599, GAUGES_MAX = 16 };

#define COUNTS (ROUTE_COUNT + 2)

struct route_counts {
    uint32_t by_status[STATUS_MAX - STATUS_MIN + 1];
    struct histogram latencies;
};

struct gauge {
    const char *name;
    int64_t (*value)(void *owner);
    void *owner;
};

struct metrics {
    struct gauge gauges[GAUGES_MAX];
    int gauge_count;
    /* as ROUTES, made when first used; behind them: no route, the screens */
    struct route_counts *routes[];
};

struct metrics *metrics_new(void)
{
    struct metrics *metrics = calloc(1, sizeof *metrics + COUNTS * sizeof metrics->routes[0]);

    CHECK(metrics);
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    for (size_t i = 0; i < COUNTS; i++)
        free(metrics->routes[i]);
    free(metrics);
}

static size_t row_of(const struct route *route)
{
    if (route == &WEB_ROUTE)
        return ROUTE_COUNT + 1;
    return route ? (size_t)(route - ROUTES) : ROUTE_COUNT;
}

static const struct route *route_of(size_t row)
{
    static const struct route NONE = {.method = "", .path = ""};

    if (row < ROUTE_COUNT)
        return &ROUTES[row];
    return row == ROUTE_COUNT ? &NONE : &WEB_ROUTE;
}

void metrics_count(struct metrics *metrics, const struct route *route, int status, int64_t took_us)
{
    size_t row = row_of(route);

    if (!metrics->routes[row])
        metrics->routes[row] = calloc(1, sizeof *metrics->routes[row]);
    CHECK(metrics->routes[row]);
    if (status >= STATUS_MIN && status <= STATUS_MAX)
        metrics->routes[row]->by_status[status - STATUS_MIN]++;
    histogram_add(&metrics->routes[row]->latencies, &HISTOGRAM_LATENCY, took_us);
}

void metrics_gauge(struct metrics *metrics, const char *name, int64_t (*value)(void *owner),
                   void *owner)
{
    CHECK(metrics->gauge_count < GAUGES_MAX);
    metrics->gauges[metrics->gauge_count++] = (struct gauge){name, value, owner};
}

static void print_statuses(const struct route_counts *counts, const char *label, struct buffer *out)
{
    for (int i = 0; i <= STATUS_MAX - STATUS_MIN; i++)
        if (counts->by_status[i])
            buffer_print(out, "gate_requests_total{%s,status=\"%d\"} %u\n", label, i + STATUS_MIN,
                         counts->by_status[i]);
}

static void print_latencies(const struct route_counts *counts, const char *label,
                            struct buffer *out)
{
    histogram_print(&counts->latencies, &HISTOGRAM_LATENCY, "gate_request_seconds", label, out);
}

static void print_rows(const struct metrics *metrics,
                       void (*print)(const struct route_counts *counts, const char *label,
                                     struct buffer *out),
                       struct buffer *out)
{
    char label[160];

    for (size_t i = 0; i < COUNTS; i++) {
        if (!metrics->routes[i])
            continue;
        snprintf(label, sizeof label, "route=\"%s\",method=\"%s\"", route_of(i)->path,
                 route_of(i)->method);
        print(metrics->routes[i], label, out);
    }
}

/* The format wants all lines of a figure in one group. */
static void print_requests(const struct metrics *metrics, struct buffer *out)
{
    buffer_add_text(out, "# TYPE gate_requests_total counter\n");
    print_rows(metrics, print_statuses, out);
    buffer_add_text(out, "# TYPE gate_request_seconds histogram\n");
    print_rows(metrics, print_latencies, out);
}

static void print_gauge(struct buffer *out, const char *name, int64_t value)
{
    buffer_print(out, "# TYPE %s gauge\n%s %lld\n", name, name, (long long)value);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* The second figure of statm (proc(5)), in pages; 0 where there is no such file. */
static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long long pages = 0;

    if (file && fscanf(file, "%*d %lld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void print_all(const struct server *server, struct buffer *out)
{
    const struct metrics *metrics = server->metrics;
    struct rusage usage;

    print_requests(metrics, out);
    ledgers_print(server->ledgers, out);
    reads_print(server->reads, out);
    print_gauge(out, "gate_http_connections",
                http_connections(server->http) + https_connections(server->https));
    print_gauge(out, "gate_requests_open", server->requests);
    print_gauge(out, "gate_reads_open", reads_load(server->reads));
    print_gauge(out, "gate_passwords_waiting", workers_load(server->workers));
    print_gauge(out, "gate_database_up",
                reads_are_up(server->reads) && ledgers_are_ready(server->ledgers));
    for (int i = 0; i < metrics->gauge_count; i++)
        print_gauge(out, metrics->gauges[i].name,
                    metrics->gauges[i].value(metrics->gauges[i].owner));
    print_gauge(out, "process_resident_memory_bytes", resident_bytes());
    getrusage(RUSAGE_SELF, &usage);
    buffer_print(out, "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total %g\n",
                 seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

/* --- serving -------------------------------------------------------------------------------- */

static bool is_loopback(const char *address)
{
    return !strncmp(address, "127.", 4) || !strcmp(address, "::1");
}

enum fault metrics_ask(struct request *r)
{
    const struct config *config = r->server->config;
    struct buffer text = {0};

    if (config->metrics_port ||
        (!config->metrics_public && !is_loopback(http_ask(r->exchange)->address)))
        return FAULT_NOT_FOUND;
    print_all(r->server, &text);
    reply_content(r, METRICS_TYPE, buffer_span(&text), NULL);
    buffer_free(&text);
    request_end(r);
    return OK;
}

void metrics_serve(struct exchange *exchange, void *owner)
{
    struct buffer text = {0};
    struct http_reply reply = {.status = 404};

    if (span_is(http_ask(exchange)->path, "/metrics")) {
        print_all(owner, &text);
        reply = (struct http_reply){.status = 200, .content_type = METRICS_TYPE};
    }
    reply.body = buffer_span(&text);
    http_reply(exchange, &reply);
    buffer_free(&text);
}
