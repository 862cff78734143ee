/* SPDX-License-Identifier: MIT */
#include "common/base/log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 10000, ALARM_S = 20 };

/* Standard error while a test runs: a pipe that only the test reads. */
struct pipe_in_place {
    int read_end;
    int before;
};

static struct pipe_in_place put_pipe(void)
{
    int ends[2];

    assert_return_code(pipe2(ends, O_CLOEXEC), 0);
    struct pipe_in_place place = {.read_end = ends[0], .before = dup(STDERR_FILENO)};
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    close(ends[1]);
    fcntl(place.read_end, F_SETFL, O_NONBLOCK);
    return place;
}

static void take_away(struct pipe_in_place place)
{
    dup2(place.before, STDERR_FILENO);
    close(place.before);
    close(place.read_end);
}

/* All that is there; the text is cut at the room. */
static void read_all(int from, char *text, size_t room)
{
    size_t size = 0;
    char chunk[4096];

    for (ssize_t got; (got = read(from, chunk, sizeof chunk)) > 0;) {
        size_t kept = (size_t)got < room - 1 - size ? (size_t)got : room - 1 - size;
        memcpy(text + size, chunk, kept);
        size += kept;
    }
    text[size] = '\0';
}

static void a_line_is_one_json_object(void **state)
{
    struct pipe_in_place place = put_pipe();
    char text[512];

    (void)state;
    log_write(LOG_INFO, "it \"said\"", "port", "8080", NULL);
    log_write(LOG_DEBUG, "nobody asked", NULL);
    read_all(place.read_end, text, sizeof text);
    take_away(place);
    assert_memory_equal(text, "{\"at\":\"", 7);
    assert_non_null(strstr(
        text, "Z\",\"level\":\"info\",\"message\":\"it \\\"said\\\"\",\"port\":\"8080\"}\n"));
    assert_null(strstr(text, "nobody"));
}

static void a_reader_that_stands_still_stops_nobody(void **state)
{
    struct pipe_in_place place = put_pipe();
    char text[512];

    (void)state;
    alarm(ALARM_S); /* a write that waits for the reader would wait for ever */
    for (int i = 0; i < MANY; i++)
        log_write(LOG_INFO, "request", "route", "/v1/scans", NULL);
    read_all(place.read_end, text, sizeof text);
    log_write(LOG_INFO, "after", NULL);
    read_all(place.read_end, text, sizeof text);
    alarm(0);
    take_away(place);
    assert_non_null(strstr(text, "\"message\":\"lines of the log were lost\",\"count\":\""));
    assert_non_null(strstr(text, "\"message\":\"after\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object),
        cmocka_unit_test(a_reader_that_stands_still_stops_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
