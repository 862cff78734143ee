/* SPDX-License-Identifier: MIT */
#include "tests/faults/shaky/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/check.h"

enum { CHUNK_BYTES = 65536, TICK_MS = 50, TICKS_PER_SECOND = 20, BACKLOG = 128 };

union socket {
    uv_stream_t stream;
    uv_handle_t handle;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
};

struct line;

/* One direction of a line: at most one piece on its way, so what one side does not take the other
 * is not asked for. */
struct flow {
    struct line *line;
    union socket *from;
    union socket *to;
    enum way way;
    int allowance; /* bytes in this tick, when slow */
    bool is_writing;
    bool is_reading;
    bool is_over; /* from said its last */
    uv_write_t write;
    uv_shutdown_t shutdown;
    char bytes[CHUNK_BYTES];
};

/* One proxied connection. */
struct line {
    union socket client;
    union socket server;
    uv_connect_t connect;
    struct flow flows[WAYS];
    struct line *next;
    struct line **link; /* what points at us */
    int open_handles;
    bool is_connected;
    bool is_closing;
};

static struct {
    uv_loop_t *loop;
    struct place listen;
    struct place to;
    union socket *listener; /* NULL while refusing */
    uv_timer_t tick;
    struct line *lines;
    int rate[WAYS];
    bool swallows;
} proxy;

static void flow_update(struct flow *flow);

static void socket_init(union socket *socket, const struct place *place)
{
    if (place_is_unix(place))
        CHECK(uv_pipe_init(proxy.loop, &socket->pipe, 0) == 0);
    else
        CHECK(uv_tcp_init(proxy.loop, &socket->tcp) == 0);
}

static void on_line_handle_closed(uv_handle_t *handle)
{
    struct line *line = handle->data;

    if (--line->open_handles == 0)
        free(line);
}

static void end_handle(union socket *socket, bool by_reset)
{
    struct line *line = socket->handle.data;

    line->open_handles++;
    if (!by_reset || socket->handle.type != UV_TCP ||
        uv_tcp_close_reset(&socket->tcp, on_line_handle_closed) != 0)
        uv_close(&socket->handle, on_line_handle_closed);
}

static void line_close(struct line *line, bool by_reset)
{
    if (line->is_closing)
        return;
    line->is_closing = true;
    *line->link = line->next;
    if (line->next)
        line->next->link = line->link;
    end_handle(&line->client, by_reset);
    end_handle(&line->server, by_reset);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct line *line = handle->data;
    struct flow *flow = &line->flows[handle == &line->client.handle ? UP : DOWN];
    unsigned size = CHUNK_BYTES;

    (void)suggested;
    if (proxy.rate[flow->way] != RATE_UNLIMITED)
        size = (unsigned)flow->allowance;
    *buffer = uv_buf_init(flow->bytes, size < CHUNK_BYTES ? size : CHUNK_BYTES);
}

static void on_written(uv_write_t *write, int status)
{
    struct flow *flow = container_of(write, struct flow, write);

    flow->is_writing = false;
    if (status != 0)
        line_close(flow->line, false);
    else
        flow_update(flow);
}

/* One side has ended: so does the line, once its other half has ended or cannot flow. */
static void flow_end(struct flow *flow, bool by_error)
{
    struct line *line = flow->line;

    flow->is_over = true;
    flow_update(flow);
    if (by_error || line->flows[!flow->way].is_over)
        line_close(line, by_error);
    else
        uv_shutdown(&flow->shutdown, &flow->to->stream, NULL);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct line *line = stream->data;
    struct flow *flow = &line->flows[stream == &line->client.stream ? UP : DOWN];

    if (size < 0) {
        flow_end(flow, size != UV_EOF);
        return;
    }
    if (size == 0)
        return;
    if (flow->way == DOWN && proxy.swallows) {
        proxy.swallows = false;
        line_close(line, true);
        return;
    }
    uv_buf_t piece = uv_buf_init(buffer->base, (unsigned)size);
    flow->allowance -= (int)size;
    flow->is_writing = true;
    CHECK(uv_write(&flow->write, &flow->to->stream, &piece, 1, on_written) == 0);
    flow_update(flow);
}

/* Reads exactly when something may flow. */
static void flow_update(struct flow *flow)
{
    int rate = proxy.rate[flow->way];
    bool may_flow = rate == RATE_UNLIMITED || (rate > RATE_STALLED && flow->allowance > 0);
    bool reads = may_flow && !flow->is_writing && !flow->is_over;

    if (!flow->line->is_connected || flow->line->is_closing || reads == flow->is_reading)
        return;
    flow->is_reading = reads;
    if (reads)
        CHECK(uv_read_start(&flow->from->stream, on_alloc, on_read) == 0);
    else
        uv_read_stop(&flow->from->stream);
}

static void update_all(void)
{
    for (struct line *line = proxy.lines; line; line = line->next)
        for (int way = 0; way < WAYS; way++)
            flow_update(&line->flows[way]);
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
    for (struct line *line = proxy.lines; line; line = line->next)
        for (int way = 0; way < WAYS; way++)
            line->flows[way].allowance =
                (proxy.rate[way] + TICKS_PER_SECOND - 1) / TICKS_PER_SECOND;
    update_all();
}

static void on_connected(uv_connect_t *connect, int status)
{
    struct line *line = connect->data;

    if (line->is_closing)
        return;
    if (status != 0) {
        line_close(line, true);
        return;
    }
    line->is_connected = true;
    for (int way = 0; way < WAYS; way++)
        flow_update(&line->flows[way]);
}

static struct line *line_new(void)
{
    struct line *line = calloc(1, sizeof *line);

    CHECK(line);
    line->flows[UP] =
        (struct flow){.line = line, .from = &line->client, .to = &line->server, .way = UP};
    line->flows[DOWN] =
        (struct flow){.line = line, .from = &line->server, .to = &line->client, .way = DOWN};
    socket_init(&line->client, &proxy.listen);
    socket_init(&line->server, &proxy.to);
    line->client.handle.data = line->server.handle.data = line->connect.data = line;
    line->next = proxy.lines;
    line->link = &proxy.lines;
    if (line->next)
        line->next->link = &line->next;
    return proxy.lines = line;
}

static void on_client(uv_stream_t *listener, int status)
{
    if (status != 0)
        return;
    struct line *line = line_new();
    if (uv_accept(listener, &line->client.stream) != 0) {
        line_close(line, true);
        return;
    }
    if (place_is_unix(&proxy.to))
        uv_pipe_connect(&line->connect, &line->server.pipe, proxy.to.path, on_connected);
    else if (uv_tcp_connect(&line->connect, &line->server.tcp, (struct sockaddr *)&proxy.to.address,
                            on_connected) != 0)
        line_close(line, true);
}

void proxy_accept(void)
{
    union socket *listener;
    int failed;

    if (proxy.listener)
        return;
    listener = calloc(1, sizeof *listener);
    CHECK(listener);
    socket_init(listener, &proxy.listen);
    if (place_is_unix(&proxy.listen)) {
        unlink(proxy.listen.path);
        failed = uv_pipe_bind(&listener->pipe, proxy.listen.path);
    } else {
        failed = uv_tcp_bind(&listener->tcp, (struct sockaddr *)&proxy.listen.address, 0);
    }
    if (!failed)
        failed = uv_listen(&listener->stream, BACKLOG, on_client);
    if (failed)
        give_up("listening", uv_strerror(failed));
    proxy.listener = listener;
}

static void on_listener_closed(uv_handle_t *handle)
{
    free(container_of(handle, union socket, handle));
}

void proxy_refuse(void)
{
    if (proxy.listener)
        uv_close(&proxy.listener->handle, on_listener_closed);
    proxy.listener = NULL;
}

static void say_where(void)
{
    struct sockaddr_in *address = (struct sockaddr_in *)&proxy.listen.address;
    int size = sizeof proxy.listen.address;
    char host[64];

    if (place_is_unix(&proxy.listen)) {
        printf("listening %s\n", proxy.listen.path);
    } else {
        /* Keep the port that was given, for listening again after "refuse". */
        CHECK(uv_tcp_getsockname(&proxy.listener->tcp, (struct sockaddr *)address, &size) == 0);
        CHECK(uv_ip4_name(address, host, sizeof host) == 0);
        printf("listening %s:%d\n", host, (address->sin_port & 255) << 8 | address->sin_port >> 8);
    }
    fflush(stdout);
}

void proxy_open(uv_loop_t *loop, const struct place *listen, const struct place *to)
{
    proxy.loop = loop;
    proxy.listen = *listen;
    proxy.to = *to;
    proxy.rate[UP] = proxy.rate[DOWN] = RATE_UNLIMITED;
    proxy_accept();
    say_where();
    CHECK(uv_timer_init(loop, &proxy.tick) == 0);
    uv_timer_start(&proxy.tick, on_tick, TICK_MS, TICK_MS);
}

void proxy_cut(void)
{
    while (proxy.lines)
        line_close(proxy.lines, true);
}

void proxy_set_rate(enum way way, int rate)
{
    proxy.rate[way] = rate;
    update_all();
}

void proxy_swallow(bool swallows)
{
    proxy.swallows = swallows;
}
