/* SPDX-License-Identifier: MIT
 * Answers that go on: blocks shared by all streams, a bounded queue for each.
 */
#include <stdlib.h>

#include "common/base/check.h"
#include "services/gated/http_parts.h"

enum { PLAIN_BLOCK_BYTES = 128 }; /* the library's copy for HTTP/1.0 clients, which get no chunks */

struct http_block {
    int references;
    size_t size;
    char text[];
};

struct http_block *http_block_new(struct span text)
{
    struct http_block *block = malloc(sizeof *block + text.size);

    CHECK(block);
    block->references = 1;
    block->size = text.size;
    if (text.size)
        memcpy(block->text, text.at, text.size);
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

void http_stream(struct exchange *exchange, const struct http_reply *head, size_t queue_max)
{
    CHECK(exchange->phase == PHASE_OWNER);
    exchange->phase = PHASE_STREAM;
    exchange->status = head->status;
    exchange->stream.queue_max = queue_max;
    exchange->stream.is_ended = exchange->http->is_closing;
    exchange->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PLAIN_BLOCK_BYTES,
                                                           on_read, exchange, NULL);
    CHECK(exchange->response);
    response_describe(exchange->response, head);
    exchange_wake(exchange);
}

bool http_stream_send(struct exchange *exchange, struct http_block *block)
{
    struct stream *stream = &exchange->stream;

    CHECK(exchange->phase == PHASE_STREAM);
    if (stream->is_ended || exchange->is_lost)
        return false;
    if (stream->queued + block->size > stream->queue_max) {
        exchange->is_lost = true;
        peer_cut(exchange->peer, OK);
        exchange_wake(exchange);
        return false;
    }
    if (block->size == 0)
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
