/* SPDX-License-Identifier: MIT
 * The query (application/x-www-form-urlencoded, as in the URL standard): decoded strictly, once.
 */
#include "services/gated/http_parts.h"

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 32);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* One byte of the text, decoded; -1 when an escape is broken or hides a control byte. */
static int byte_take(struct span *text)
{
    int byte = (unsigned char)*text->at;
    size_t size = 1;

    if (byte == '%') {
        int high = text->size >= 3 ? hex_value(text->at[1]) : -1;
        int low = high >= 0 ? hex_value(text->at[2]) : -1;
        byte = low >= 0 ? high << 4 | low : -1;
        size = 3;
    } else if (byte == '+')
        byte = ' ';
    if (byte < 0x20 || byte == 0x7f)
        return -1;
    text->at += size;
    text->size -= size;
    return byte;
}

/* RFC 3629 §4: no overlong form, no surrogate, nothing above U+10FFFF. */
static bool is_utf8(const unsigned char *at)
{
    static const struct {
        unsigned char from, to, second_from, second_to, more;
    } FORMS[] = {
        {0x01, 0x7f, 0, 0, 0},       {0xc2, 0xdf, 0x80, 0xbf, 1}, {0xe0, 0xe0, 0xa0, 0xbf, 2},
        {0xe1, 0xec, 0x80, 0xbf, 2}, {0xed, 0xed, 0x80, 0x9f, 2}, {0xee, 0xef, 0x80, 0xbf, 2},
        {0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3}, {0xf4, 0xf4, 0x80, 0x8f, 3},
    };

    while (*at) {
        size_t form = 0;
        while (form < sizeof FORMS / sizeof FORMS[0] &&
               (*at < FORMS[form].from || *at > FORMS[form].to))
            form++;
        if (form == sizeof FORMS / sizeof FORMS[0])
            return false;
        at++;
        for (int i = 0; i < FORMS[form].more; i++, at++)
            if (*at < (i ? 0x80 : FORMS[form].second_from) ||
                *at > (i ? 0xbf : FORMS[form].second_to))
                return false;
    }
    return true;
}

/* NULL when the text is not decodable. */
static const char *text_decode(struct arena *arena, struct span text)
{
    char *decoded = arena_alloc(arena, text.size + 1);
    size_t size = 0;

    while (text.size) {
        int byte = byte_take(&text);
        if (byte < 0)
            return NULL;
        decoded[size++] = (char)byte;
    }
    return is_utf8((const unsigned char *)decoded) ? decoded : NULL;
}

static bool query_has(const struct query *query, const char *name)
{
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->parameters[i].name, name) == 0)
            return true;
    return false;
}

static void query_add(struct query *query, struct arena *arena, struct span part)
{
    const char *name = text_decode(arena, span_take(&part, '='));
    const char *value = text_decode(arena, part);

    bool is_named = name && *name;
    bool is_twice = is_named && query_has(query, name);

    if (!is_named || !value || is_twice) {
        if (query->is_valid) {
            query->wrong = is_named ? name : NULL;
            query->is_twice = is_twice;
        }
        query->is_valid = false;
        return;
    }
    query->parameters[query->count++] = (struct parameter){name, value};
}

struct query query_read(struct arena *arena, struct span target)
{
    struct query query = {.is_valid = true};
    struct span rest = target;
    size_t most = 1;

    span_take(&rest, '?');
    if (rest.size == 0)
        return query;
    for (size_t i = 0; i < rest.size; i++)
        most += rest.at[i] == '&';
    query.parameters = arena_alloc(arena, most * sizeof *query.parameters);
    while (rest.size) {
        struct span part = span_take(&rest, '&');
        if (part.size)
            query_add(&query, arena, part);
    }
    return query;
}

const char *http_query(const struct exchange *exchange, const char *name)
{
    const struct query *query = &exchange->query;

    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->parameters[i].name, name) == 0)
            return query->parameters[i].value;
    return NULL;
}

bool http_query_is_valid(const struct exchange *exchange)
{
    return exchange->query.is_valid;
}

const char *http_query_wrong(const struct exchange *exchange, bool *is_twice)
{
    *is_twice = exchange->query.is_twice;
    return exchange->query.wrong;
}

void http_query_each(const struct exchange *exchange,
                     bool (*visit)(void *context, const char *name, const char *value),
                     void *context)
{
    const struct query *query = &exchange->query;

    for (size_t i = 0; i < query->count; i++)
        if (!visit(context, query->parameters[i].name, query->parameters[i].value))
            return;
}
