/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <zlib.h>

#include "common/base/check.h"
#include "services/gated/web/make.h"

enum { GZIP_WINDOW = 15 + 16, MEMORY = 9 };

void pack(struct span plain, struct buffer *packed)
{
    z_stream stream = {0};

    CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY,
                       Z_DEFAULT_STRATEGY) == Z_OK);
    size_t room = deflateBound(&stream, (uLong)plain.size);
    unsigned char *out = malloc(room);
    CHECK(out);
    stream.next_in = (unsigned char *)(uintptr_t)plain.at;
    stream.avail_in = (uInt)plain.size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    buffer_add(packed, (struct span){(const char *)out, stream.total_out});
    deflateEnd(&stream);
    free(out);
}
