/* SPDX-License-Identifier: MIT */
#include "services/gated/board_event.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/json/write.h"

enum { MASK_HEAD = 3, MASK_TAIL = 2, NUMBER_SIZE = 4 };

static bool is_begin(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80; /* of a UTF-8 character */
}

/* The first count characters of s; of all of it when it is shorter. */
static struct span head_of(struct span s, int count)
{
    size_t size = 0;

    while (size < s.size && (count > 0 || !is_begin(s.at[size])))
        count -= is_begin(s.at[size++]);
    return (struct span){s.at, size};
}

static struct span tail_of(struct span s, int count)
{
    size_t from = s.size;

    while (from > 0 && count > 0)
        count -= is_begin(s.at[--from]);
    return (struct span){s.at + from, s.size - from};
}

void plate_mask(struct span plate, struct buffer *out)
{
    buffer_add(out, head_of(plate, MASK_HEAD));
    buffer_add(out, SPAN("-***."));
    buffer_add(out, tail_of(plate, MASK_TAIL));
}

static struct span text_of(const json_t *object, const char *name)
{
    return span_of(json_string_value(json_object_get(object, name)));
}

static void copy(const json_t *object, const char *name, const char *as, struct buffer *out)
{
    const json_t *value = json_object_get(object, name);

    if (!value)
        return;
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    CHECK(text);
    write_raw(out, as, span_of(text));
    free(text);
}

static void write_who(const json_t *body, const json_t *adds, struct buffer *out)
{
    struct span plate = text_of(adds, "plate"), crossing = text_of(body, "crossing");
    struct buffer masked = {0};

    plate_mask(plate, &masked);
    if (plate.size)
        write_text(out, "plate", buffer_span(&masked));
    buffer_free(&masked);
    write_text(out, "number", tail_of(crossing, NUMBER_SIZE));
}

static void write_called(const json_t *body, const json_t *adds, struct buffer *out)
{
    write_who(body, adds, out);
    copy(body, "lane", "lane", out);
    copy(body, "direction", "direction", out);
    copy(body, "class", "class", out);
    copy(body, "state", "state", out);
    copy(body, "at", "called_at", out);
    copy(body, "overtake", "overtake", out);
}

static void write_exited(const json_t *body, const json_t *adds, struct buffer *out)
{
    write_who(body, adds, out);
    copy(body, "at", "at", out);
}

static void write_lane(const json_t *body, bool is_open, struct buffer *out)
{
    copy(body, "lane", "lane", out);
    copy(body, "route", "route", out);
    copy(body, "directions", "directions", out);
    copy(body, "classes", "classes", out);
    write_flag(out, "open", is_open);
}

static void write_entry(const json_t *entry, struct buffer *out)
{
    static const char *const COPIED[] = {"route", "direction", "mode", "cause", "reason"};

    write_object(out, NULL);
    for (size_t i = 0; i < COUNT_OF(COPIED); i++)
        copy(entry, COPIED[i], COPIED[i], out);
    write_instant(out, "from", json_integer_value(json_object_get(entry, "from_ms")));
    write_instant(out, "to", json_integer_value(json_object_get(entry, "to_ms")));
    write_object_end(out);
}

static void write_calendar(const json_t *body, struct buffer *out)
{
    size_t i;
    json_t *entry;

    copy(body, "at", "at", out);
    write_array(out, "entries");
    json_array_foreach (json_object_get(body, "entries"), i, entry)
        write_entry(entry, out);
    write_array_end(out);
}

static bool is_exit(const char *type, const json_t *body)
{
    return !strcmp(type, "step") && span_is(text_of(body, "step"), "exit") &&
           span_is(text_of(body, "result"), "pass");
}

static const char *name_of(const char *type, const json_t *body)
{
    if (is_exit(type, body))
        return "exited";
    if (!strcmp(type, "lane_open") || !strcmp(type, "lane_close"))
        return "lane";
    return !strcmp(type, "called") || !strcmp(type, "calendar") ? type : NULL;
}

void board_event_write(const char *type, const json_t *body, const json_t *adds,
                       struct buffer *name, struct buffer *object)
{
    const char *said = name_of(type, body);

    if (!said)
        return;
    buffer_add_text(name, said);
    write_object(object, NULL);
    if (!strcmp(said, "called"))
        write_called(body, adds, object);
    else if (!strcmp(said, "exited"))
        write_exited(body, adds, object);
    else if (!strcmp(said, "lane"))
        write_lane(body, !strcmp(type, "lane_open"), object);
    else
        write_calendar(body, object);
    write_object_end(object);
}
