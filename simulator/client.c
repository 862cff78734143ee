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

/* What the socket did not take at once, with the bytes behind it: an answer may come, and the next
 * request be made, before the rest is reported as written. */
struct rest {
    uv_write_t writing;
    struct client *client;
};

static void on_written(uv_write_t *writing, int status)
{
    struct rest *rest = container_of(writing, struct rest, writing);

    if (status < 0)
        client_drop(rest->client);
    free(rest);
}

static void write_rest(struct client *client, struct span text)
{
    struct rest *rest = malloc(sizeof *rest + text.size);

    CHECK(rest);
    rest->client = client;
    char *copy = (char *)(rest + 1);
    memcpy(copy, text.at, text.size);
    uv_buf_t buffer = uv_buf_init(copy, (unsigned)text.size);
    if (uv_write(&rest->writing, (uv_stream_t *)&client->tcp, &buffer, 1, on_written) < 0) {
        free(rest);
        client_drop(client);
    }
}

static void write_request(struct client *client)
{
    struct span text = buffer_span(&client->request);
    uv_buf_t buffer = uv_buf_init(client->request.at, (unsigned)text.size);
    int written = uv_try_write((uv_stream_t *)&client->tcp, &buffer, 1);

    if (written < 0 && written != UV_EAGAIN) {
        client_drop(client);
        return;
    }
    size_t done = written > 0 ? (size_t)written : 0;
    if (done < text.size)
        write_rest(client, (struct span){text.at + done, text.size - done});
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
    client->request = (struct buffer){0};
}

void client_free(struct client *client)
{
    buffer_free(&client->request);
}

void client_send(struct client *client, const char *method, const char *path, const char *headers,
                 struct span body, client_done *done)
{
    CHECK(!client->done);
    client->request.size = 0;
    buffer_print(&client->request,
                 "%s %s HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n%s\r\n",
                 method, path, body.size, headers);
    buffer_add(&client->request, body);
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
