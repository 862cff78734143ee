/* SPDX-License-Identifier: MIT */
#include "common/form/customs.h"

#include "common/form/digits.h"
#include "common/form/instant.h"

const char *const DIRECTIONS[] = {"export", "import", NULL};

enum message customs_number_read(struct span typed, enum direction direction,
                                 char number[CUSTOMS_ROOM])
{
    digits_fold(typed, number, CUSTOMS_ROOM);
    if (!digits_are(number, CUSTOMS_ROOM - 1) || (number[0] != '1' && number[0] != '3')) {
        number[0] = '\0';
        return MESSAGE_CUSTOMS_NUMBER_FORMAT;
    }
    return number[0] == (direction == DIRECTION_EXPORT ? '3' : '1')
               ? MESSAGE_NONE
               : MESSAGE_CUSTOMS_NUMBER_DIRECTION;
}

enum message customs_type_read(struct span typed, char type[4])
{
    bool is_whole = digits_fold(typed, type, 4) == 3;

    return is_whole && type[0] >= 'A' && type[0] <= 'Z' && digits_are(type + 1, 2)
               ? MESSAGE_NONE
               : MESSAGE_CUSTOMS_TYPE_FORMAT;
}

static int64_t number_at(const char *text, size_t size)
{
    uint64_t number = 0;

    return span_to_number((struct span){text, size}, 9999, &number) ? (int64_t)number : 0;
}

enum message border_guard_number_read(struct span typed, char number[BORDER_GUARD_ROOM])
{
    digits_fold(typed, number, BORDER_GUARD_ROOM);
    if (digits_are(number, BORDER_GUARD_ROOM - 1) &&
        date_exists(number_at(number + 4, 4), number_at(number + 2, 2), number_at(number, 2)))
        return MESSAGE_NONE;
    number[0] = '\0';
    return MESSAGE_BORDER_GUARD_NUMBER_FORMAT;
}
