/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "common/form/instant.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/http.h"

struct filtering {
    struct request *request;
    const struct filter *filters;
    size_t count;
    struct buffer *members;
};

static const struct filter *find(const struct filtering *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (!strcmp(f->filters[i].name, name))
            return &f->filters[i];
    return NULL;
}

static bool write_number(struct buffer *out, const char *name, const char *value, uint64_t minimum)
{
    uint64_t number;

    if (!span_to_number(span_of(value), INT32_MAX, &number) || number < minimum)
        return false;
    write_integer(out, name, (int64_t)number);
    return true;
}

static bool write_time(struct request *r, struct buffer *out, const char *name, const char *value)
{
    int64_t ms;

    if (instant_read(span_of(value), &ms) != MESSAGE_NONE)
        return false;
    write_integer(out, arena_print(r->arena, "%s_ms", name).at, ms);
    return true;
}

static bool write_bool(struct buffer *out, const char *name, const char *value)
{
    bool is_true = !strcmp(value, "true");

    write_flag(out, name, is_true);
    return is_true || !strcmp(value, "false");
}

static bool write_value(const struct filtering *f, const struct filter *filter, const char *value)
{
    switch (filter->kind) {
    case FILTER_NONE:
        return true;
    case FILTER_TEXT:
        write_text(f->members, filter->name, span_of(value));
        return true;
    case FILTER_DIRECTION:
        write_text(f->members, filter->name, span_of(value));
        return !strcmp(value, "import") || !strcmp(value, "export");
    case FILTER_NUMBER:
        return write_number(f->members, filter->name, value, 0);
    case FILTER_COUNT:
        return write_number(f->members, filter->name, value, 1);
    case FILTER_DATE:
        write_text(f->members, filter->name, span_of(value));
        return date_read(span_of(value)) == MESSAGE_NONE;
    case FILTER_INSTANT:
        return write_time(f->request, f->members, filter->name, value);
    case FILTER_FLAG:
        return write_bool(f->members, filter->name, value);
    }
    return false;
}

/* A query has no JSON pointer: its failures name the parameter. */
static bool visit(void *context, const char *name, const char *value)
{
    struct filtering *f = context;
    struct failures *failures = &f->request->failures;
    const struct filter *filter = find(f, name);

    if (!filter)
        failures_add(failures, span_of(name), MESSAGE_UNKNOWN_FIELD);
    else if (!write_value(f, filter, value))
        failures_add(failures, span_of(name), MESSAGE_UNKNOWN_VALUE);
    return true;
}

enum fault ask_filters(struct request *r, const struct filter *filters, size_t count,
                       struct buffer *members)
{
    struct filtering filtering = {r, filters, count, members};

    r->is_query_read = true;
    http_query_each(r->exchange, visit, &filtering);
    return r->failures.count ? FAULT_BAD_QUERY : OK;
}

enum fault ask_query_unread(struct request *r)
{
    return r->is_query_read ? OK : ask_filters(r, NULL, 0, NULL);
}

enum fault ask_list(struct request *r, const struct filter *filters, size_t count)
{
    struct buffer members = {0};
    enum fault fault = ask_filters(r, filters, count, &members);

    ask_read(r, ask_text(r, &members));
    return fault;
}
