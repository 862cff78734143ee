/* SPDX-License-Identifier: MIT */
#include "tests/unit/http_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"

enum { ARGUMENTS_MAX = 12 };

const char *beside(const char *name)
{
    static char path[PATH_MAX * 2];
    char self[PATH_MAX] = "";

    CHECK(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    snprintf(path, sizeof path, "%s/%s", dirname(self), name);
    return path;
}

struct http_service *http_service_start(const char *const *arguments)
{
    struct http_service *service = calloc(1, sizeof *service);
    const char *argv[ARGUMENTS_MAX] = {beside("echo_server"), "0"};
    char port[16] = "";
    int ends[2];

    CHECK(service && pipe(ends) == 0);
    for (int i = 0; arguments && arguments[i]; i++)
        argv[i + 2] = arguments[i];
    service->pid = fork();
    CHECK(service->pid >= 0);
    if (service->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* however we end */
        dup2(ends[1], STDOUT_FILENO);
        execv(argv[0], (char **)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    CHECK(read(ends[0], port, sizeof port - 1) > 0);
    close(ends[0]);
    snprintf(service->address, sizeof service->address, "127.0.0.1:%d", atoi(port));
    service->wire.socket = -1;
    return service;
}

int http_service_stop(struct http_service *service)
{
    int status;

    wire_close(&service->wire);
    wire_answer_free(&service->answer);
    kill(service->pid, SIGTERM);
    CHECK(waitpid(service->pid, &status, 0) == service->pid);
    free(service);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void send_text(struct http_service *service, const char *text)
{
    if (service->wire.socket < 0)
        assert_true(wire_open(&service->wire, service->address));
    assert_true(wire_send(&service->wire, span_of(text)));
}

enum wire_result receive(struct http_service *service)
{
    wire_answer_free(&service->answer);
    return wire_read(&service->wire, &service->answer, false, WAIT_MS);
}

void receive_status(struct http_service *service, int status)
{
    assert_int_equal(receive(service), WIRE_ANSWER);
    assert_int_equal(service->answer.status, status);
}

void ask(struct http_service *service, int status, const char *line, const char *fields)
{
    struct buffer text = {0};

    buffer_print(&text, "%s HTTP/1.1\r\nHost: gate\r\n%s\r\n", line, fields);
    send_text(service, text.at);
    buffer_free(&text);
    receive_status(service, status);
}

bool says(const struct http_service *service, const char *part)
{
    return service->answer.body.at && strstr(service->answer.body.at, part);
}

void assert_problem(struct http_service *service, const char *code)
{
    struct buffer type = {0};

    assert_true(wire_header(&service->answer, "Content-Type", &type));
    assert_string_equal(type.at, "application/problem+json");
    assert_true(says(service, code) && says(service, "\"title\":") && says(service, "\"type\":"));
    buffer_free(&type);
}

/* A figure of the server, asked on a connection of its own. */
static int figure(struct http_service *service, const char *name)
{
    struct wire wire;
    struct wire_answer answer;
    char key[32];

    assert_true(wire_open(&wire, service->address));
    wire_send(&wire, SPAN("GET /figures HTTP/1.1\r\nHost: gate\r\n\r\n"));
    assert_int_equal(wire_read(&wire, &answer, false, WAIT_MS), WIRE_ANSWER);
    snprintf(key, sizeof key, "\"%s\":", name);
    int value = atoi(strstr(answer.body.at, key) + strlen(key));
    wire_answer_free(&answer);
    wire_close(&wire);
    return value;
}

bool http_figure_becomes(struct http_service *service, const char *name, int value, int timeout_ms)
{
    for (int64_t until = clock_steady_ms() + timeout_ms; clock_steady_ms() < until; usleep(50000))
        if (figure(service, name) == value)
            return true;
    return false;
}

int http_waiting(struct http_service *service)
{
    int begun = figure(service, "begun");

    return begun - figure(service, "ended");
}

void send_filler(struct http_service *service, size_t size)
{
    char *filler = malloc(size);

    CHECK(filler);
    memset(filler, ' ', size);
    wire_send(&service->wire, (struct span){filler, size});
    free(filler);
}
