/* SPDX-License-Identifier: MIT */
#include "common/base/span.h"

struct span span_of(const char *text)
{
    return (struct span){.at = text, .size = text ? strlen(text) : 0};
}

bool span_is_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

bool span_is(struct span s, const char *text)
{
    return span_is_equal(s, span_of(text));
}

bool span_starts_with(struct span s, struct span prefix)
{
    return s.size >= prefix.size && span_is_equal((struct span){s.at, prefix.size}, prefix);
}

struct span span_take(struct span *s, char separator)
{
    const char *cut = s->size ? memchr(s->at, separator, s->size) : NULL;
    struct span taken = *s;

    if (!cut) {
        *s = (struct span){.at = s->at ? s->at + s->size : NULL, .size = 0};
        return taken;
    }
    taken.size = (size_t)(cut - s->at);
    *s = (struct span){.at = cut + 1, .size = s->size - taken.size - 1};
    return taken;
}

struct span span_trim(struct span s)
{
    while (s.size && (*s.at == ' ' || *s.at == '\t'))
        s.at++, s.size--;
    while (s.size && (s.at[s.size - 1] == ' ' || s.at[s.size - 1] == '\t'))
        s.size--;
    return s;
}

bool span_to_number(struct span s, uint64_t maximum, uint64_t *number)
{
    uint64_t value = 0;

    if (s.size == 0)
        return false;
    for (size_t i = 0; i < s.size; i++) {
        unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
        if (digit > 9 || value > (maximum - digit) / 10 || maximum < digit)
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}
