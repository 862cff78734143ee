/* SPDX-License-Identifier: MIT */
#include "common/form/document.h"

#include <string.h>

#include "common/form/digits.h"
#include "common/form/instant.h"
#include "common/form/text.h"

enum { CN_ID_SIZE = 18, BORDER_PASS_MAX = 20 };

const char *const DOCUMENT_TYPES[] = {"cccd", "cmnd", "passport", "cn_id", "border_pass", NULL};

static bool is_passport(const char *text)
{
    bool is_letter = text[0] >= 'A' && text[0] <= 'Z';
    bool is_second = (text[0] == 'E' && text[1] >= 'A' && text[1] <= 'Z' && text[1] != 'I' &&
                      text[1] != 'O' && digits_are(text + 2, 7));

    return is_letter && (digits_are(text + 1, 7) || digits_are(text + 1, 8) || is_second);
}

static int64_t number_at(const char *text, size_t size)
{
    uint64_t number = 0;

    return span_to_number((struct span){text, size}, 9999, &number) ? (int64_t)number : -1;
}

static char cn_check(const char *digits)
{
    static const int WEIGHTS[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < CN_ID_SIZE - 1; i++)
        sum += (digits[i] - '0') * WEIGHTS[i];
    return "10X98765432"[sum % 11];
}

/* Digits 7 to 14 are the day of birth. */
static enum message check_cn_id(const char *text)
{
    if (strspn(text, "0123456789") < CN_ID_SIZE - 1 || strlen(text) != CN_ID_SIZE ||
        number_at(text + 6, 4) < 1900 ||
        !date_exists(number_at(text + 6, 4), number_at(text + 10, 2), number_at(text + 12, 2)))
        return MESSAGE_DOCUMENT_FORMAT;
    return text[CN_ID_SIZE - 1] == cn_check(text) ? MESSAGE_NONE : MESSAGE_DOCUMENT_CHECK;
}

/* Free text: passes differ from commune to commune. */
static enum message read_border_pass(struct span typed, char number[DOCUMENT_ROOM])
{
    struct span clean;

    if (text_read(typed, TEXT_LINE, BORDER_PASS_MAX, &clean) != MESSAGE_NONE || clean.size == 0)
        return MESSAGE_DOCUMENT_FORMAT;
    memcpy(number, clean.at, clean.size);
    number[clean.size] = '\0';
    return MESSAGE_NONE;
}

static bool fits(const char *text, enum document_type type)
{
    switch (type) {
    case DOCUMENT_CCCD:
        return digits_are(text, 12);
    case DOCUMENT_CMND:
        return digits_are(text, 9);
    case DOCUMENT_PASSPORT:
        return is_passport(text);
    default:
        return false;
    }
}

enum message document_read(struct span typed, enum document_type type, char number[DOCUMENT_ROOM])
{
    number[0] = '\0';
    if (type == DOCUMENT_BORDER_PASS)
        return read_border_pass(typed, number);
    if (digits_fold(typed, number, DOCUMENT_ROOM) == 0)
        return MESSAGE_DOCUMENT_FORMAT;
    if (type == DOCUMENT_CN_ID)
        return check_cn_id(number);
    return fits(number, type) ? MESSAGE_NONE : MESSAGE_DOCUMENT_FORMAT;
}
