/* SPDX-License-Identifier: MIT */
#include "common/form/hs.h"

#include "common/form/digits.h"

enum { VN_SIZE = 8, CN_SIZE = 10 };

enum message hs_read(struct span typed, char hs[HS_ROOM])
{
    size_t count = digits_fold(typed, hs, HS_ROOM);
    bool is_chapter = strncmp(hs, "00", 2) && strncmp(hs, "77", 2); /* 77 is kept free */

    if ((count == VN_SIZE || count == CN_SIZE) && digits_are(hs, count) && is_chapter)
        return MESSAGE_NONE;
    hs[0] = '\0';
    return MESSAGE_HS_FORMAT;
}
