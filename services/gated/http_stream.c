/* SPDX-License-Identifier: MIT
 * Answers that go on: blocks shared by all streams, a bounded queue for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/base/check.h"
#include "services/gated/http_parts.h"

enum {
    PLAIN_BLOCK_BYTES = 128, /* the library's copy for HTTP/1.0 clients, which get no chunks */
    CHUNK_HEAD_BYTES = 20,
};

struct http_block {
    int references;
    size_t size;
    const char *text;
    size_t chunk_size;
    char chunk[]; /* the text as one chunk (RFC 9112 §7.1), for lines that can take it as it is */
};

struct http_block *http_block_new(struct span text)
{
    char head[CHUNK_HEAD_BYTES];
    size_t head_size = (size_t)snprintf(head, sizeof head, "%zx\r\n", text.size);
    struct http_block *block = malloc(sizeof *block + head_size + text.size + 2);

    CHECK(block);
    block->references = 1;
    block->size = text.size;
    block->text = block->chunk + head_size;
    block->chunk_size = head_size + text.size + 2;
    memcpy(block->chunk, head, head_size);
    if (text.size)
        memcpy(block->chunk + head_size, text.at, text.size);
    memcpy(block->chunk + head_size + text.size, "\r\n", 2);
    return block;
}

void http_block_release(struct http_block *block)
{
    CHECK(block->references > 0);
    if (--block->references == 0)
        free(block);
}

static void piece_drop(struct stream *stream)
{
    struct piece *piece = stream->queue;

    LL_DELETE(stream->queue, piece);
    stream->queued -= piece->block->size;
    stream->offset = 0;
    http_block_release(piece->block);
    free(piece);
}

void stream_clear(struct stream *stream)
{
    while (stream->queue)
        piece_drop(stream);
}

static size_t stream_copy(struct stream *stream, char *to, size_t room)
{
    size_t copied = 0;

    while (stream->queue && copied < room) {
        const struct http_block *block = stream->queue->block;
        size_t left = block->size - stream->offset;
        size_t size = left < room - copied ? left : room - copied;
        memcpy(to + copied, block->text + stream->offset, size);
        copied += size;
        stream->offset += size;
        if (stream->offset == block->size)
            piece_drop(stream);
    }
    return copied;
}

/* The library asks for bytes to send; cls is the exchange. */
static ssize_t on_read(void *cls, uint64_t position, char *to, size_t room)
{
    struct exchange *exchange = cls;

    (void)position;
    exchange->http->calls++;
    if (!exchange->stream.queue && !exchange->stream.is_ended && !exchange->is_lost &&
        exchange->http->events.on_room)
        exchange->http->events.on_room(exchange, exchange->http->events.owner);
    if (exchange->is_lost)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t copied = stream_copy(&exchange->stream, to, room);
    if (copied)
        return (ssize_t)copied;
    if (exchange->stream.is_ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    MHD_suspend_connection(exchange->library);
    exchange->is_suspended = true;
    return 0;
}

/* 0.9.x ends an answer of unknown size with a last chunk even when it was asked by HEAD, where the
 * client takes that for the next answer's first bytes (RFC 9112 §6.3): such a one is empty. */
static struct MHD_Response *stream_response(struct exchange *exchange)
{
    if (exchange->is_head)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PLAIN_BLOCK_BYTES, on_read, exchange,
                                             NULL);
}

void http_stream(struct exchange *exchange, const struct http_reply *head, size_t queue_max)
{
    CHECK(exchange->phase == PHASE_OWNER);
    exchange->phase = PHASE_STREAM;
    exchange->status = head->status;
    exchange->stream.queue_max = queue_max;
    exchange->stream.is_ended = exchange->http->is_closing;
    exchange->response = stream_response(exchange);
    CHECK(exchange->response);
    response_describe(exchange->response, head);
    exchange_wake(exchange);
}

/* Whether what is sent on the socket now follows a whole chunk: the library is in on_read(), which
 * it calls with nothing left to send. */
static bool is_between_chunks(const struct exchange *exchange)
{
    return exchange->is_chunked && exchange->is_suspended && !exchange->stream.queue;
}

void http_stream_ask_room(struct exchange *exchange)
{
    exchange->stream.is_asking = true;
}

enum direct { DIRECT_DONE, DIRECT_NOT, DIRECT_PARTLY };

/* Resuming the library, having it ask, send and suspend again is most of what an event costs at a
 * board that keeps up, so that one gets the chunk straight. */
static enum direct send_directly(struct exchange *exchange, const struct http_block *block)
{
    if (exchange->stream.is_asking || !is_between_chunks(exchange))
        return DIRECT_NOT;
    ssize_t sent = send(exchange->peer->socket, block->chunk, block->chunk_size,
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent <= 0)
        return DIRECT_NOT; /* no room, or a client that is gone: the library finds out */
    return (size_t)sent == block->chunk_size ? DIRECT_DONE : DIRECT_PARTLY;
}

static bool cut_slow(struct exchange *exchange)
{
    exchange->is_lost = true;
    peer_cut(exchange->peer, OK);
    exchange_wake(exchange);
    return false;
}

bool http_stream_send(struct exchange *exchange, struct http_block *block)
{
    struct stream *stream = &exchange->stream;

    CHECK(exchange->phase == PHASE_STREAM);
    if (stream->is_ended || exchange->is_lost)
        return false;
    if (stream->queued + block->size > stream->queue_max)
        return cut_slow(exchange);
    if (block->size == 0)
        return true;
    enum direct direct = send_directly(exchange, block);
    if (direct == DIRECT_PARTLY) /* its socket is full to the brim, and nobody else knows the rest */
        return cut_slow(exchange);
    if (direct == DIRECT_DONE)
        return true;
    struct piece *piece = malloc(sizeof *piece);
    CHECK(piece);
    *piece = (struct piece){.block = block};
    block->references++;
    stream->queued += block->size;
    LL_APPEND(stream->queue, piece);
    exchange_wake(exchange);
    return true;
}

void http_stream_end(struct exchange *exchange)
{
    CHECK(exchange->phase == PHASE_STREAM);
    exchange->stream.is_ended = true;
    exchange_wake(exchange);
}
