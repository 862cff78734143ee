/* SPDX-License-Identifier: MIT */
#include "common/form/phone.h"

#include <stdio.h>

#include "common/form/digits.h"

enum { TYPED_ROOM = 24, VN_SIZE = 9, CN_SIZE = 11 };

/* Brackets are written around area codes and trunk zeros. */
static void drop_brackets(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++)
        if (*from != '(' && *from != ')')
            *to++ = *from;
    *to = '\0';
}

/* What follows prefix, or NULL. */
static const char *after(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);

    return strncmp(text, prefix, size) ? NULL : text + size;
}

/* The national number behind any of the prefixes; NULL when none fits. */
static const char *national(const char *text, const char *plus, const char *zeros,
                            const char *trunk)
{
    const char *rest = after(text, plus);

    rest = rest ? rest : after(text, zeros);
    return rest ? rest : after(text, trunk);
}

enum message phone_read(struct span typed, char phone[PHONE_ROOM])
{
    char text[TYPED_ROOM];

    phone[0] = '\0';
    if (digits_fold(typed, text, sizeof text) == 0)
        return MESSAGE_PHONE_FORMAT;
    drop_brackets(text);
    const char *vn = national(text, "+84", "0084", "0");
    const char *cn = national(text, "+86", "0086", "");
    if (vn && digits_are(vn, VN_SIZE) && strchr("35789", *vn))
        snprintf(phone, PHONE_ROOM, "+84%.9s", vn);
    else if (cn && digits_are(cn, CN_SIZE) && cn[0] == '1' && cn[1] >= '3')
        snprintf(phone, PHONE_ROOM, "+86%.11s", cn);
    return *phone ? MESSAGE_NONE : MESSAGE_PHONE_FORMAT;
}
