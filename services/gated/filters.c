/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "common/form/fold.h"
#include "common/form/instant.h"
#include "common/form/plate.h"
#include "common/json/write.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/event_types.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/server.h"

enum { PLATE_PART_MAX = 20 };

static const char *const DECLARATION_STATES[] = {"live",      "draft",     "ready", "in_progress",
                                                 "completed", "cancelled", NULL};
static const char *const CROSSING_STATES[] = {
    "draft",  "declared", "queued",      "called",   "at_gate", "in_yard",   "held",    "cleared",
    "exited", "returned", "turned_back", "rejected", "no_show", "cancelled", "expired", NULL};

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

static bool write_choice(struct buffer *out, const char *name, const char *value,
                         const char *const *choices)
{
    write_text(out, name, span_of(value));
    while (*choices && strcmp(*choices, value))
        choices++;
    return *choices != NULL;
}

/* Plates are stored in one writing. Part of one is folded likewise. */
static bool write_plate(struct buffer *out, const char *name, const char *value, bool is_whole)
{
    uint32_t codes[PLATE_PART_MAX];
    char text[PLATE_PART_MAX * 4];
    size_t count, size = 0;
    struct plate plate;

    if (is_whole &&
        plate_read(span_of(value), NATIONALITY_ANY, PLATE_TRUCK, &plate) == MESSAGE_NONE) {
        write_text(out, name, plate_span(&plate));
        return true;
    }
    if (!fold_codes(span_of(value), codes, PLATE_PART_MAX, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        size += utf8_put(codes[i], text + size);
    write_text(out, name, (struct span){text, size});
    return true;
}

static bool write_gate(const struct filtering *f, const char *name, const char *value)
{
    write_text(f->members, name, span_of(value));
    return gate_index_find(f->request->server->gates, span_of(value)) > 0;
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
    case FILTER_GATE:
        return write_gate(f, filter->name, value);
    case FILTER_PLATE:
        return write_plate(f->members, filter->name, value, true);
    case FILTER_PLATE_PART:
        return write_plate(f->members, filter->name, value, false);
    case FILTER_DECLARATION_STATE:
        return write_choice(f->members, filter->name, value, DECLARATION_STATES);
    case FILTER_CROSSING_STATE:
        return write_choice(f->members, filter->name, value, CROSSING_STATES);
    case FILTER_STAFF:
        return write_choice(f->members, filter->name, value, ARGS_STAFF);
    case FILTER_AGENCY:
        return write_choice(f->members, filter->name, value, ARGS_AGENCIES);
    case FILTER_EVENT_TYPES:
        write_text(f->members, filter->name, span_of(value));
        return event_types_are_known(span_of(value));
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
