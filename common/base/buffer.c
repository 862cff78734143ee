/* SPDX-License-Identifier: MIT */
#include "common/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"

enum { FIRST_ROOM = 256 };

static void buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t need = buffer->size + more + 1;

    CHECK(need > more);
    if (need <= buffer->room)
        return;
    size_t room = buffer->room ? buffer->room : FIRST_ROOM;
    while (room < need)
        room *= 2;
    buffer->at = realloc(buffer->at, room);
    CHECK(buffer->at);
    buffer->room = room;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->at);
    *buffer = (struct buffer){0};
}

void buffer_add(struct buffer *buffer, struct span text)
{
    buffer_reserve(buffer, text.size);
    if (text.size)
        memcpy(buffer->at + buffer->size, text.at, text.size);
    buffer->size += text.size;
    buffer->at[buffer->size] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, span_of(text));
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    CHECK(size >= 0);
    buffer_reserve(buffer, (size_t)size);
    vsnprintf(buffer->at + buffer->size, (size_t)size + 1, format, arguments);
    buffer->size += (size_t)size;
    va_end(arguments);
}

void buffer_add_json(struct buffer *buffer, struct span text)
{
    static const char HEX[] = "0123456789abcdef";
    size_t from = 0;

    buffer_add(buffer, SPAN("\""));
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        char escape[6] = {'\\', 'u', '0', '0', HEX[byte >> 4], HEX[byte & 15]};
        bool is_short = byte == '"' || byte == '\\';

        if (byte >= 0x20 && !is_short)
            continue;
        buffer_add(buffer, (struct span){text.at + from, i - from});
        if (is_short)
            escape[1] = (char)byte;
        buffer_add(buffer, (struct span){escape, is_short ? 2 : 6});
        from = i + 1;
    }
    buffer_add(buffer, (struct span){text.at + from, text.size - from});
    buffer_add(buffer, SPAN("\""));
}

struct span buffer_span(const struct buffer *buffer)
{
    return (struct span){.at = buffer->at ? buffer->at : "", .size = buffer->size};
}

char *buffer_steal(struct buffer *buffer, size_t *size)
{
    buffer_reserve(buffer, 0);
    char *text = buffer->at;
    text[buffer->size] = '\0';
    if (size)
        *size = buffer->size;
    *buffer = (struct buffer){0};
    return text;
}
