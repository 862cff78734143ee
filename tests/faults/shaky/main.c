/* SPDX-License-Identifier: MIT
 * A proxy that can be told to fail: between gated and PostgreSQL, or between a client and gated.
 *
 *   shaky --listen PLACE --to PLACE [--control PATH]   runs until SIGTERM; prints "listening PLACE"
 *   shaky --tell PATH COMMAND...                       sends one command, waits for its "ok"
 *
 * PLACE is HOST:PORT (numeric; port 0 takes a free one) or the path of a Unix socket.
 * Commands, also one per line on standard input; up = to the server, down = back, neither = both:
 *
 *   pass               all flows (how it begins)
 *   stall [up|down]    connections stay, nothing flows
 *   slow N [up|down]   N bytes per second and connection
 *   cut                ends all connections now (reset); new ones pass
 *   swallow            the next bytes back on any connection end it instead: the server has
 *                      done the work, the client never hears of it
 *   refuse             cut, and accept no new ones until "pass"
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/check.h"
#include "tests/faults/shaky/control.h"
#include "tests/faults/shaky/proxy.h"

enum { LINE_BYTES = 256 };

/* Sends the words as one line; 0 when the answer is "ok". */
static int tell(const char *path, char **words)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char line[LINE_BYTES] = "", answer[16] = "";
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        give_up(path, "nobody listens");
    for (; *words; words++) {
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "%s%c", *words, words[1] ? ' ' : '\n');
    }
    if (write(fd, line, strlen(line)) < 0 || read(fd, answer, sizeof answer - 1) < 0)
        give_up(path, "no answer");
    close(fd);
    return strcmp(answer, "ok\n") == 0 ? 0 : 1;
}

static int serve(const char *listen, const char *to, const char *control)
{
    static uv_loop_t loop;
    struct place here = place_of(listen);
    struct place there = place_of(to);

    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    CHECK(uv_loop_init(&loop) == 0);
    control_open(&loop, control);
    proxy_open(&loop, &here, &there);
    return uv_run(&loop, UV_RUN_DEFAULT);
}

int main(int count, char **words)
{
    const char *listen = NULL, *to = NULL, *control = NULL;

    if (count >= 4 && !strcmp(words[1], "--tell"))
        return tell(words[2], words + 3);
    for (int i = 1; i + 1 < count; i += 2) {
        if (!strcmp(words[i], "--listen"))
            listen = words[i + 1];
        else if (!strcmp(words[i], "--to"))
            to = words[i + 1];
        else if (!strcmp(words[i], "--control"))
            control = words[i + 1];
    }
    if (!listen || !to)
        give_up("usage", "--listen PLACE --to PLACE [--control PATH] | --tell PATH COMMAND...");
    return serve(listen, to, control);
}
