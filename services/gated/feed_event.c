/* SPDX-License-Identifier: MIT */
#include "services/gated/feed_event.h"

#include <stdlib.h>

#include "common/base/check.h"
#include "services/gated/board_event.h"

/* The texts of an event, in one block behind it. */
struct parts {
    struct buffer texts[6];
};

enum { TEXT_TYPE, TEXT_COMMON, TEXT_FIRMS, TEXT_OFFICERS, TEXT_BOARD_NAME, TEXT_BOARD };

static void write_inner(const json_t *object, struct buffer *out)
{
    char *text = json_dumps(object, JSON_COMPACT);

    CHECK(text);
    struct span all = span_of(text);
    buffer_add(out, (struct span){all.at + 1, all.size - 2});
    free(text);
}

/* The public part as a feed shows it: with the id and the gate, without what only the chain needs.
 */
static bool make_common(json_t *row, int64_t seq)
{
    json_t *body = json_object_get(row, "public");
    const char *code = json_string_value(json_object_get(body, "ledger"));

    if (!code)
        return false;
    json_object_set_new(body, "id", json_sprintf("%s-%lld", code, (long long)seq));
    json_object_set_new(body, "gate", json_string(code));
    json_object_set(body, "hash", json_object_get(row, "hash"));
    json_object_del(body, "ledger");
    json_object_del(body, "private");
    return true;
}

/* Members that two parts share are said once; what the later part says holds. */
static void remove_shared(json_t *from, json_t *later)
{
    const char *name;
    json_t *value;
    void *next;

    json_object_foreach_safe(later, next, name,
                             value) if (json_equal(json_object_get(from, name), value))
        json_object_del(later, name);
    else json_object_del(from, name);
}

static void place(struct feed_event *event, char **at, const struct buffer *text, struct span *span)
{
    if (text->size)
        memcpy(*at, text->at, text->size);
    *span = (struct span){*at, text->size};
    *at += text->size;
    event->size += text->size;
}

static struct feed_event *join(struct parts *parts)
{
    size_t size = sizeof(struct feed_event);

    for (size_t i = 0; i < COUNT_OF(parts->texts); i++)
        size += parts->texts[i].size;
    struct feed_event *event = malloc(size);
    CHECK(event);
    *event = (struct feed_event){.size = sizeof *event};
    char *at = (char *)(event + 1);
    place(event, &at, &parts->texts[TEXT_TYPE], &event->type);
    place(event, &at, &parts->texts[TEXT_COMMON], &event->common);
    place(event, &at, &parts->texts[TEXT_FIRMS], &event->firms);
    place(event, &at, &parts->texts[TEXT_OFFICERS], &event->officers);
    place(event, &at, &parts->texts[TEXT_BOARD_NAME], &event->board_name);
    place(event, &at, &parts->texts[TEXT_BOARD], &event->board);
    for (size_t i = 0; i < COUNT_OF(parts->texts); i++)
        buffer_free(&parts->texts[i]);
    return event;
}

struct feed_event *feed_event_read(json_t *row)
{
    json_t *body = json_object_get(row, "public");
    json_t *firms = json_object_get(row, "adds"), *officers = json_object_get(row, "adds_officer");
    const char *type = json_string_value(json_object_get(row, "type"));
    int64_t seq = json_integer_value(json_object_get(row, "seq"));
    struct parts parts = {0};

    if (!type || seq <= 0 || !json_is_object(firms) || !json_is_object(officers))
        return NULL;
    board_event_write(type, body, firms, &parts.texts[TEXT_BOARD_NAME], &parts.texts[TEXT_BOARD]);
    if (!make_common(row, seq))
        return NULL;
    remove_shared(body, firms);
    remove_shared(body, officers);
    buffer_add_text(&parts.texts[TEXT_TYPE], type);
    write_inner(body, &parts.texts[TEXT_COMMON]);
    write_inner(firms, &parts.texts[TEXT_FIRMS]);
    write_inner(officers, &parts.texts[TEXT_OFFICERS]);
    struct feed_event *event = join(&parts);
    event->seq = seq;
    event->firm = json_integer_value(json_object_get(row, "firm"));
    return event;
}

void feed_event_free(struct feed_event *event)
{
    free(event);
}

static void add_part(struct span part, struct buffer *out)
{
    if (!part.size)
        return;
    buffer_add(out, SPAN(","));
    buffer_add(out, part);
}

void feed_event_write(const struct feed_event *event, unsigned parts, struct buffer *out)
{
    buffer_add(out, SPAN("{"));
    buffer_add(out, event->common);
    if (parts & PART_FIRM)
        add_part(event->firms, out);
    if (parts & PART_OFFICER)
        add_part(event->officers, out);
    buffer_add(out, SPAN("}"));
}
