/* SPDX-License-Identifier: MIT
 * Many live boards of one gate, inside tests/with-service:
 *
 *   gateboards [BOARDS [TURNS]]        2000 boards, 20 turns
 *
 * Opens the streams, then closes and opens a lane so many times and measures when the last board
 * has heard of it: from the sending of the request, and from the first board that heard. Prints
 * also what gated keeps in memory for each board, and its processor time for each event and board.
 * No board may be dropped.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/base/clock.h"

enum {
    READY_MAX = 512,
    READ_BYTES = 65536,
    WAIT_MS = 10000,
    REST_MS = 3000,
    SPARE_DESCRIPTORS = 64
};
static const char MARK[] = "event: lane\n";

struct board {
    int socket;
    int matched;  /* bytes of the mark */
    int heard;    /* events */
    bool is_open; /* its first bytes came */
};

static struct {
    struct sockaddr_in address;
    int epoll;
    int pid;
    int count;
    struct board *boards;
    int open;
    int heard; /* boards that heard of this turn */
    int64_t first_us, last_us;
} run;

static const char *given(const char *name)
{
    const char *value = getenv(name);

    if (!value) {
        fprintf(stderr, "gateboards: no %s: run it inside tests/with-service\n", name);
        exit(2);
    }
    return value;
}

static void fail(const char *what)
{
    fprintf(stderr, "gateboards: %s\n", what);
    exit(1);
}

/* --- what gated uses ------------------------------------------------------------------------- */

static long resident_kib(void)
{
    char path[64], line[256];
    long kib = 0;

    snprintf(path, sizeof path, "/proc/%d/status", run.pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

static double processor_s(void)
{
    unsigned long user = 0, system = 0;
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/stat", run.pid);
    FILE *file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                   &system) != 2)
            user = system = 0;
        fclose(file);
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* --- sockets --------------------------------------------------------------------------------- */

static int connect_server(void)
{
    int yes = 1, made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (made < 0 || connect(made, (struct sockaddr *)&run.address, sizeof run.address))
        fail(strerror(errno));
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return made;
}

static void send_all(int socket, const char *text)
{
    if (send(socket, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
        fail("cannot send");
}

static void hear(struct board *board)
{
    int64_t now_us = clock_steady_us();

    if (run.heard++ == 0)
        run.first_us = now_us;
    run.last_us = now_us;
    board->heard++;
}

static void read_board(struct board *board)
{
    static char bytes[READ_BYTES];
    ssize_t size = recv(board->socket, bytes, sizeof bytes, MSG_DONTWAIT);

    if (size == 0 || (size < 0 && errno != EAGAIN))
        fail("a board was dropped");
    run.open += size > 0 && !board->is_open;
    board->is_open |= size > 0;
    for (ssize_t i = 0; i < size; i++) {
        board->matched =
            bytes[i] == MARK[board->matched] ? board->matched + 1 : bytes[i] == MARK[0];
        if (MARK[board->matched])
            continue;
        board->matched = 0;
        hear(board);
    }
}

/* False when nothing came in time. */
static bool read_boards(int timeout_ms)
{
    struct epoll_event ready[READY_MAX];
    int count = epoll_wait(run.epoll, ready, READY_MAX, timeout_ms);

    for (int i = 0; i < count; i++)
        read_board(ready[i].data.ptr);
    return count > 0;
}

static void open_boards(void)
{
    for (int i = 0; i < run.count; i++) {
        struct board *board = &run.boards[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = board};
        board->socket = connect_server();
        send_all(board->socket,
                 "GET /v1/gates/TT/board/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK(epoll_ctl(run.epoll, EPOLL_CTL_ADD, board->socket, &event) == 0);
        read_boards(0);
    }
    while (run.open < run.count)
        if (!read_boards(WAIT_MS))
            fail("a board does not begin");
}

/* --- turns ----------------------------------------------------------------------------------- */

static void ask_turn(int operator_socket, int turn)
{
    struct buffer text = {0};

    buffer_print(&text,
                 "POST /v1/gates/TT/lanes/1/%s HTTP/1.1\r\nHost: localhost\r\n"
                 "Authorization: Bearer %s\r\nIdempotency-Key: boards-%d-%d\r\n"
                 "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"reason\":\"x\"}",
                 turn % 2 ? "open" : "close", given("GATE_TOKEN_OPERATOR"), (int)getpid(), turn);
    send_all(operator_socket, text.at);
    buffer_free(&text);
}

static void take_answer(int operator_socket)
{
    char bytes[4096];
    ssize_t size = recv(operator_socket, bytes, sizeof bytes - 1, 0);

    if (size <= 12 || memcmp(bytes, "HTTP/1.1 200", 12))
        fail("the lane was not turned");
}

struct turn {
    double last_ms;   /* from the request to the last board */
    double spread_ms; /* from the first board to the last */
};

static struct turn make_turn(int operator_socket, int number)
{
    int64_t sent_us = clock_steady_us();

    run.heard = 0;
    ask_turn(operator_socket, number);
    while (run.heard < run.count)
        if (!read_boards(WAIT_MS))
            fail("a board does not hear");
    take_answer(operator_socket);
    return (struct turn){(double)(run.last_us - sent_us) / 1000.0,
                         (double)(run.last_us - run.first_us) / 1000.0};
}

static int by_last(const void *a, const void *b)
{
    double x = ((const struct turn *)a)->last_ms, y = ((const struct turn *)b)->last_ms;

    return (x > y) - (x < y);
}

/* What the opening has left to say shall not fall into the first turn. */
static void rest(void)
{
    int64_t until_ms = clock_steady_ms() + REST_MS;

    while (clock_steady_ms() < until_ms)
        read_boards(100);
}

static void measure(int turns)
{
    struct turn *made = calloc((size_t)turns, sizeof *made);
    int operator_socket = connect_server();

    CHECK(made);
    rest();
    double before_s = processor_s();
    for (int i = 0; i < turns; i++)
        made[i] = make_turn(operator_socket, i);
    double used_s = processor_s() - before_s;
    qsort(made, (size_t)turns, sizeof *made, by_last);
    printf("event at the last board: median %.1f ms, worst %.1f ms after the request\n",
           made[turns / 2].last_ms, made[turns - 1].last_ms);
    printf("first to last board: %.1f ms (of the median turn)\n", made[turns / 2].spread_ms);
    printf("processor time of gated: %.1f us for each event and board\n",
           used_s * 1e6 / turns / run.count);
    close(operator_socket);
    free(made);
}

/* --- all ------------------------------------------------------------------------------------- */

static void find_server(void)
{
    int port = 0;
    FILE *file = fopen(given("GATE_PID_FILE"), "r");

    if (sscanf(given("GATE_URL"), "http://127.0.0.1:%d", &port) != 1 || !file ||
        fscanf(file, "%d", &run.pid) != 1)
        fail("no server to be found");
    fclose(file);
    run.address = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
}

static void allow_descriptors(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur < (rlim_t)run.count + SPARE_DESCRIPTORS)
        fail("too few descriptors are allowed");
}

int main(int argc, char **argv)
{
    int turns = argc > 2 ? atoi(argv[2]) : 20;

    run.count = argc > 1 ? atoi(argv[1]) : 2000;
    if (run.count < 1 || turns < 1)
        fail("usage: gateboards [BOARDS [TURNS]]");
    find_server();
    allow_descriptors();
    run.boards = calloc((size_t)run.count, sizeof *run.boards);
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(run.boards && run.epoll >= 0);
    long before_kib = resident_kib();
    int64_t begun_us = clock_steady_us();
    open_boards();
    printf("boards: %d, open after %.0f ms\n", run.count,
           (double)(clock_steady_us() - begun_us) / 1000.0);
    measure(turns);
    long after_kib = resident_kib();
    printf("resident: %ld KiB before, %ld KiB with them: %.1f KiB each\n", before_kib, after_kib,
           (double)(after_kib - before_kib) / run.count);
    return 0;
}
