/* SPDX-License-Identifier: MIT
 * The phases of a stop, each in a process of its own, and the word to the supervisor.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/loop/loop.h"
#include "common/loop/notify.h"

enum { DRAIN_MS = 300 };

/* What the process under test does when it is told to stop. */
static struct {
    uv_timer_t work;
    uint64_t work_ms; /* takes so long to finish; 0: never does */
    int reloads;
} program;

static void on_work_done(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

static void on_stop(void *owner)
{
    (void)owner;
    if (program.work_ms)
        uv_timer_start(&program.work, on_work_done, program.work_ms, 0);
}

static void on_reload(void *owner)
{
    (void)owner;
    program.reloads++;
    loop_stop();
}

static void on_beat(uv_timer_t *timer)
{
    (void)timer;
}

static void send_signals(const int *signals)
{
    for (; *signals; signals++)
        kill(getpid(), *signals);
}

/* The exit status of a process that is sent the signals and needs work_ms to finish. */
static int status_after(const int *signals, uint64_t work_ms)
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct loop_options options = {
            .on_stop = on_stop, .on_reload = on_reload, .drain_ms = DRAIN_MS};
        program.work_ms = work_ms;
        uv_loop_t *loop = loop_start(&options);
        uv_timer_init(loop, &program.work);
        uv_timer_start(&program.work, on_beat, 1000000, 0);
        send_signals(signals);
        status = loop_run();
        _exit(status == 0 && program.reloads == 1 ? 7 : status);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_stop_waits_for_the_last_handle(void **state)
{
    (void)state;
    assert_int_equal(status_after((const int[]){SIGTERM, 0}, 20), 0);
    assert_int_equal(status_after((const int[]){SIGPIPE, SIGINT, 0}, 20), 0);
}

static void a_stop_that_takes_too_long_ends_with_1(void **state)
{
    (void)state;
    assert_int_equal(status_after((const int[]){SIGTERM, 0}, 0), 1);
}

static void a_second_signal_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(status_after((const int[]){SIGINT, SIGTERM, 0}, 0), 128 + SIGTERM);
}

static void hup_reloads_and_the_program_can_stop_itself(void **state)
{
    (void)state;
    assert_int_equal(status_after((const int[]){SIGHUP, 0}, 20), 7);
}

static void the_supervisor_is_told(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char word[16] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

    (void)state;
    unsetenv("NOTIFY_SOCKET");
    notify_supervisor("READY=1"); /* nobody there: nothing happens */
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/gate-notify-%d", (int)getpid());
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    notify_supervisor("READY=1");
    assert_int_equal(recv(fd, word, sizeof word - 1, 0), 7);
    assert_string_equal(word, "READY=1");
    close(fd);
    unlink(address.sun_path);
}

static void an_abstract_name_is_understood(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[64], word[16] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int size = snprintf(name, sizeof name, "@gate-notify-%d", (int)getpid());

    (void)state;
    memcpy(address.sun_path + 1, name + 1, (size_t)size - 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)size)),
                     0);
    setenv("NOTIFY_SOCKET", name, 1);
    notify_supervisor("STOPPING=1");
    assert_int_equal(recv(fd, word, sizeof word - 1, 0), 10);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_waits_for_the_last_handle),
        cmocka_unit_test(a_stop_that_takes_too_long_ends_with_1),
        cmocka_unit_test(a_second_signal_ends_at_once),
        cmocka_unit_test(hup_reloads_and_the_program_can_stop_itself),
        cmocka_unit_test(the_supervisor_is_told),
        cmocka_unit_test(an_abstract_name_is_understood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
