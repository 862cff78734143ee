/* SPDX-License-Identifier: MIT */
#include "common/json/write.h"

#include "common/base/check.h"
#include "common/form/instant.h"

/* Names are the program's own and need no escape. */
static void begin(struct buffer *out, const char *name)
{
    char before = out->size ? out->at[out->size - 1] : '{';

    if (before != '{' && before != '[' && before != ':')
        buffer_add(out, SPAN(","));
    if (!name)
        return;
    buffer_add(out, SPAN("\""));
    buffer_add_text(out, name);
    buffer_add(out, SPAN("\":"));
}

void write_object(struct buffer *out, const char *name)
{
    begin(out, name);
    buffer_add(out, SPAN("{"));
}

void write_object_end(struct buffer *out)
{
    buffer_add(out, SPAN("}"));
}

void write_array(struct buffer *out, const char *name)
{
    begin(out, name);
    buffer_add(out, SPAN("["));
}

void write_array_end(struct buffer *out)
{
    buffer_add(out, SPAN("]"));
}

void write_text(struct buffer *out, const char *name, struct span text)
{
    begin(out, name);
    buffer_add_json(out, text);
}

void write_integer(struct buffer *out, const char *name, int64_t number)
{
    begin(out, name);
    buffer_print(out, "%lld", (long long)number);
}

void write_decimal(struct buffer *out, const char *name, int64_t scaled, int decimals)
{
    int64_t scale = 1;

    CHECK(scaled >= 0 && decimals >= 0 && decimals <= 18);
    while (decimals > 0 && scaled % 10 == 0) {
        scaled /= 10;
        decimals--;
    }
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    write_integer(out, name, scaled / scale);
    if (decimals > 0)
        buffer_print(out, ".%0*lld", decimals, (long long)(scaled % scale));
}

void write_flag(struct buffer *out, const char *name, bool flag)
{
    write_raw(out, name, flag ? SPAN("true") : SPAN("false"));
}

void write_null(struct buffer *out, const char *name)
{
    write_raw(out, name, SPAN("null"));
}

void write_raw(struct buffer *out, const char *name, struct span json)
{
    begin(out, name);
    buffer_add(out, json);
}

void write_instant(struct buffer *out, const char *name, int64_t ms)
{
    char text[INSTANT_ROOM];

    write_text(out, name, instant_print(ms, text));
}
