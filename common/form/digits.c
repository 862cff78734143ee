/* SPDX-License-Identifier: MIT */
#include "common/form/digits.h"

#include <string.h>

#include "common/form/fold.h"

size_t digits_fold(struct span typed, char *text, size_t room)
{
    size_t count = 0;
    uint32_t code;

    while (typed.size && utf8_take(&typed, &code)) {
        code = fold_code(code);
        if (code == 0)
            continue;
        if (code >= 0x80 || count + 1 == room) {
            text[0] = '\0';
            return 0;
        }
        text[count++] = (char)code;
    }
    if (typed.size)
        count = 0; /* not UTF-8 */
    text[count] = '\0';
    return count;
}

bool digits_are(const char *text, size_t count)
{
    return strspn(text, "0123456789") == count && text[count] == '\0';
}
