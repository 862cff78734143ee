/* SPDX-License-Identifier: MIT */
#include "common/pass/plate_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"

enum {
    AREA_SIZE = 2,    /* digits before the series of a Vietnamese plate */
    SERIES_MAX = 2,   /* its letters */
    NUMBER_SHORT = 4, /* digits of an old plate, painted without a point */
    NUMBER_MIN = 5,
    NUMBER_MAX = 6, /* the first then belongs to the series */
    POINT_AFTER = 3,
    HAN_SIZE = 3,          /* bytes of a Chinese character */
    HAN_FIRST = 0xe4,      /* the first byte of U+4E00 and on (RFC 3629 §3) */
    HAN_LAST = 0xe9,       /* and of U+9FFF */
    CHINESE_SIGNS_MIN = 5, /* behind province and letter; new energy: one more */
    CHINESE_SIGNS_MAX = 6,
    TRAILER_SIGNS = 4, /* before 挂 */
};

static const char DIGITS[] = "0123456789", LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                  SIGNS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool is_han(const char *at)
{
    return (unsigned char)*at >= HAN_FIRST && (unsigned char)*at <= HAN_LAST;
}

static bool vietnamese(const char *plate, char text[PLATE_TEXT_ROOM])
{
    size_t area = strspn(plate, DIGITS), letters = strspn(plate + area, LETTERS);
    const char *rest = plate + area + letters;
    size_t number = strspn(rest, DIGITS);

    if (area != AREA_SIZE || letters < 1 || letters > SERIES_MAX || rest[number] ||
        number < NUMBER_SHORT || number > NUMBER_MAX)
        return false;
    rest += number == NUMBER_MAX;
    int head = (int)(rest - plate);
    if (number == NUMBER_SHORT)
        snprintf(text, PLATE_TEXT_ROOM, "%.*s-%s", head, plate, rest);
    else
        snprintf(text, PLATE_TEXT_ROOM, "%.*s-%.*s.%s", head, plate, POINT_AFTER, rest,
                 rest + POINT_AFTER);
    return true;
}

static bool chinese(const char *plate, char text[PLATE_TEXT_ROOM])
{
    const char *rest = plate + HAN_SIZE + 1;

    if (!is_han(plate) || strlen(plate) <= HAN_SIZE + 1 || !strchr(LETTERS, plate[HAN_SIZE]))
        return false;
    size_t signs = strspn(rest, SIGNS);
    bool is_whole = !rest[signs] && signs >= CHINESE_SIGNS_MIN && signs <= CHINESE_SIGNS_MAX;
    bool is_trailer =
        signs == TRAILER_SIGNS && is_han(rest + signs) && strlen(rest + signs) == HAN_SIZE;
    if (!is_whole && !is_trailer)
        return false;
    snprintf(text, PLATE_TEXT_ROOM, "%.*s·%s", HAN_SIZE + 1, plate, rest);
    return true;
}

void plate_text(const char *plate, char text[PLATE_TEXT_ROOM])
{
    CHECK(strlen(plate) <= PASS_PLATE_BYTES);
    if (!vietnamese(plate, text) && !chinese(plate, text))
        snprintf(text, PLATE_TEXT_ROOM, "%s", plate);
}
