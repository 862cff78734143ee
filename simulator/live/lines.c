/* SPDX-License-Identifier: MIT */
#include "simulator/live/lines.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/form/instant.h"

const char *const OPERATION_NAMES[OPERATION_COUNT] = {
    "declare", "step", "offline steps", "call", "cancel", "turn back", "scan", "position", "other",
};

enum { HEADERS_ROOM = 512, RETRY_MS = 50, RETRY_MAX_MS = 1000, URL_ROOM = 256 };

struct line_client {
    struct client client;
    struct lines *lines;
    struct ask *ask;
    int64_t sent_ms;
};

/* --- asks --------------------------------------------------------------------------------------
 */

struct ask *ask_new(enum operation operation, const char *method, const char *token)
{
    struct ask *ask = calloc(1, sizeof *ask);

    CHECK(ask);
    ask->operation = operation;
    ask->method = method;
    ask->token = token;
    return ask;
}

void ask_body(struct ask *ask, struct buffer *body)
{
    free(ask->body);
    ask->body = buffer_steal(body, &ask->body_size);
}

void ask_free(struct ask *ask)
{
    if (ask)
        free(ask->body);
    free(ask);
}

/* --- what is counted ---------------------------------------------------------------------------
 */

static struct code_count *code_find(struct lines *lines, enum operation operation, int status,
                                    struct span code)
{
    for (unsigned i = 0; i < lines->code_count; i++) {
        struct code_count *c = &lines->codes[i];
        if (c->operation == operation && c->status == status && span_is(code, c->code))
            return c;
    }
    if (lines->code_count == CODES_MAX)
        return &lines->codes[CODES_MAX - 1];
    struct code_count *c = &lines->codes[lines->code_count++];
    *c = (struct code_count){.operation = operation, .status = status};
    snprintf(c->code, sizeof c->code, "%.*s", SPAN_ARG(code));
    return c;
}

void lines_note_error(struct lines *lines, const struct ask *ask, int status, struct span body)
{
    struct span code = between(body, "\"code\":\"", '"');

    if (!code.size)
        code = status ? SPAN("no code") : SPAN("connection lost");
    code_find(lines, ask->operation, status, code)->count++;
    lines->errors[ask->operation]++;
}

/* --- sending -----------------------------------------------------------------------------------
 */

static void push(struct lines *lines, struct ask *ask)
{
    ask->next = NULL;
    if (lines->first)
        lines->last->next = ask;
    else
        lines->first = ask;
    lines->last = ask;
}

static void push_later(struct lines *lines, struct ask *ask)
{
    int64_t wait_ms = RETRY_MS << (ask->tries < 5 ? ask->tries : 5);

    ask->tries++;
    ask->again_ms = clock_steady_ms() + (wait_ms < RETRY_MAX_MS ? wait_ms : RETRY_MAX_MS);
    ask->next = lines->again;
    lines->again = ask;
    lines->waiting++;
    lines->resent++;
}

static void on_answer(struct client *client, int status, struct span body);

static void go(struct lines *lines, struct line_client *line, struct ask *ask)
{
    char headers[HEADERS_ROOM] = "", instant[INSTANT_ROOM];
    int size = 0;

    if (ask->token)
        size += snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", ask->token);
    if (ask->key[0])
        size += snprintf(headers + size, sizeof headers - (size_t)size, "Idempotency-Key: %s\r\n",
                         ask->key);
    if (ask->gate_time_ms) {
        instant_print(ask->gate_time_ms, instant);
        snprintf(headers + size, sizeof headers - (size_t)size, "Gate-Time: %s\r\n", instant);
    }
    line->ask = ask;
    line->sent_ms = clock_steady_ms();
    ask->sent_us = clock_steady_us();
    if (!ask->intended_us)
        ask->intended_us = ask->sent_us;
    lines->busy++;
    client_send(&line->client, ask->method, ask->path, headers,
                (struct span){ask->body ? ask->body : "", ask->body_size}, on_answer);
}

static struct line_client *line_free(struct lines *lines)
{
    for (unsigned i = 0; i < lines->count && lines->busy < lines->count; i++)
        if (!lines->clients[i].ask)
            return &lines->clients[i];
    return NULL;
}

static void pump(struct lines *lines)
{
    struct line_client *line;

    while (!lines->is_dead && lines->first && (line = line_free(lines))) {
        struct ask *ask = lines->first;
        lines->first = ask->next;
        lines->waiting--;
        go(lines, line, ask);
    }
}

void lines_send(struct lines *lines, struct ask *ask)
{
    if (!ask->intended_us)
        ask->intended_us = clock_steady_us();
    if (lines_is_idle(lines))
        lines->heard_ms = clock_steady_ms();
    lines->waiting++;
    push(lines, ask);
    pump(lines);
}

/* --- answers -----------------------------------------------------------------------------------
 */

/* The answer was lost, or the server cannot now: the same again, with the same key. Without one
 * only what changes nothing: reads and scans. */
static bool is_to_repeat(const struct ask *ask, int status)
{
    bool is_repeatable =
        ask->key[0] || strcmp(ask->method, "GET") == 0 || ask->operation == OPERATION_SCAN;

    return status == 429 || status == 503 || (status == 0 && is_repeatable);
}

static void on_answer(struct client *client, int status, struct span body)
{
    struct line_client *line = client->owner;
    struct lines *lines = line->lines;
    struct ask *ask = line->ask;

    line->ask = NULL;
    lines->busy--;
    if (status && status != 503)
        lines->heard_ms = clock_steady_ms();
    if (is_to_repeat(ask, status)) {
        lines->limited += status == 429;
        push_later(lines, ask);
        return;
    }
    lines->requests++;
    latency_add(&lines->latency[ask->operation], clock_steady_us() - ask->intended_us);
    if (status == 0 || status >= 500)
        lines_note_error(lines, ask, status, body);
    ask->done(ask, status, body);
    pump(lines);
}

static void send_again(struct lines *lines, int64_t now_ms)
{
    struct ask *later = lines->again;

    lines->again = NULL;
    while (later) {
        struct ask *ask = later;
        later = ask->next;
        if (ask->again_ms <= now_ms) {
            push(lines, ask);
        } else {
            ask->next = lines->again;
            lines->again = ask;
        }
    }
    pump(lines);
}

void lines_tend(struct lines *lines)
{
    int64_t now_ms = clock_steady_ms();

    if (lines->is_dead)
        return;
    for (unsigned i = 0; i < lines->count; i++)
        if (lines->clients[i].ask && now_ms - lines->clients[i].sent_ms > ANSWER_MS)
            client_close(&lines->clients[i].client);
    lines->is_dead = !lines_is_idle(lines) && now_ms - lines->heard_ms > lines->patience_ms;
    send_again(lines, now_ms);
}

bool lines_is_idle(const struct lines *lines)
{
    return lines->busy == 0 && lines->waiting == 0;
}

/* --- connections -------------------------------------------------------------------------------
 */

static bool resolve(const char *url, struct sockaddr_in *address)
{
    char host[URL_ROOM] = "", port[8] = "80";
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;

    if (strlen(url) >= URL_ROOM || sscanf(url, "http://%200[^:/]:%7[0-9]", host, port) < 1) {
        fprintf(stderr, "gatesim: '%s': expected an address such as http://127.0.0.1:8080\n", url);
        return false;
    }
    int status = getaddrinfo(host, port, &hints, &found);
    if (status != 0) {
        fprintf(stderr, "gatesim: %s: %s\n", url, gai_strerror(status));
        return false;
    }
    memcpy(address, found->ai_addr, sizeof *address);
    freeaddrinfo(found);
    return true;
}

bool lines_open(struct lines *lines, uv_loop_t *loop, const char *url, unsigned count,
                int64_t patience_ms)
{
    struct sockaddr_in address;

    *lines = (struct lines){
        .loop = loop, .count = count, .patience_ms = patience_ms, .heard_ms = clock_steady_ms()};
    if (!resolve(url, &address))
        return false;
    lines->clients = calloc(count, sizeof *lines->clients);
    CHECK(lines->clients);
    for (unsigned i = 0; i < count; i++) {
        lines->clients[i].lines = lines;
        lines->clients[i].client.owner = &lines->clients[i];
        client_init(&lines->clients[i].client, loop, &address);
    }
    return true;
}

void lines_close(struct lines *lines)
{
    lines->is_dead = true;
    for (unsigned i = 0; i < lines->count && lines->clients; i++)
        client_close(&lines->clients[i].client);
}

void lines_free(struct lines *lines)
{
    for (unsigned i = 0; i < lines->count && lines->clients; i++)
        client_free(&lines->clients[i].client);
    free(lines->clients);
    lines->clients = NULL;
}
