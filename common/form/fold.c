/* SPDX-License-Identifier: MIT */
#include "common/form/fold.h"

#include "common/base/check.h"

/* How many bytes a sequence has, by its first byte; 0 for a byte that cannot be the first. */
static size_t sequence_size(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

bool utf8_take(struct span *text, uint32_t *code)
{
    static const uint32_t LEAST[5] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char MASK[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    size_t size = text->size ? sequence_size((unsigned char)text->at[0]) : 0;

    if (size == 0 || size > text->size)
        return false;
    uint32_t value = (unsigned char)text->at[0] & MASK[size];
    for (size_t i = 1; i < size; i++) {
        unsigned char byte = (unsigned char)text->at[i];
        if ((byte & 0xC0) != 0x80)
            return false;
        value = value << 6 | (byte & 0x3F);
    }
    if (value < LEAST[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return false;
    *code = value;
    *text = (struct span){.at = text->at + size, .size = text->size - size};
    return true;
}

size_t utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Spaces, dots and dashes of all the keyboards that meet at the border. */
static bool is_separator(uint32_t code)
{
    static const uint32_t SEPARATORS[] = {
        '\t',   '\n',   '\r',   ' ',    '.',    '-',    '_',    0x00A0, 0x00AD, 0x00B7, 0x2022,
        0x2027, 0x202F, 0x2212, 0x3000, 0x3002, 0x30FB, 0xFE0E, 0xFE0F, 0xFEFF, 0xFF65,
    };

    for (size_t i = 0; i < COUNT_OF(SEPARATORS); i++)
        if (SEPARATORS[i] == code)
            return true;
    return code >= 0x2000 && code <= 0x2015;
}

/* Letters of other alphabets that print like Latin capitals; 0 when code is none. */
static uint32_t lookalike(uint32_t code)
{
    static const struct {
        uint32_t code;
        char latin;
    } ALIKE[] = {
        {0x00D0, 'D'}, {0x00F0, 'D'}, {0x0110, 'D'}, {0x0111, 'D'}, {0x0189, 'D'}, {0x0391, 'A'},
        {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'}, {0x039A, 'K'},
        {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'}, {0x03A5, 'Y'},
        {0x03A7, 'X'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'},
        {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'},
        {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'},
    };

    if (code >= 0x0430 && code <= 0x044F)
        code -= 0x20; /* Cyrillic small letters */
    else if (code >= 0x0455 && code <= 0x0458)
        code -= 0x50;
    for (size_t i = 0; i < COUNT_OF(ALIKE); i++)
        if (ALIKE[i].code == code)
            return (uint32_t)(unsigned char)ALIKE[i].latin;
    return 0;
}

uint32_t fold_code(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        code -= 0xFEE0; /* fullwidth forms, as NFKC does */
    if (is_separator(code))
        return 0;
    if (code >= 'a' && code <= 'z')
        return code - 'a' + 'A';
    if (code < 0x80)
        return code;
    if (code == 0x639B)
        return 0x6302; /* 掛, the traditional form of 挂 */
    uint32_t latin = lookalike(code);
    return latin ? latin : code;
}

bool fold_codes(struct span text, uint32_t *codes, size_t room, size_t *count)
{
    uint32_t code;

    *count = 0;
    while (text.size) {
        if (!utf8_take(&text, &code))
            return false;
        code = fold_code(code);
        if (code == 0)
            continue;
        if (*count == room)
            return false;
        codes[(*count)++] = code;
    }
    return true;
}
