/* SPDX-License-Identifier: MIT */
#include "tests/client/sse.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/base/clock.h"

enum { HEAD_TIMEOUT_MS = 5000, READ_BYTES = 65536 };

int sse_open(struct sse *sse, const char *url, const char *path, const char *headers)
{
    struct wire_answer answer = {0};
    struct buffer request = {0};
    int status = 0;

    sse->is_over = false;
    sse->text.size = 0;
    if (!wire_open(&sse->wire, url))
        return 0;
    buffer_print(&request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s", path, headers);
    if (sse->last_id.size)
        buffer_print(&request, "Last-Event-ID: %.*s\r\n", SPAN_ARG(buffer_span(&sse->last_id)));
    buffer_add_text(&request, "\r\n");
    if (wire_send(&sse->wire, buffer_span(&request)) &&
        wire_read_head(&sse->wire, &answer, HEAD_TIMEOUT_MS) == WIRE_ANSWER)
        status = answer.status;
    buffer_free(&request);
    wire_answer_free(&answer);
    if (status != 200)
        wire_close(&sse->wire);
    return status;
}

void sse_close(struct sse *sse)
{
    wire_close(&sse->wire);
    buffer_free(&sse->text);
}

void sse_free(struct sse *sse)
{
    sse_close(sse);
    buffer_free(&sse->last_id);
}

void sse_event_free(struct sse_event *event)
{
    buffer_free(&event->name);
    buffer_free(&event->data);
}

/* --- out of the chunks ----------------------------------------------------------------------- */

static void drop(struct buffer *buffer, size_t size)
{
    buffer->size -= size;
    memmove(buffer->at, buffer->at + size, buffer->size);
}

/* The next whole chunk that has come; false when there is none. */
static bool take_chunk(struct sse *sse)
{
    struct buffer *raw = &sse->wire.read;
    const char *line = raw->size ? memmem(raw->at, raw->size, "\r\n", 2) : NULL;

    if (!line)
        return false;
    size_t begin = (size_t)(line - raw->at) + 2, size = strtoul(raw->at, NULL, 16);
    if (raw->size < begin + size + 2)
        return false;
    buffer_add(&sse->text, (struct span){raw->at + begin, size});
    sse->is_over = size == 0;
    drop(raw, begin + size + 2);
    return !sse->is_over;
}

static enum wire_result more(struct sse *sse, int64_t until_ms)
{
    struct pollfd pollfd = {.fd = sse->wire.socket, .events = POLLIN};
    int64_t left_ms = until_ms - clock_steady_ms();
    static _Thread_local char bytes[READ_BYTES];

    if (sse->is_over || sse->wire.socket < 0)
        return WIRE_CLOSED;
    if (poll(&pollfd, 1, left_ms > 0 ? (int)left_ms : 0) <= 0)
        return WIRE_SILENT;
    ssize_t size = recv(sse->wire.socket, bytes, sizeof bytes, 0);
    if (size <= 0)
        return WIRE_CLOSED;
    buffer_add(&sse->wire.read, (struct span){bytes, (size_t)size});
    return WIRE_ANSWER;
}

/* --- events ---------------------------------------------------------------------------------- */

static void take_field(struct sse *sse, struct span line, struct sse_event *event)
{
    struct span name = span_take(&line, ':');

    if (line.size && *line.at == ' ')
        line.at++, line.size--;
    if (!name.size) {
        sse->beats++;
    } else if (span_is(name, "event")) {
        buffer_add(&event->name, line);
    } else if (span_is(name, "data")) {
        buffer_add(&event->data, line);
    } else if (span_is(name, "retry")) {
        sse->retry_ms = atoi(line.at);
    } else if (span_is(name, "id")) {
        sse->last_id.size = 0;
        buffer_add(&sse->last_id, line);
    }
}

/* One block of lines; false when none is whole. */
static bool take_block(struct sse *sse, struct sse_event *event)
{
    const char *end = sse->text.size ? memmem(sse->text.at, sse->text.size, "\n\n", 2) : NULL;

    if (!end)
        return false;
    struct span rest = {sse->text.at, (size_t)(end - sse->text.at)};
    while (rest.size)
        take_field(sse, span_take(&rest, '\n'), event);
    drop(&sse->text, (size_t)(end - sse->text.at) + 2);
    return true;
}

enum wire_result sse_next(struct sse *sse, struct sse_event *event, int timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;

    *event = (struct sse_event){0};
    for (;;) {
        while (take_chunk(sse))
            continue;
        while (take_block(sse, event)) {
            if (event->data.size)
                return WIRE_ANSWER;
            sse_event_free(event);
        }
        enum wire_result result = more(sse, until_ms);
        if (result != WIRE_ANSWER)
            return result;
    }
}
