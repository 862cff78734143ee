/* SPDX-License-Identifier: MIT */
#include "tests/faults/shaky/control.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/check.h"
#include "tests/faults/shaky/proxy.h"

enum { LINE_BYTES = 256, BACKLOG = 16 };

static void set_rate(int rate, const char *way)
{
    if (strcmp(way, "down") != 0)
        proxy_set_rate(UP, rate);
    if (strcmp(way, "up") != 0)
        proxy_set_rate(DOWN, rate);
}

static void pass(void)
{
    set_rate(RATE_UNLIMITED, "");
    proxy_swallow(false);
    proxy_accept();
}

static bool is_way(const char *way)
{
    return !way[0] || !strcmp(way, "up") || !strcmp(way, "down");
}

/* False for a command nobody knows. */
static bool obey(const char *text)
{
    char word[16] = "", first[16] = "", second[16] = "";
    int count = sscanf(text, "%15s %15s %15s", word, first, second);

    if (count == 1 && !strcmp(word, "pass"))
        pass();
    else if (count <= 2 && !strcmp(word, "stall") && is_way(first))
        set_rate(RATE_STALLED, first);
    else if (count >= 2 && !strcmp(word, "slow") && atoi(first) > 0 && is_way(second))
        set_rate(atoi(first), second);
    else if (count == 1 && !strcmp(word, "swallow"))
        proxy_swallow(true);
    else if (count == 1 && !strcmp(word, "cut"))
        proxy_cut();
    else if (count == 1 && !strcmp(word, "refuse")) {
        proxy_refuse();
        proxy_cut();
    } else
        return false;
    return true;
}

/* A place commands come from: a connection to the control socket, or standard input. */
struct control {
    uv_pipe_t pipe;
    bool answers;
    size_t used;
    char text[LINE_BYTES];
};

static void on_control_closed(uv_handle_t *handle)
{
    free(container_of((uv_pipe_t *)handle, struct control, pipe));
}

static void answer(struct control *control, bool is_known)
{
    static char good[] = "ok\n", bad[] = "unknown\n";
    uv_buf_t buffer =
        is_known ? uv_buf_init(good, sizeof good - 1) : uv_buf_init(bad, sizeof bad - 1);

    if (control->answers)
        uv_try_write((uv_stream_t *)&control->pipe, &buffer, 1);
    else if (!is_known)
        fputs("shaky: unknown command\n", stderr);
}

static void on_control_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct control *control = container_of((uv_pipe_t *)handle, struct control, pipe);

    (void)suggested;
    *buffer = uv_buf_init(control->text + control->used,
                          (unsigned)(sizeof control->text - control->used));
}

static void on_control_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct control *control = container_of((uv_pipe_t *)stream, struct control, pipe);
    char *end;

    (void)buffer;
    if (size < 0) {
        uv_close((uv_handle_t *)stream, on_control_closed);
        return;
    }
    control->used += (size_t)size;
    while ((end = memchr(control->text, '\n', control->used))) {
        *end = '\0';
        answer(control, obey(control->text));
        control->used -= (size_t)(end + 1 - control->text);
        memmove(control->text, end + 1, control->used);
    }
    if (control->used == sizeof control->text) /* no command is so long */
        control->used = 0;
}

static struct control *control_new(uv_loop_t *loop, bool answers)
{
    struct control *control = calloc(1, sizeof *control);

    CHECK(control);
    control->answers = answers;
    CHECK(uv_pipe_init(loop, &control->pipe, 0) == 0);
    return control;
}

static void on_controller(uv_stream_t *listener, int status)
{
    struct control *control = control_new(listener->loop, true);

    if (status != 0 || uv_accept(listener, (uv_stream_t *)&control->pipe) != 0)
        uv_close((uv_handle_t *)&control->pipe, on_control_closed);
    else
        uv_read_start((uv_stream_t *)&control->pipe, on_control_alloc, on_control_read);
}

static void listen_at(uv_loop_t *loop, const char *path)
{
    static uv_pipe_t listener;
    int failed;

    unlink(path);
    CHECK(uv_pipe_init(loop, &listener, 0) == 0);
    failed = uv_pipe_bind(&listener, path);
    if (!failed)
        failed = uv_listen((uv_stream_t *)&listener, BACKLOG, on_controller);
    if (failed)
        give_up(path, uv_strerror(failed));
}

/* A pipe, a socket or a terminal; a file or /dev/null says nothing. */
static void read_standard_input(uv_loop_t *loop)
{
    struct stat kind;

    if (fstat(STDIN_FILENO, &kind) != 0 || !(S_ISFIFO(kind.st_mode) || S_ISSOCK(kind.st_mode)))
        return;
    struct control *control = control_new(loop, false);
    CHECK(uv_pipe_open(&control->pipe, STDIN_FILENO) == 0);
    uv_read_start((uv_stream_t *)&control->pipe, on_control_alloc, on_control_read);
}

void control_open(uv_loop_t *loop, const char *path)
{
    if (path)
        listen_at(loop, path);
    read_standard_input(loop);
}
