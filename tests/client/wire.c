/* SPDX-License-Identifier: MIT */
#include "tests/client/wire.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/base/clock.h"

enum { SEND_SECONDS = 5, CHUNK_LINE_MAX = 64 };

/* ---- connection ---- */

static bool address_split(const char *text, char *host, size_t room, const char **port)
{
    const char *from = strncmp(text, "http://", 7) == 0 ? text + 7 : text;
    size_t size = strcspn(from, ":/");
    static char digits[8];

    if (from[size] != ':' || size >= room)
        return false;
    memcpy(host, from, size);
    host[size] = '\0';
    snprintf(digits, sizeof digits, "%d", atoi(from + size + 1));
    *port = digits;
    return true;
}

bool wire_open(struct wire *wire, const char *host_port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    struct timeval limit = {.tv_sec = SEND_SECONDS};
    const char *port;
    char host[128];
    int yes = 1;

    *wire = (struct wire){.socket = -1};
    if (!address_split(host_port, host, sizeof host, &port) ||
        getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    wire->socket = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (wire->socket >= 0 && connect(wire->socket, found->ai_addr, found->ai_addrlen) != 0)
        wire_close(wire);
    freeaddrinfo(found);
    if (wire->socket < 0)
        return false;
    setsockopt(wire->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(wire->socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    return true;
}

void wire_close(struct wire *wire)
{
    if (wire->socket >= 0)
        close(wire->socket);
    buffer_free(&wire->read);
    wire->socket = -1;
}

bool wire_send(struct wire *wire, struct span bytes)
{
    while (bytes.size) {
        ssize_t sent = send(wire->socket, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.at += sent;
        bytes.size -= (size_t)sent;
    }
    return true;
}

/* ---- reading ---- */

/* More bytes into wire->read; WIRE_ANSWER when some came. */
static enum wire_result more(struct wire *wire, int64_t until_ms)
{
    struct pollfd pollfd = {.fd = wire->socket, .events = POLLIN};
    int64_t left_ms = until_ms - clock_steady_ms();
    char bytes[16384];

    if (poll(&pollfd, 1, left_ms > 0 ? (int)left_ms : 0) <= 0)
        return WIRE_SILENT;
    ssize_t size = recv(wire->socket, bytes, sizeof bytes, 0);
    if (size <= 0)
        return WIRE_CLOSED;
    buffer_add(&wire->read, (struct span){bytes, (size_t)size});
    return WIRE_ANSWER;
}

static void drop(struct wire *wire, size_t size)
{
    wire->read.size -= size;
    memmove(wire->read.at, wire->read.at + size, wire->read.size);
}

/* Moves size bytes to the buffer. */
static enum wire_result take(struct wire *wire, size_t size, struct buffer *to, int64_t until_ms)
{
    while (wire->read.size < size) {
        enum wire_result result = more(wire, until_ms);
        if (result != WIRE_ANSWER)
            return result;
    }
    if (to)
        buffer_add(to, (struct span){wire->read.at, size});
    if (size)
        drop(wire, size);
    return WIRE_ANSWER;
}

/* Moves everything up to and with the mark. */
static enum wire_result take_to(struct wire *wire, const char *mark, struct buffer *to,
                                int64_t until_ms)
{
    size_t length = strlen(mark);

    for (;;) {
        const char *found =
            wire->read.size ? memmem(wire->read.at, wire->read.size, mark, length) : NULL;
        if (found)
            return take(wire, (size_t)(found - wire->read.at) + length, to, until_ms);
        enum wire_result result = more(wire, until_ms);
        if (result != WIRE_ANSWER)
            return result;
    }
}

/* One chunk, framing and all; *is_last for the empty one. Trailers are not expected. */
static enum wire_result take_chunk(struct wire *wire, struct buffer *body, bool *is_last,
                                   int64_t until_ms)
{
    struct buffer line = {0};
    char *end = NULL;
    enum wire_result result = take_to(wire, "\r\n", &line, until_ms);
    unsigned long size = line.at ? strtoul(line.at, &end, 16) : 0;
    bool is_size = line.at && end > line.at && line.size < CHUNK_LINE_MAX;

    buffer_free(&line);
    if (result == WIRE_ANSWER && !is_size)
        return WIRE_BROKEN;
    *is_last = size == 0;
    if (result == WIRE_ANSWER)
        result = take(wire, size, body, until_ms);
    if (result == WIRE_ANSWER)
        result = take_to(wire, "\r\n", NULL, until_ms);
    return result;
}

static enum wire_result take_chunks(struct wire *wire, struct buffer *body, int64_t until_ms)
{
    enum wire_result result = WIRE_ANSWER;
    bool is_last = false;

    while (result == WIRE_ANSWER && !is_last)
        result = take_chunk(wire, body, &is_last, until_ms);
    return result;
}

static enum wire_result take_to_end(struct wire *wire, struct buffer *body, int64_t until_ms)
{
    enum wire_result result;

    while ((result = more(wire, until_ms)) == WIRE_ANSWER)
        continue;
    if (result != WIRE_CLOSED)
        return result;
    return take(wire, wire->read.size, body, until_ms);
}

static enum wire_result take_body(struct wire *wire, struct wire_answer *answer, int64_t until_ms)
{
    struct buffer value = {0};
    enum wire_result result;

    if (wire_header(answer, "Transfer-Encoding", &value))
        result = take_chunks(wire, &answer->body, until_ms);
    else if (wire_header(answer, "Content-Length", &value))
        result = take(wire, strtoul(value.at, NULL, 10), &answer->body, until_ms);
    else
        result = take_to_end(wire, &answer->body, until_ms);
    buffer_free(&value);
    return result;
}

static enum wire_result take_head(struct wire *wire, struct wire_answer *answer, int64_t until_ms)
{
    *answer = (struct wire_answer){0};
    enum wire_result result = take_to(wire, "\r\n\r\n", &answer->head, until_ms);
    if (result == WIRE_ANSWER && sscanf(answer->head.at, "HTTP/1.1 %3d", &answer->status) != 1)
        return WIRE_BROKEN;
    return result;
}

enum wire_result wire_read(struct wire *wire, struct wire_answer *answer, bool is_head,
                           int timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    enum wire_result result = take_head(wire, answer, until_ms);

    if (result != WIRE_ANSWER || is_head || answer->status < 200 || answer->status == 204 ||
        answer->status == 304)
        return result;
    return take_body(wire, answer, until_ms);
}

enum wire_result wire_read_head(struct wire *wire, struct wire_answer *answer, int timeout_ms)
{
    return take_head(wire, answer, clock_steady_ms() + timeout_ms);
}

enum wire_result wire_read_chunk(struct wire *wire, struct buffer *body, int timeout_ms)
{
    bool is_last;

    return take_chunk(wire, body, &is_last, clock_steady_ms() + timeout_ms);
}

void wire_answer_free(struct wire_answer *answer)
{
    buffer_free(&answer->head);
    buffer_free(&answer->body);
}

bool wire_header(const struct wire_answer *answer, const char *name, struct buffer *value)
{
    size_t length = strlen(name);
    const char *line = answer->head.at ? strstr(answer->head.at, "\r\n") : NULL;

    for (; line && strncmp(line, "\r\n\r\n", 4) != 0; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) != 0 || line[2 + length] != ':')
            continue;
        const char *from = line + 2 + length + 1;
        from += strspn(from, " \t");
        value->size = 0;
        buffer_add(value, (struct span){from, strcspn(from, "\r")});
        return true;
    }
    return false;
}
