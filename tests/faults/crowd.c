/* SPDX-License-Identifier: MIT
 * A crowd of clients that file and confirm at once at both gates, while somebody else breaks the
 * service.
 *
 *   crowd CLIENTS SECONDS URL...      URL of each server; clients are dealt over them
 *
 * Each client files an export and confirms four steps, one after the other, then the next truck.
 * Every write has a key of its own. What is not answered, or answered 503, is tried again with the
 * same key until it is: by every second client at once; by the others only when the time is up,
 * and meanwhile they go on with another truck. Any other answer than success is an error.
 *
 * Standard output: a line "PLATE CROSSING" for each truck, whose five writes are all acknowledged.
 * Standard error: one line of figures. Keys come from tests/with-service's environment.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/client/wire.h"

enum {
    CLIENTS_MAX = 512,
    ASIDE_MAX = 64, /* trucks one client puts aside */
    ANSWER_MS = 20000,
    PAUSE_US = 20000,
    GIVE_UP_MS = 60000, /* after the time was up */
    TEXT_MAX = 2048,
    TRUCKS_MAX = 1000, /* of one client */
};

/* The writes of a truck, in order; the first one is its declaration. */
static const struct write {
    const char *step;
    const char *key_variable;
} WRITES[] = {
    {NULL, "GATE_FIRM_KEY"},        {"registered", "GATE_TOKEN_CUSTOMS"},
    {"yard_in", "GATE_TOKEN_YARD"}, {"fee_paid", "GATE_TOKEN_CENTRE"},
    {"plant", "GATE_TOKEN_PLANT"},
};

struct truck {
    unsigned serial;
    int write; /* the next one */
    char crossing[16];
};

struct client {
    pthread_t thread;
    unsigned number;
    const char *url;
    int64_t until_ms;
    struct wire wire;
    bool is_open;
    struct truck aside[ASIDE_MAX];
    int aside_count;
    unsigned trucks; /* begun */
    unsigned writes, unanswered, halves, replayed, refused;
};

static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER;

/* --- one write -------------------------------------------------------------------------------- */

/* Synthetic, and no two alike: the serial is client number times TRUCKS_MAX and its count. */
static void plate_of(const struct truck *truck, char plate[16])
{
    snprintf(plate, 16, "%02u%c%05u", 29 + truck->serial / 1000000,
             "CDHKLMSX"[truck->serial / 100000 % 8], truck -> serial % 100000);
}

static int write_declaration(const struct truck *truck, char *text)
{
    char plate[16];

    plate_of(truck, plate);
    return snprintf(text, TEXT_MAX,
                    "{\"gate\":\"%s\",\"direction\":\"export\","
                    "\"planned_arrival\":\"2026-11-23T08:30:00+07:00\","
                    "\"customs_declarations\":[{\"number\":\"30%09u0\",\"type\":\"B11\"}],"
                    "\"vehicles\":[{\"plate\":\"%s\",\"driver\":{\"name\":\"Nguyễn Văn An\","
                    "\"document\":{\"type\":\"cccd\",\"number\":\"001099000001\"}}}],"
                    "\"goods\":[{\"hs\":\"08106000\",\"description\":\"Sầu riêng tươi\"}]}",
                    truck->serial % 2 ? "CKHN" : "TT", truck->serial, plate);
}

static int write_body(const struct truck *truck, char *text)
{
    if (truck->write == 0)
        return write_declaration(truck, text);
    return snprintf(text, TEXT_MAX, "{\"step\":\"%s\",\"result\":\"pass\"}",
                    WRITES[truck->write].step);
}

static void write_path(const struct truck *truck, char *path, size_t room)
{
    if (truck->write == 0)
        snprintf(path, room, "/v1/declarations");
    else
        snprintf(path, room, "/v1/crossings/%s/steps", truck->crossing);
}

static bool client_connect(struct client *client)
{
    if (!client->is_open)
        client->is_open = wire_open(&client->wire, client->url);
    return client->is_open;
}

static void client_disconnect(struct client *client)
{
    if (client->is_open)
        wire_close(&client->wire);
    client->is_open = false;
}

static bool send_write(struct client *client, const struct truck *truck)
{
    char body[TEXT_MAX], path[64], request[2 * TEXT_MAX];
    int body_size = write_body(truck, body);

    CHECK(body_size > 0 && body_size < TEXT_MAX && client->trucks < TRUCKS_MAX);
    write_path(truck, path, sizeof path);
    int size = snprintf(request, sizeof request,
                        "POST %s HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer %s\r\n"
                        "Idempotency-Key: crowd-%u-%d\r\nContent-Type: application/json\r\n"
                        "Content-Length: %d\r\n\r\n%s",
                        path, getenv(WRITES[truck->write].key_variable), truck->serial,
                        truck->write, body_size, body);
    CHECK(size > 0 && (size_t)size < sizeof request);
    return wire_send(&client->wire, (struct span){request, (size_t)size});
}

/* Status of the answer, which the caller frees; 0: none came. */
static int try_write(struct client *client, const struct truck *truck, struct wire_answer *answer)
{
    *answer = (struct wire_answer){0};
    if (client_connect(client) && send_write(client, truck)) {
        if (wire_read(&client->wire, answer, false, ANSWER_MS) == WIRE_ANSWER)
            return answer->status;
        client->halves += client->wire.read.size + answer->head.size > 0;
    }
    client_disconnect(client);
    return 0;
}

static void read_crossing(struct truck *truck, const struct wire_answer *answer)
{
    static const char BEFORE[] = "\"crossings\":[{\"id\":\"";
    const char *at = memmem(answer->body.at, answer->body.size, BEFORE, sizeof BEFORE - 1);

    CHECK(at);
    snprintf(truck->crossing, sizeof truck->crossing, "%.14s", at + sizeof BEFORE - 1);
}

static void accept_answer(struct client *client, struct truck *truck,
                          const struct wire_answer *answer)
{
    struct buffer flag = {0};

    if (truck->write == 0)
        read_crossing(truck, answer);
    client->replayed += wire_header(answer, "Idempotent-Replayed", &flag);
    buffer_free(&flag);
    client->writes++;
    truck->write++;
}

static void refuse_answer(struct client *client, const struct truck *truck,
                          const struct wire_answer *answer)
{
    client->refused++;
    pthread_mutex_lock(&printing);
    fprintf(stderr, "write %d of truck %u: %d %.*s\n", truck->write, truck->serial, answer->status,
            (int)answer->body.size, answer->body.at);
    pthread_mutex_unlock(&printing);
}

enum outcome { DONE, UNANSWERED, REFUSED };

static enum outcome do_write(struct client *client, struct truck *truck)
{
    struct wire_answer answer;
    int status = try_write(client, truck, &answer);
    enum outcome outcome = status == 0 || status == 503     ? UNANSWERED
                           : status == 200 || status == 201 ? DONE
                                                            : REFUSED;

    if (outcome == DONE)
        accept_answer(client, truck, &answer);
    else if (outcome == REFUSED)
        refuse_answer(client, truck, &answer);
    else
        client->unanswered++;
    wire_answer_free(&answer);
    return outcome;
}

/* --- one client ------------------------------------------------------------------------------- */

static void report(const struct truck *truck)
{
    char plate[16];

    plate_of(truck, plate);
    pthread_mutex_lock(&printing);
    printf("%s %s\n", plate, truck->crossing);
    pthread_mutex_unlock(&printing);
}

static bool time_is_up(const struct client *client)
{
    return clock_steady_ms() >= client->until_ms;
}

/* Follows a truck to its last write. A patient client puts it aside when an answer is missing. */
static void follow(struct client *client, struct truck *truck, bool is_patient)
{
    while ((size_t)truck->write < COUNT_OF(WRITES)) {
        enum outcome outcome = do_write(client, truck);
        if (outcome == REFUSED)
            return;
        if (outcome == DONE)
            continue;
        if (clock_steady_ms() > client->until_ms + GIVE_UP_MS) {
            client->refused++;
            return;
        }
        usleep(PAUSE_US);
        if (is_patient && !time_is_up(client) && client->aside_count < ASIDE_MAX) {
            client->aside[client->aside_count++] = *truck;
            return;
        }
    }
    report(truck);
}

static void *client_run(void *argument)
{
    struct client *client = argument;

    while (!time_is_up(client)) {
        struct truck truck = {.serial = client->number * TRUCKS_MAX + client->trucks++};
        follow(client, &truck, client->number % 2 == 0);
    }
    for (int i = 0; i < client->aside_count; i++)
        follow(client, &client->aside[i], false);
    client_disconnect(client);
    return NULL;
}

/* --- all of them ------------------------------------------------------------------------------ */

static int sum_up(const struct client *clients, unsigned count)
{
    struct client all = {0};

    for (unsigned i = 0; i < count; i++) {
        all.trucks += clients[i].trucks;
        all.writes += clients[i].writes;
        all.unanswered += clients[i].unanswered;
        all.halves += clients[i].halves;
        all.replayed += clients[i].replayed;
        all.refused += clients[i].refused;
    }
    fprintf(stderr,
            "%u trucks, %u writes, %u times no answer, %u times half of one, %u of them had been "
            "done, %u errors\n",
            all.trucks, all.writes, all.unanswered, all.halves, all.replayed, all.refused);
    return all.refused ? 1 : 0;
}

static int usage(void)
{
    fprintf(stderr, "usage: crowd CLIENTS SECONDS URL...\n");
    return 2;
}

int main(int count, char **words)
{
    static struct client clients[CLIENTS_MAX];
    unsigned client_count = count > 3 ? (unsigned)atoi(words[1]) : 0;

    if (client_count == 0 || client_count > CLIENTS_MAX)
        return usage();
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    for (unsigned i = 0; i < client_count; i++) {
        clients[i].number = i;
        clients[i].url = words[3 + i % (unsigned)(count - 3)];
        clients[i].until_ms = clock_steady_ms() + atoi(words[2]) * INT64_C(1000);
        CHECK(pthread_create(&clients[i].thread, NULL, client_run, &clients[i]) == 0);
    }
    for (unsigned i = 0; i < client_count; i++)
        CHECK(pthread_join(clients[i].thread, NULL) == 0);
    return sum_up(clients, client_count);
}
