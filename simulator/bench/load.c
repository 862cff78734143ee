/* SPDX-License-Identifier: MIT
 * gateload: drives a running service as hard as it can and says what it did.
 *
 *   gateload declare N CONNECTIONS     N declarations, closed loop
 *   gateload confirm N CONNECTIONS     N declarations first, then measured: their first step
 *   gateload day N CONNECTIONS         N trucks, each from declaration to exit
 *   gateload scan N RATE SECONDS       N declarations first, then scans at RATE a second, open loop
 *
 * The environment is that of tests/with-service. One line of JSON per measured phase. Latencies of
 * the open loop count from the intended time of sending (no coordinated omission).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "simulator/bench/trucks.h"
#include "simulator/client.h"
#include "simulator/latency.h"

enum { CONNECTIONS_MAX = 1024, TRUCKS_MAX = 200000, HEADERS_MAX = 384 };

enum phase { PHASE_DECLARE, PHASE_CONFIRM, PHASE_DAY, PHASE_SCAN };

struct connection {
    struct client client;
    struct load *load;
    struct truck *truck;
    bool is_call; /* what is under way */
    int64_t sent_us;
};

struct load {
    uv_loop_t loop;
    uv_timer_t timer;
    struct sockaddr_in address;
    const char *firm_key;
    const char *tokens[AGENCY_COUNT];
    struct truck *trucks;
    unsigned truck_count;
    unsigned first_number; /* plates of this run begin here */
    struct truck **ready;  /* trucks whose next request may go */
    unsigned ready_from, ready_to;
    struct connection *connections;
    unsigned connection_count;
    unsigned busy;
    enum phase phase;
    struct latency latency;
    uint64_t requests, errors, keys;
    int64_t started_us;
    double rate; /* open loop */
    int64_t until_us;
    uint64_t due;
};

static void pump(struct load *load);

static void ready_add(struct load *load, struct truck *truck)
{
    load->ready[load->ready_to++ % TRUCKS_MAX] = truck;
}

static struct truck *ready_take(struct load *load)
{
    return load->ready_from == load->ready_to ? NULL : load->ready[load->ready_from++ % TRUCKS_MAX];
}

static struct truck *truck_by_id(struct load *load, struct span id)
{
    for (unsigned i = 0; i < load->truck_count; i++)
        if (span_is(id, load->trucks[i].id))
            return &load->trucks[i];
    return NULL;
}

/* Whether the truck has something to do in this phase. */
static bool truck_goes_on(const struct load *load, const struct truck *truck)
{
    switch (load->phase) {
    case PHASE_DECLARE:
        return !truck->id[0];
    case PHASE_CONFIRM:
        return truck->step[0] && span_is(span_of(truck->step), "registered");
    case PHASE_DAY:
        return !truck->is_over;
    case PHASE_SCAN:
        return false;
    }
    return false;
}

/* The crossing called may be another truck than the one that asked. One that asked itself and waits
 * since goes on; one that is still busy with a step learns of it later, and the call is asked for
 * again. */
static void on_called(struct load *load, struct truck *asked, struct span body)
{
    struct truck *called = truck_by_id(load, between(body, "\"id\":\"", '"'));

    bool is_over = asked->is_called; /* by another's call, while this one was under way */

    asked->is_parked = !is_over;
    if (is_over)
        ready_add(load, asked);
    if (!called)
        return;
    called->is_called = true;
    if (called->is_parked) {
        called->is_parked = false;
        truck_learn(called, body);
        ready_add(load, called);
    } else if (!is_over) {
        asked->is_parked = false;
        ready_add(load, asked);
    }
}

static void on_answer(struct client *client, int status, struct span body)
{
    struct connection *connection = client->owner;
    struct load *load = connection->load;
    struct truck *truck = connection->truck;
    bool was_call = connection->is_call;

    connection->truck = NULL;
    connection->is_call = false;
    load->busy--;
    load->requests++;
    latency_add(&load->latency, clock_steady_us() - connection->sent_us);
    if (status == 404 && was_call) { /* somebody else's call was ours: look where we stand */
        truck->is_called = true;
        ready_add(load, truck);
    } else if (status < 200 || status > 299) {
        if (load->errors++ < 3)
            fprintf(stderr, "status %d: %.*s\n", status, (int)(body.size < 300 ? body.size : 300),
                    body.at);
    } else if (was_call) {
        on_called(load, truck, body);
    } else if (truck && load->phase != PHASE_SCAN) {
        truck_learn(truck, body);
        if (truck_goes_on(load, truck))
            ready_add(load, truck);
    }
    pump(load);
}

static void headers_print(struct load *load, const char *token, char *headers)
{
    snprintf(headers, HEADERS_MAX, "Authorization: Bearer %s\r\nIdempotency-Key: %d-%" PRIu64 "\r\n",
             token, (int)getpid(), load->keys++);
}

static void send_declaration(struct connection *connection)
{
    struct load *load = connection->load;
    struct truck *truck = connection->truck;
    char headers[HEADERS_MAX], body[2048];
    size_t size = truck_declaration(
        truck, load->first_number + (unsigned)(truck - load->trucks), body, sizeof body);

    headers_print(load, load->firm_key, headers);
    client_send(&connection->client, "POST", "/v1/declarations", headers,
                (struct span){body, size}, on_answer);
}

static void send_call(struct connection *connection)
{
    const struct truck *truck = connection->truck;
    char headers[HEADERS_MAX], path[64];

    connection->is_call = true;
    headers_print(connection->load, connection->load->tokens[AGENCY_OPERATOR], headers);
    snprintf(path, sizeof path, "/v1/gates/%s/call", truck->gate == 1 ? "CKHN" : "TT");
    client_send(&connection->client, "POST", path, headers,
                truck->is_export ? SPAN("{\"direction\":\"export\",\"lane\":1}")
                                 : SPAN("{\"direction\":\"import\",\"lane\":1}"),
                on_answer);
}

/* A truck that was called while a step of its own was under way looks where it stands. */
static void send_read(struct connection *connection)
{
    char headers[HEADERS_MAX], path[64];

    headers_print(connection->load, connection->load->firm_key, headers);
    snprintf(path, sizeof path, "/v1/crossings/%s", connection->truck->id);
    client_send(&connection->client, "GET", path, headers, SPAN(""), on_answer);
}

static void send_step(struct connection *connection)
{
    const struct truck *truck = connection->truck;
    char headers[HEADERS_MAX], path[64], body[96];
    int size = snprintf(body, sizeof body, "{\"step\":\"%s\",\"result\":\"pass\"}", truck->step);

    CHECK(truck->agency < AGENCY_COUNT);
    headers_print(connection->load, connection->load->tokens[truck->agency], headers);
    snprintf(path, sizeof path, "/v1/crossings/%s/steps", truck->id);
    client_send(&connection->client, "POST", path, headers, (struct span){body, (size_t)size},
                on_answer);
}

static void send_scan(struct connection *connection)
{
    struct load *load = connection->load;
    char headers[HEADERS_MAX], body[512];
    int size = snprintf(body, sizeof body, "{\"code\":\"%s\"}", connection->truck->digits);

    headers_print(load, load->tokens[AGENCY_BORDER_GUARD], headers);
    client_send(&connection->client, "POST", "/v1/scans", headers,
                (struct span){body, (size_t)size}, on_answer);
}

static struct connection *connection_free(struct load *load)
{
    for (unsigned i = 0; i < load->connection_count; i++)
        if (!load->connections[i].client.done)
            return &load->connections[i];
    return NULL;
}

static void connection_go(struct connection *connection, struct truck *truck, int64_t intended_us)
{
    connection->truck = truck;
    connection->sent_us = intended_us;
    connection->load->busy++;
    if (connection->load->phase == PHASE_SCAN)
        send_scan(connection);
    else if (!truck->id[0])
        send_declaration(connection);
    else if (truck->waits && truck->is_called)
        send_read(connection);
    else if (truck->waits)
        send_call(connection);
    else
        send_step(connection);
}

static void phase_end(struct load *load)
{
    uv_timer_stop(&load->timer);
    uv_stop(&load->loop);
}

/* Closed loop: whoever is free takes the next truck. */
static void pump(struct load *load)
{
    struct connection *connection;
    struct truck *truck;

    if (load->phase == PHASE_SCAN) {
        if (clock_steady_us() >= load->until_us && load->busy == 0)
            phase_end(load);
        return;
    }
    while ((connection = connection_free(load)) && (truck = ready_take(load)))
        connection_go(connection, truck, clock_steady_us());
    if (load->busy == 0)
        phase_end(load);
}

/* Open loop: what is due by now goes, late or not; its latency counts from when it was due. */
static void on_scan_time(uv_timer_t *timer)
{
    struct load *load = timer->data;
    int64_t now_us = clock_steady_us();
    struct connection *connection;

    while (now_us < load->until_us) {
        int64_t due_us = load->started_us + (int64_t)((double)load->due * 1e6 / load->rate);
        if (due_us > now_us || !(connection = connection_free(load)))
            return;
        connection_go(connection, &load->trucks[load->due % load->truck_count], due_us);
        load->due++;
    }
    pump(load);
}

static void phase_run(struct load *load, enum phase phase)
{
    load->phase = phase;
    load->requests = load->errors = load->due = 0;
    load->latency = (struct latency){0};
    load->ready_from = load->ready_to = 0;
    for (unsigned i = 0; i < load->truck_count; i++)
        if (truck_goes_on(load, &load->trucks[i]))
            ready_add(load, &load->trucks[i]);
    load->started_us = clock_steady_us();
    if (phase == PHASE_SCAN)
        uv_timer_start(&load->timer, on_scan_time, 0, 1);
    else
        pump(load);
    uv_run(&load->loop, UV_RUN_DEFAULT);
}

static void phase_print(const struct load *load, const char *name)
{
    double seconds = (double)(clock_steady_us() - load->started_us) / 1e6;

    printf("{\"phase\":\"%s\",\"connections\":%u,\"requests\":%" PRIu64 ",\"errors\":%" PRIu64
           ",\"seconds\":%.3f,\"per_second\":%.0f,\"p50_us\":%" PRId64 ",\"p90_us\":%" PRId64
           ",\"p99_us\":%" PRId64 ",\"p999_us\":%" PRId64 ",\"max_us\":%" PRId64 "}\n",
           name, load->connection_count, load->requests, load->errors, seconds,
           (double)load->requests / seconds, latency_at(&load->latency, 0.5),
           latency_at(&load->latency, 0.9), latency_at(&load->latency, 0.99),
           latency_at(&load->latency, 0.999), load->latency.maximum_us);
    fflush(stdout);
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    if (!value) {
        fprintf(stderr, "gateload: %s is not set; run it with tests/with-service\n", name);
        exit(2);
    }
    return value;
}

static void load_init(struct load *load, unsigned trucks, unsigned connections)
{
    static const char *const TOKENS[AGENCY_COUNT] = {
        "GATE_TOKEN_CUSTOMS", "GATE_TOKEN_BORDER_GUARD", "GATE_TOKEN_HEALTH",
        "GATE_TOKEN_PLANT",   "GATE_TOKEN_ANIMAL",       "GATE_TOKEN_LICENCE",
        "GATE_TOKEN_CENTRE",  "GATE_TOKEN_YARD",         "GATE_TOKEN_OPERATOR"};
    const char *colon = strrchr(environment("GATE_URL"), ':');

    uv_loop_init(&load->loop);
    uv_timer_init(&load->loop, &load->timer);
    load->timer.data = load;
    uv_ip4_addr("127.0.0.1", colon ? atoi(colon + 1) : 8080, &load->address);
    load->firm_key = environment("GATE_FIRM_KEY");
    for (enum agency a = 0; a < AGENCY_COUNT; a++)
        load->tokens[a] = environment(TOKENS[a]);
    load->first_number = (unsigned)(clock_wall_ms() % 39000) * 2000; /* new plates in each run */
    load->truck_count = trucks;
    load->trucks = calloc(trucks, sizeof *load->trucks);
    load->ready = calloc(TRUCKS_MAX, sizeof *load->ready);
    load->connection_count = connections;
    load->connections = calloc(connections, sizeof *load->connections);
    CHECK(load->trucks && load->ready && load->connections);
    for (unsigned i = 0; i < trucks; i++)
        load->trucks[i] = (struct truck){.gate = i % 3 == 2 ? 2 : 1, .is_export = i % 4 == 0};
    for (unsigned i = 0; i < connections; i++) {
        client_init(&load->connections[i].client, &load->loop, &load->address);
        load->connections[i].client.owner = &load->connections[i];
        load->connections[i].load = load;
    }
}

static unsigned argument(int argc, char **argv, int i, unsigned maximum)
{
    long value = i < argc ? atol(argv[i]) : 0;

    if (value < 1 || value > (long)maximum) {
        fprintf(stderr, "usage: gateload declare|confirm|day N CONNECTIONS\n"
                        "       gateload scan N RATE SECONDS\n");
        exit(2);
    }
    return (unsigned)value;
}

int main(int argc, char **argv)
{
    static struct load load;
    const char *what = argc > 1 ? argv[1] : "";
    bool is_scan = !strcmp(what, "scan");
    unsigned trucks = argument(argc, argv, 2, TRUCKS_MAX);

    load_init(&load, trucks, is_scan ? 64 : argument(argc, argv, 3, CONNECTIONS_MAX));
    if (!strcmp(what, "day")) {
        phase_run(&load, PHASE_DAY);
        phase_print(&load, "day");
        return load.errors ? 1 : 0;
    }
    phase_run(&load, PHASE_DECLARE);
    phase_print(&load, "declare");
    if (!strcmp(what, "confirm")) {
        phase_run(&load, PHASE_CONFIRM);
        phase_print(&load, "confirm");
    } else if (is_scan) {
        load.rate = argument(argc, argv, 3, 100000);
        load.until_us = clock_steady_us() + (int64_t)argument(argc, argv, 4, 3600) * 1000000;
        phase_run(&load, PHASE_SCAN);
        phase_print(&load, "scan");
    }
    return load.errors ? 1 : 0;
}
