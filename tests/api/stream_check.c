/* SPDX-License-Identifier: MIT
 * The streams against a running service, inside tests/with-service:
 *
 *   stream_check [CHECK]...      feed kill beat slow revoke stop board; all when none is named
 *
 * feed   nothing is missed while both gates' ledgers are written, whoever follows and however often
 *        they leave, to come back to the other server (GATE_URL2) if there is one; a firm sees
 * nothing of another kill   the same while the server is killed twice beat   a heartbeat comes slow
 * who does not read is dropped, who reads is not revoke a stream ends within a second after its key
 * was taken back stop   a stream ends with a retry when the server stops board  a board begins
 * whole, hears of a lane at once and of counts soon, resumes Prints TAP; exits with 0 when all is
 * well.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/client/caller.h"
#include "tests/client/follow.h"

enum {
    WRITERS = 4,
    BEAT_MS = 17000,
    STEP_MS = 5000,
    KILLS = 2,
    KILL_AFTER_US = 400000,
    SLOW_VEHICLES = 90,
    SLOW_TRIES = 120,
    SLOW_ROOM = 4096,
};

static struct {
    const char *url;
    const char *other_url; /* of a second server; NULL: there is none */
    const char *pid_file;
    int number; /* of checks */
    int failed;
    unsigned plates;
} run;

static void tell(bool is_good, const char *what)
{
    printf("%sok %d - %s\n", is_good ? "" : "not ", ++run.number, what);
    run.failed += !is_good;
    fflush(stdout);
}

static const char *given(const char *name)
{
    const char *value = getenv(name);

    if (!value) {
        fprintf(stderr, "stream_check: no %s: run it inside tests/with-service\n", name);
        exit(2);
    }
    return value;
}

static void kill_server(int how)
{
    FILE *file = fopen(run.pid_file, "r");
    int pid = 0;

    CHECK(file && fscanf(file, "%d", &pid) == 1 && pid > 1);
    fclose(file);
    kill(pid, how);
}

/* --- writing --------------------------------------------------------------------------------- */

/* A declaration of so many vehicles; without goods it stays a draft, which is an event as well. */
static void write_declaration(struct buffer *out, const char *gate, int vehicles)
{
    buffer_print(out, "{\"gate\":\"%s\",\"direction\":\"export\",\"vehicles\":[", gate);
    for (int i = 0; i < vehicles; i++)
        buffer_print(out, "%s{\"plate\":\"29H%05u\",\"nationality\":\"VN\"}", i ? "," : "",
                     __atomic_fetch_add(&run.plates, 1, __ATOMIC_RELAXED) % 100000);
    buffer_add_text(out, "]}");
}

struct writer {
    pthread_t thread;
    const char *key;
    int number;
    int count;
    int failed;
};

static void *write_some(void *context)
{
    struct writer *writer = context;
    struct caller caller;

    caller_init(&caller, run.url, writer->key);
    for (int i = 0; i < writer->count; i++) {
        struct buffer body = {0};
        char idempotency_key[64];
        snprintf(idempotency_key, sizeof idempotency_key, "%d-%d-%d", (int)getpid(), writer->number,
                 i + run.number * 100000);
        write_declaration(&body, (i + writer->number) % 2 ? "CKHN" : "TT", 1 + i % 3);
        int status =
            caller_insist(&caller, "POST", "/v1/declarations", idempotency_key, body.at, NULL);
        writer->failed += status != 201;
        buffer_free(&body);
    }
    caller_close(&caller);
    return NULL;
}

static void writers_start(struct writer *writers, int count)
{
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){
            .key = given(i % 2 ? "GATE_FIRM2_KEY" : "GATE_FIRM_KEY"),
            .number = i,
            .count = count,
        };
        CHECK(pthread_create(&writers[i].thread, NULL, write_some, &writers[i]) == 0);
    }
}

static int writers_end(struct writer *writers)
{
    int failed = 0;

    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        failed += writers[i].failed;
    }
    return failed;
}

/* --- feed and kill --------------------------------------------------------------------------- */

static bool have_common(const json_t *some, const json_t *others)
{
    json_t *ids = json_object(), *item;
    bool is_common = false;
    size_t i;

    json_array_foreach (some, i, item)
        json_object_set(ids, json_string_value(json_object_get(item, "id")), item);
    json_array_foreach (others, i, item)
        is_common |= json_object_get(ids, json_string_value(json_object_get(item, "id"))) != NULL;
    json_decref(ids);
    return is_common;
}

static void follow_while_written(int count, int kills)
{
    struct follow follows[] = {
        {.name = "customs", .key = given("GATE_TOKEN_CUSTOMS"), .query = ""},
        {.name = "firm", .key = given("GATE_FIRM_KEY"), .query = ""},
        {.name = "firm 2", .key = given("GATE_FIRM2_KEY"), .query = ""},
        {.name = "admin", .key = given("GATE_TOKEN_ADMIN"), .query = ""},
        {.name = "one gate", .key = given("GATE_TOKEN_YARD"), .query = "gate=TT&types=declared"},
        {.name = "restless", .key = given("GATE_TOKEN_CUSTOMS"), .query = "", .leaves_after = 7},
        {.name = "restless firm", .key = given("GATE_FIRM_KEY"), .query = "", .leaves_after = 3},
    };
    struct writer writers[WRITERS];
    bool is_begun = true;

    for (size_t i = 0; i < COUNT_OF(follows); i++) {
        follows[i].url = run.url;
        follows[i].other_url = run.other_url;
        is_begun = follow_start(&follows[i]) && is_begun;
    }
    tell(is_begun, "the streams open");
    writers_start(writers, count);
    for (int i = 0; i < kills; i++) {
        usleep(KILL_AFTER_US);
        kill_server(SIGKILL);
    }
    tell(writers_end(writers) == 0, "everything is written");
    for (size_t i = 0; i < COUNT_OF(follows); i++) {
        char what[120];
        snprintf(what, sizeof what, "%s: the stream brought what the feed has, each once%s",
                 follows[i].name, kills ? ", over a killed server" : "");
        tell(follow_end(&follows[i]) == 0 && follows[i].count > 0, what);
    }
    tell(!have_common(follows[1].items, follows[2].items), "no firm saw another's event");
    for (size_t i = 0; i < COUNT_OF(follows); i++)
        follow_free(&follows[i]);
}

static void check_feed(void)
{
    follow_while_written(100, 0);
}

static void check_kill(void)
{
    follow_while_written(300, KILLS);
}

/* --- beat, slow, stop ------------------------------------------------------------------------ */

static const char *authorization(const char *name)
{
    static char header[256];

    snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", given(name));
    return header;
}

/* The service answers again after it was killed. */
static int open_patiently(struct sse *sse, const char *path, const char *headers)
{
    int status = 0;

    for (int i = 0; i < 100 && status != 200; i++) {
        status = sse_open(sse, run.url, path, headers);
        if (status != 200)
            usleep(100000);
    }
    return status;
}

static void check_beat(void)
{
    int64_t until_ms = clock_steady_ms() + BEAT_MS;
    struct sse sse = {0};
    struct sse_event event;

    open_patiently(&sse, "/v1/stream", authorization("GATE_TOKEN_CUSTOMS"));
    while (!sse.beats && clock_steady_ms() < until_ms)
        if (sse_next(&sse, &event, 1000) == WIRE_ANSWER)
            sse_event_free(&event);
    tell(sse.beats > 0, "a heartbeat comes within 17 s");
    tell(sse.retry_ms > 0, "it was told when to come back");
    sse_free(&sse);
}

/* A number of /metrics; -1 when it is not there. */
static long metric(const char *name)
{
    struct wire wire;
    struct wire_answer answer = {0};
    char line[80];
    long value = -1;

    if (!wire_open(&wire, run.url))
        return -1;
    wire_send(&wire, SPAN("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    if (wire_read(&wire, &answer, false, STEP_MS) == WIRE_ANSWER) {
        snprintf(line, sizeof line, "\n%s ", name);
        const char *at = memmem(answer.body.at, answer.body.size, line, strlen(line));
        value = at ? strtol(at + strlen(line), NULL, 10) : -1;
    }
    wire_answer_free(&answer);
    wire_close(&wire);
    return value;
}

static bool write_until_dropped(struct caller *caller, long before)
{
    for (int i = 0; i < SLOW_TRIES && metric("gate_stream_dropped") <= before; i++) {
        struct buffer body = {0};
        char idempotency_key[64];
        snprintf(idempotency_key, sizeof idempotency_key, "slow-%d-%d", (int)getpid(), i);
        write_declaration(&body, "CKHN", SLOW_VEHICLES);
        caller_insist(caller, "POST", "/v1/declarations", idempotency_key, body.at, NULL);
        buffer_free(&body);
    }
    return metric("gate_stream_dropped") > before;
}

static void check_slow(void)
{
    struct follow reader = {
        .name = "reader", .key = given("GATE_TOKEN_CUSTOMS"), .query = "", .url = run.url};
    struct sse sleeper = {0};
    struct caller caller;
    int room = SLOW_ROOM;

    open_patiently(&sleeper, "/v1/stream", authorization("GATE_TOKEN_CUSTOMS"));
    setsockopt(sleeper.wire.socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    bool is_begun = follow_start(&reader);
    caller_init(&caller, run.url, given("GATE_FIRM_KEY"));
    tell(is_begun && write_until_dropped(&caller, metric("gate_stream_dropped")),
         "who does not read is dropped");
    caller_close(&caller);
    tell(follow_end(&reader) == 0 && reader.connections == 1,
         "who reads is not, and misses nothing");
    follow_free(&reader);
    sse_free(&sleeper);
}

/* A key of the first firm; its number, 0 when it was not issued. */
static int issue_key(struct caller *admin, char *header, size_t room)
{
    char body[100], idempotency_key[64];
    json_t *firms = NULL, *issued = NULL;
    const char *tax_code = NULL, *secret = NULL;
    int key = 0;

    snprintf(idempotency_key, sizeof idempotency_key, "issue-%d", (int)getpid());
    caller_insist(admin, "GET", "/v1/firms", NULL, NULL, &firms);
    if (json_unpack(firms, "{s:[{s:s}]}", "items", "tax_code", &tax_code) == 0) {
        snprintf(body, sizeof body, "{\"tax_code\":\"%s\"}", tax_code);
        caller_insist(admin, "POST", "/v1/keys", idempotency_key, body, &issued);
    }
    if (json_unpack(issued, "{s:s, s:{s:i}}", "secret", &secret, "key", "id", &key) == 0)
        snprintf(header, room, "Authorization: Bearer %s\r\n", secret);
    json_decref(firms);
    json_decref(issued);
    return key;
}

static void check_revoke(void)
{
    struct sse sse = {0};
    struct sse_event event;
    struct caller admin;
    char header[256] = "", path[64];

    caller_init(&admin, run.url, given("GATE_TOKEN_ADMIN"));
    int key = issue_key(&admin, header, sizeof header);
    tell(key > 0 && open_patiently(&sse, "/v1/stream", header) == 200, "a new key opens a stream");
    if (sse_next(&sse, &event, 500) == WIRE_ANSWER)
        sse_event_free(&event);
    snprintf(path, sizeof path, "/v1/keys/%d/revoke", key);
    int status = caller_insist(&admin, "POST", path, path, "{\"reason\":\"x\"}", NULL);
    int64_t since_ms = clock_steady_ms();
    enum wire_result result;
    while ((result = sse_next(&sse, &event, 3000)) == WIRE_ANSWER)
        sse_event_free(&event);
    printf("# status %d, ended after %lld ms\n", status, (long long)(clock_steady_ms() - since_ms));
    tell(result == WIRE_CLOSED && clock_steady_ms() - since_ms <= 1000,
         "it ends within a second after the key was taken back");
    caller_close(&admin);
    sse_free(&sse);
}

static void check_stop(void)
{
    struct sse sse = {0}, board = {0};
    struct sse_event event;

    open_patiently(&sse, "/v1/stream", authorization("GATE_FIRM_KEY"));
    open_patiently(&board, "/v1/gates/TT/board/stream", "");
    sse_next(&sse, &event, 200);
    if (sse_next(&board, &event, STEP_MS) == WIRE_ANSWER)
        sse_event_free(&event);
    sse.retry_ms = board.retry_ms = 0;
    kill_server(SIGTERM);
    tell(sse_next(&sse, &event, STEP_MS) == WIRE_CLOSED && sse.retry_ms > 0 && sse.is_over,
         "a stream ends with a retry when the server stops");
    tell(sse_next(&board, &event, STEP_MS) == WIRE_CLOSED && board.retry_ms > 0 && board.is_over,
         "so does a board");
    sse_free(&sse);
    sse_free(&board);
}

/* --- board ----------------------------------------------------------------------------------- */

/* The data of the next event of that name; others are passed over. */
static json_t *next_of(struct sse *sse, const char *name)
{
    int64_t until_ms = clock_steady_ms() + STEP_MS;
    struct sse_event event;
    json_t *data = NULL;

    while (!data && clock_steady_ms() < until_ms) {
        if (sse_next(sse, &event, STEP_MS) != WIRE_ANSWER)
            break;
        if (span_is(buffer_span(&event.name), name))
            data = json_loadb(event.data.at, event.data.size, 0, NULL);
        sse_event_free(&event);
    }
    return data;
}

/* The name of the first event. */
static bool begins_with(struct sse *sse, const char *name)
{
    struct sse_event event;
    bool is_same =
        sse_next(sse, &event, STEP_MS) == WIRE_ANSWER && span_is(buffer_span(&event.name), name);

    sse_event_free(&event);
    return is_same;
}

static void turn_lane(const char *how)
{
    char idempotency_key[64], path[64];
    struct caller caller;

    snprintf(idempotency_key, sizeof idempotency_key, "lane-%s-%d-%d", how, (int)getpid(),
             run.number);
    snprintf(path, sizeof path, "/v1/gates/TT/lanes/1/%s", how);
    caller_init(&caller, run.url, given("GATE_TOKEN_OPERATOR"));
    caller_insist(&caller, "POST", path, idempotency_key, "{\"reason\":\"x\"}", NULL);
    caller_close(&caller);
}

/* The lane's opening and all members, in either order: the feed may be a moment behind. */
static bool hears_all(struct sse *board)
{
    int64_t until_ms = clock_steady_ms() + STEP_MS;
    bool has_lane = false, has_all = false;
    struct sse_event event;

    while (!(has_lane && has_all) && clock_steady_ms() < until_ms &&
           sse_next(board, &event, STEP_MS) == WIRE_ANSWER) {
        json_t *data = json_loadb(event.data.at, event.data.size, 0, NULL);
        has_lane |= span_is(buffer_span(&event.name), "lane") &&
                    json_is_true(json_object_get(data, "open"));
        has_all |= span_is(buffer_span(&event.name), "counts") && json_object_get(data, "stock") &&
                   json_object_get(data, "routes");
        json_decref(data);
        sse_event_free(&event);
    }
    return has_lane && has_all;
}

static void check_resume(struct sse *board)
{
    sse_close(board);
    turn_lane("open");
    open_patiently(board, "/v1/gates/TT/board/stream", "");
    tell(hears_all(board), "who comes back hears what it missed, and all that may have changed");
    sse_close(board);
    board->last_id.size = 0;
    buffer_add_text(&board->last_id, "bm9uc2Vuc2U");
    open_patiently(board, "/v1/gates/TT/board/stream", "");
    tell(begins_with(board, "board"), "with an id of another kind it begins anew");
}

static void check_board(void)
{
    struct sse board = {0};

    open_patiently(&board, "/v1/gates/TT/board/stream", "");
    json_t *whole = next_of(&board, "board");
    tell(json_object_get(whole, "stock") && json_object_get(whole, "next"), "a board begins whole");
    turn_lane("close");
    json_t *lane = next_of(&board, "lane"), *counts = next_of(&board, "counts");
    tell(json_is_false(json_object_get(lane, "open")), "it hears of a lane at once");
    tell(json_array_size(json_object_get(counts, "lanes")) > 0 && !json_object_get(counts, "names"),
         "and soon of the members that changed, and of no others");
    json_decref(whole);
    json_decref(lane);
    json_decref(counts);
    check_resume(&board);
    sse_free(&board);
}

/* --- all ------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*check)(void);
} CHECKS[] = {
    {"feed", check_feed},     {"kill", check_kill}, {"beat", check_beat},   {"slow", check_slow},
    {"revoke", check_revoke}, {"stop", check_stop}, {"board", check_board},
};

static bool is_asked(const char *name, int count, char **names)
{
    for (int i = 1; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return count < 2;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    run.url = given("GATE_URL");
    run.other_url = getenv("GATE_URL2");
    run.pid_file = given("GATE_PID_FILE");
    for (size_t i = 0; i < COUNT_OF(CHECKS); i++)
        if (is_asked(CHECKS[i].name, argc, argv))
            CHECKS[i].check();
    printf("1..%d\n", run.number);
    return run.failed ? 1 : 0;
}
