/* SPDX-License-Identifier: MIT
 * The HTTP layer alone, over real sockets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "services/gated/http.h"
#include "tests/unit/http_world.h"

enum { HANGUP_MS = 7000 };

static int start(void **state)
{
    *state = http_service_start(NULL);
    return 0;
}

static int start_hasty(void **state)
{
    *state = http_service_start((const char *[]){"2000", "3000", "2000", NULL});
    return 0;
}

static int start_narrow(void **state)
{
    *state = http_service_start((const char *[]){"0", "0", "0", "3", NULL});
    return 0;
}

static int start_impatient(void **state)
{
    *state = http_service_start((const char *[]){"0", "0", "0", "0", "", "", "2000", NULL});
    return 0;
}

static int stop(void **state)
{
    return http_service_stop(*state);
}

/* ---- requests ---- */

static void a_request_arrives_whole(void **state)
{
    struct http_service *s = *state;

    send_text(s, "POST /v1/x-y_z.~ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    receive_status(s, 200);
    assert_true(says(s, "\"method\":\"POST\",\"path\":\"/v1/x-y_z.~\",\"size\":5,"));
    assert_true(says(s, "\"address\":\"127.0.0.1\""));
}

static void a_late_answer_keeps_the_order_of_a_pipeline(void **state)
{
    struct http_service *s = *state;

    send_text(s, "GET /slow?ms=150&n=1 HTTP/1.1\r\nHost: a\r\n\r\n"
                 "GET /n2 HTTP/1.1\r\nHost: a\r\n\r\n");
    receive_status(s, 200);
    assert_true(says(s, "\"n\":\"1\""));
    receive_status(s, 200);
    assert_true(says(s, "/n2"));
}

static void head_is_get_without_a_body(void **state)
{
    struct http_service *s = *state;

    send_text(s, "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(wire_read(&s->wire, &s->answer, true, WAIT_MS), WIRE_ANSWER);
    assert_int_equal(s->answer.status, 200);
    assert_int_equal(s->wire.read.size, 0);
    ask(s, 200, "GET /after", "");
}

/* Not even the last chunk of one: what comes next is the answer to the next request. */
static void head_of_a_stream_is_no_stream(void **state)
{
    static const char ASKED[] = "HEAD /stream?every=20 HTTP/1.1\r\nHost: a\r\n\r\n"
                                "GET /after HTTP/1.1\r\nHost: a\r\n\r\n";
    struct http_service *s = *state;

    send_text(s, ASKED);
    assert_int_equal(wire_read(&s->wire, &s->answer, true, WAIT_MS), WIRE_ANSWER);
    assert_int_equal(s->answer.status, 200);
    receive_status(s, 200);
    assert_true(says(s, "/after"));
    assert_true(http_figure_becomes(s, "streams", 0, WAIT_MS));
}

static void a_target_may_be_absolute(void **state)
{
    ask(*state, 200, "GET http://gate.example/v1/x?y=1", "");
    assert_true(says(*state, "\"path\":\"/v1/x\""));
}

static void a_path_is_plain_or_refused(void **state)
{
    static const char *const PATHS[] = {"/a%2Fb", "/a%00", "/a\"b", "/a<b", "/\xc3\xa9", "*", "a"};
    struct http_service *s = *state;

    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        char line[64];
        snprintf(line, sizeof line, "GET %s", PATHS[i]);
        ask(s, 400, line, "");
        assert_problem(s, "bad_request");
    }
}

static void the_query_is_decoded_strictly(void **state)
{
    static const struct {
        const char *query, *seen;
    } CASES[] = {
        {"a=1&b=%C3%A9+%26", "{\"a\":\"1\",\"b\":\"é &\"},\"query_is_valid\":true"},
        {"a&b=", "{\"a\":\"\",\"b\":\"\"},\"query_is_valid\":true"},
        {"&&", "{},\"query_is_valid\":true"},
        {"a=%zz&b=1", "{\"b\":\"1\"},\"query_is_valid\":false"},
        {"a=%4", "{},\"query_is_valid\":false"},
        {"a=%", "{},\"query_is_valid\":false"},
        {"a=%00", "{},\"query_is_valid\":false"},
        {"a=%0A", "{},\"query_is_valid\":false"},
        {"a=%C3", "{},\"query_is_valid\":false"},
        {"a=%C0%80", "{},\"query_is_valid\":false"},
        {"a=%ED%A0%80", "{},\"query_is_valid\":false"},
        {"a=%F4%90%80%80", "{},\"query_is_valid\":false"},
        {"a=1&a=2", "{\"a\":\"1\"},\"query_is_valid\":false"},
        {"=1", "{},\"query_is_valid\":false"},
    };
    struct http_service *s = *state;

    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        char line[64];
        snprintf(line, sizeof line, "GET /x?%s", CASES[i].query);
        ask(s, 200, line, "");
        if (!says(s, CASES[i].seen))
            fail_msg("%s: %s", CASES[i].query, s->answer.body.at);
    }
}

static void a_refusal_speaks_the_clients_language(void **state)
{
    ask(*state, 400, "GET /%41", "Accept-Language: en\r\n");
    assert_true(says(*state, "\"title\":\"The request is malformed\""));
    ask(*state, 400, "GET /%41", "Accept-Language: zh-CN\r\n");
    assert_true(says(*state, "请求格式错误"));
    ask(*state, 400, "GET /%41", "");
    assert_true(says(*state, "Yêu cầu không hợp lệ"));
}

static void heads_and_paths_are_bounded(void **state)
{
    struct http_service *s = *state;
    char path[HTTP_PATH_MAX + 16], field[HTTP_HEAD_MAX + 64];

    snprintf(path, sizeof path, "GET /%0*d", HTTP_PATH_MAX - 1, 0);
    ask(s, 200, path, "");
    snprintf(path, sizeof path, "GET /%0*d", HTTP_PATH_MAX, 0);
    ask(s, 414, path, "");
    assert_problem(s, "uri_too_long");
    snprintf(field, sizeof field, "X: %0*d\r\n", HTTP_HEAD_MAX - 100, 0);
    ask(s, 200, "GET /", field);
    snprintf(field, sizeof field, "X: %0*d\r\n", HTTP_HEAD_MAX, 0);
    ask(s, 431, "GET /", field);
    assert_problem(s, "header_too_large");
}

/* ---- bodies ---- */

static void the_largest_body_is_taken(void **state)
{
    struct http_service *s = *state;

    send_text(s, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n");
    send_filler(s, HTTP_BODY_MAX);
    receive_status(s, 200);
    assert_true(says(s, "\"size\":1048576"));
}

static void a_larger_one_is_read_and_refused_and_the_line_kept(void **state)
{
    struct http_service *s = *state;

    send_text(s, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n");
    send_filler(s, 4 << 20);
    receive_status(s, 413);
    assert_problem(s, "body_too_large");
    ask(s, 200, "GET /after", "");
}

static void one_beyond_all_bounds_is_refused_at_once(void **state)
{
    struct http_service *s = *state;

    ask(s, 413, "POST /", "Content-Length: 99999999999\r\n");
    assert_problem(s, "body_too_large");
    assert_int_equal(receive(s), WIRE_CLOSED);
}

static void endless_chunks_are_cut(void **state)
{
    struct http_service *s = *state;

    send_text(s, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1000000\r\n");
    send_filler(s, 12 << 20);
    if (receive(s) == WIRE_ANSWER) /* a reset may overtake it */
        assert_int_equal(s->answer.status, 413);
    wire_close(&s->wire);
    ask(s, 200, "GET /alive", "");
}

static void who_asks_before_sending_too_much_hears_no(void **state)
{
    ask(*state, 413, "POST /", "Content-Length: 2000000\r\nExpect: 100-continue\r\n");
    assert_problem(*state, "body_too_large");
}

/* ---- streams ---- */

static void a_stream_brings_what_is_sent(void **state)
{
    struct http_service *s = *state;
    struct buffer text = {0};

    send_text(s, "GET /stream?every=20 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(wire_read_head(&s->wire, &s->answer, WAIT_MS), WIRE_ANSWER);
    for (int i = 0; i < 5; i++)
        assert_int_equal(wire_read_chunk(&s->wire, &text, WAIT_MS), WIRE_ANSWER);
    assert_true(strstr(text.at, "data: {\"tick\":true}\n\n") == text.at);
    buffer_free(&text);
}

static void a_stream_to_who_reads_no_chunks_has_none(void **state)
{
    static const char *const ASKED[] = {
        "GET /stream?every=20 HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET /stream?every=20 HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
    };
    struct http_service *s = *state;
    char text[2048];

    for (size_t i = 0; i < COUNT_OF(ASKED); i++) {
        struct wire client;
        size_t size = 0;
        assert_true(wire_open(&client, s->address));
        wire_send(&client, span_of(ASKED[i]));
        do {
            ssize_t more = recv(client.socket, text + size, sizeof text - 1 - size, 0);
            assert_true(more > 0);
            size += (size_t)more;
            text[size] = 0;
        } while (!strstr(text, "true}\n\ndata: {\"tick\":true}\n\n") && size < sizeof text - 1);
        assert_non_null(strstr(text, "true}\n\ndata: {\"tick\":true}\n\n"));
        wire_close(&client);
    }
}

static void a_slow_reader_is_dropped_and_only_it(void **state)
{
    struct http_service *s = *state;
    struct wire lazy;

    assert_true(wire_open(&lazy, s->address));
    wire_send(&lazy, SPAN("GET /flood?queue=100000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(http_figure_becomes(s, "dropped", 1, WAIT_MS * 2));
    wire_close(&lazy);
    ask(s, 200, "GET /alive", "");
}

static void a_silent_stream_whose_client_left_ends(void **state)
{
    struct http_service *s = *state;
    struct wire board;

    assert_true(wire_open(&board, s->address));
    wire_send(&board, SPAN("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(http_figure_becomes(s, "streams", 1, WAIT_MS));
    wire_close(&board);
    assert_true(http_figure_becomes(s, "streams", 0, HANGUP_MS));
}

static void a_reset_ends_a_request_that_waits(void **state)
{
    struct http_service *s = *state;
    struct linger reset = {.l_onoff = 1};
    struct wire client;

    assert_true(wire_open(&client, s->address));
    wire_send(&client, SPAN("GET /slow?ms=60000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    usleep(100000);
    assert_int_equal(http_waiting(s), 1);
    setsockopt(client.socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    wire_close(&client);
    int64_t until = clock_steady_ms() + HANGUP_MS;
    while (http_waiting(s) && clock_steady_ms() < until)
        usleep(100000);
    assert_int_equal(http_waiting(s), 0);
}

/* ---- deadlines and limits ---- */

static void an_idle_connection_is_closed(void **state)
{
    struct http_service *s = *state;
    int64_t start_ms = clock_steady_ms();

    ask(s, 200, "GET /", "");
    assert_int_equal(receive(s), WIRE_CLOSED);
    assert_in_range(clock_steady_ms() - start_ms, 1500, 4500);
}

/* Who takes a byte now and then is never idle, and would keep the answer in memory for ever. */
static void an_answer_that_is_not_taken_is_given_up(void **state)
{
    struct http_service *s = *state;
    struct wire lazy;
    char byte;

    assert_true(wire_open(&lazy, s->address));
    wire_send(&lazy, SPAN("GET /large?bytes=20000000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    int64_t until = clock_steady_ms() + HANGUP_MS;
    usleep(100000);
    while (http_waiting(s) && clock_steady_ms() < until) {
        assert_true(recv(lazy.socket, &byte, 1, 0) <= 1);
        usleep(100000);
    }
    assert_int_equal(http_waiting(s), 0);
    assert_in_range(clock_steady_ms(), until - HANGUP_MS + 1500, until - 1);
    wire_close(&lazy);
    ask(s, 200, "GET /alive", "");
}

/* In a process of its own: who lowers that limit cannot raise it again. */
static void connections_leave_descriptors_to_spare(void **state)
{
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        struct rlimit limit = {.rlim_cur = 600, .rlim_max = 1000};
        bool is_good = setrlimit(RLIMIT_NOFILE, &limit) == 0 && http_reserve(200, 1) == 200 &&
                       http_reserve(12000, 1) == 744 && http_reserve(12000, 2) == 372 &&
                       getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 1000;
        _exit(is_good ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void an_address_has_so_many_connections(void **state)
{
    struct http_service *s = *state;
    struct wire wires[3], more;
    struct wire_answer answer;

    for (int i = 0; i < 3; i++) {
        assert_true(wire_open(&wires[i], s->address));
        wire_send(&wires[i], SPAN("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_int_equal(wire_read(&wires[i], &answer, false, WAIT_MS), WIRE_ANSWER);
        wire_answer_free(&answer);
    }
    assert_true(wire_open(&more, s->address));
    assert_int_equal(wire_read(&more, &answer, false, WAIT_MS), WIRE_CLOSED);
    wire_answer_free(&answer);
    wire_close(&more);
    for (int i = 0; i < 3; i++)
        wire_close(&wires[i]);
}

static void hostile_and_slow_requests_are_refused(void **state)
{
    struct http_service *s = *state;
    char command[PATH_MAX * 2 + 64];

    snprintf(command, sizeof command, "'%s' %s --drip 2000,3000 > '%s.log'", beside("hostile"),
             s->address, beside("hostile"));
    if (system(command) != 0)
        fail_msg("see %s", command);
}

/* ---- the stop ---- */

static void a_stop_lets_answers_out_and_ends_streams(void **state)
{
    struct http_service *s = http_service_start(NULL);
    struct wire board;
    struct wire_answer answer;

    (void)state;
    assert_true(wire_open(&board, s->address));
    wire_send(&board, SPAN("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(http_figure_becomes(s, "streams", 1, WAIT_MS));
    send_text(s, "GET /slow?ms=400 HTTP/1.1\r\nHost: a\r\n\r\n");
    usleep(100000);
    kill(s->pid, SIGTERM);
    receive_status(s, 200);
    assert_int_equal(receive(s), WIRE_CLOSED);
    assert_int_equal(wire_read(&board, &answer, false, WAIT_MS), WIRE_ANSWER); /* its last chunk */
    wire_answer_free(&answer);
    wire_close(&board);
    int status;
    assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
    assert_int_equal(status, 0);
    wire_close(&s->wire);
    wire_answer_free(&s->answer);
    free(s);
}

#define WITH(name, setup) cmocka_unit_test_setup_teardown(name, setup, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_request_arrives_whole, start),
        WITH(a_late_answer_keeps_the_order_of_a_pipeline, start),
        WITH(head_is_get_without_a_body, start),
        WITH(head_of_a_stream_is_no_stream, start),
        WITH(a_target_may_be_absolute, start),
        WITH(a_path_is_plain_or_refused, start),
        WITH(the_query_is_decoded_strictly, start),
        WITH(a_refusal_speaks_the_clients_language, start),
        WITH(heads_and_paths_are_bounded, start),
        WITH(the_largest_body_is_taken, start),
        WITH(a_larger_one_is_read_and_refused_and_the_line_kept, start),
        WITH(one_beyond_all_bounds_is_refused_at_once, start),
        WITH(endless_chunks_are_cut, start),
        WITH(who_asks_before_sending_too_much_hears_no, start),
        WITH(a_stream_brings_what_is_sent, start),
        WITH(a_stream_to_who_reads_no_chunks_has_none, start),
        WITH(a_slow_reader_is_dropped_and_only_it, start),
        WITH(a_silent_stream_whose_client_left_ends, start),
        WITH(a_reset_ends_a_request_that_waits, start),
        WITH(an_idle_connection_is_closed, start_hasty),
        WITH(an_answer_that_is_not_taken_is_given_up, start_impatient),
        cmocka_unit_test(connections_leave_descriptors_to_spare),
        WITH(an_address_has_so_many_connections, start_narrow),
        WITH(hostile_and_slow_requests_are_refused, start_hasty),
        cmocka_unit_test(a_stop_lets_answers_out_and_ends_streams),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
