/* SPDX-License-Identifier: MIT */
#include "common/form/text.h"

#include <stdint.h>

#include "common/form/fold.h"

/* Bytes of the blank that begins at text.at + from, going forward; 0 when there is none. */
static size_t blank_at(struct span text, size_t from)
{
    unsigned char byte = (unsigned char)text.at[from];

    if (byte == ' ' || (byte >= '\t' && byte <= '\r'))
        return 1;
    if (byte == 0xC2 && from + 1 < text.size && (unsigned char)text.at[from + 1] == 0xA0)
        return 2;
    return 0;
}

struct span text_trim(struct span text)
{
    while (text.size && blank_at(text, 0)) {
        size_t size = blank_at(text, 0);
        text = (struct span){text.at + size, text.size - size};
    }
    while (text.size) {
        if (blank_at(text, text.size - 1) == 1)
            text.size -= 1;
        else if (text.size >= 2 && blank_at(text, text.size - 2) == 2)
            text.size -= 2;
        else
            break;
    }
    return text;
}

long text_length(struct span text)
{
    uint32_t code;
    long length = 0;

    while (text.size) {
        if (!utf8_take(&text, &code))
            return -1;
        length++;
    }
    return length;
}

static bool is_hidden(uint32_t code, enum text_kind kind)
{
    if (code == '\n' || code == '\t')
        return kind != TEXT_NOTE;
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || /* control characters */
           (code >= 0x200B && code <= 0x200F) ||           /* zero width, direction marks */
           (code >= 0x2028 && code <= 0x202E) ||           /* separators, embeddings */
           (code >= 0x2060 && code <= 0x206F) ||           /* isolates, invisible operators */
           code == 0x061C || code == 0xFEFF || (code >= 0xFDD0 && code <= 0xFDEF) ||
           (code & 0xFFFE) == 0xFFFE || code >= 0xE0000; /* noncharacters, tags, private planes */
}

bool text_is_printable(struct span text, enum text_kind kind)
{
    uint32_t code;

    while (text.size)
        if (!utf8_take(&text, &code) || is_hidden(code, kind))
            return false;
    return true;
}

enum message text_read(struct span text, enum text_kind kind, size_t characters_max,
                       struct span *clean)
{
    *clean = text_trim(text);
    long length = text_length(*clean);

    if (length < 0)
        return MESSAGE_BAD_UTF8;
    if (!text_is_printable(*clean, kind))
        return MESSAGE_NOT_PRINTABLE;
    return (size_t)length > characters_max ? MESSAGE_TOO_LONG : MESSAGE_NONE;
}

bool text_is_code(struct span text, size_t size_max)
{
    if (text.size == 0 || text.size > size_max)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];
        bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_letter && !is_digit && byte != '.' && byte != '_' && byte != '/' && byte != '-')
            return false;
    }
    return true;
}
