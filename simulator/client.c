/* SPDX-License-Identifier: MIT */
#include "simulator/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/base/check.h"

static void on_connect(uv_connect_t *connecting, int status);

static void finish(struct client *client, int status, struct span body)
{
    client_done *done = client->done;
    struct buffer answer = client->answer;

    client->done = NULL;
    client->answer = (struct buffer){0};
    if (done)
        done(client, status, body);
    buffer_free(&answer);
}

static void on_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;

    client->is_open = false;
    finish(client, 0, SPAN(""));
}

static void client_drop(struct client *client)
{
    if (!uv_is_closing((uv_handle_t *)&client->tcp))
        uv_close((uv_handle_t *)&client->tcp, on_closed);
}

static void on_chunk_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct client *client = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(client->chunk, sizeof client->chunk);
}

/* The size of the head with its empty line; 0 while it is not whole. */
static size_t head_size(struct span answer)
{
    const char *end = memmem(answer.at, answer.size, "\r\n\r\n", 4);

    return end ? (size_t)(end - answer.at) + 4 : 0;
}

static size_t content_length(struct span head)
{
    for (size_t i = 0; i + 16 < head.size; i++)
        if (head.at[i] == '\n' && !strncasecmp(head.at + i + 1, "content-length:", 15))
            return strtoul(head.at + i + 16, NULL, 10);
    return 0;
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *chunk)
{
    struct client *client = stream->data;

    if (size < 0) {
        client_drop(client);
        return;
    }
    buffer_add(&client->answer, (struct span){chunk->base, (size_t)size});
    struct span answer = buffer_span(&client->answer);
    size_t head = head_size(answer);
    if (!head || answer.size < head + content_length((struct span){answer.at, head}))
        return;
    finish(client, atoi(answer.at + 9), (struct span){answer.at + head, answer.size - head});
}

static void on_written(uv_write_t *writing, int status)
{
    struct client *client = container_of(writing, struct client, writing);

    if (status < 0)
        client_drop(client);
}

static void write_request(struct client *client)
{
    uv_buf_t buffer = uv_buf_init(client->request, (unsigned)client->request_size);

    if (uv_write(&client->writing, (uv_stream_t *)&client->tcp, &buffer, 1, on_written) < 0)
        client_drop(client);
}

static void on_connect(uv_connect_t *connecting, int status)
{
    struct client *client = container_of(connecting, struct client, connecting);

    if (status < 0 || uv_read_start((uv_stream_t *)&client->tcp, on_chunk_room, on_read) < 0) {
        client_drop(client);
        return;
    }
    uv_tcp_nodelay(&client->tcp, 1);
    write_request(client);
}

void client_init(struct client *client, uv_loop_t *loop, const struct sockaddr_in *address)
{
    client->loop = loop;
    client->address = *address;
    client->is_open = false;
    client->done = NULL;
    client->answer = (struct buffer){0};
}

void client_send(struct client *client, const char *method, const char *path, const char *headers,
                 struct span body, client_done *done)
{
    CHECK(!client->done);
    int size = snprintf(client->request, sizeof client->request,
                        "%s %s HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n%s\r\n%.*s",
                        method, path, body.size, headers, SPAN_ARG(body));
    CHECK(size > 0 && (size_t)size < sizeof client->request);
    client->request_size = (size_t)size;
    client->done = done;
    if (client->is_open) {
        write_request(client);
        return;
    }
    client->is_open = true;
    uv_tcp_init(client->loop, &client->tcp);
    client->tcp.data = client;
    if (uv_tcp_connect(&client->connecting, &client->tcp, (struct sockaddr *)&client->address,
                       on_connect) < 0)
        client_drop(client);
}

void client_close(struct client *client)
{
    if (client->is_open)
        client_drop(client);
}

struct span between(struct span s, const char *before, char after)
{
    size_t size = strlen(before);
    const char *from = s.size ? memmem(s.at, s.size, before, size) : NULL;

    if (!from)
        return SPAN("");
    from += size;
    size_t left = s.size - (size_t)(from - s.at);
    const char *to = memchr(from, after, left);
    return (struct span){from, to ? (size_t)(to - from) : 0};
}
