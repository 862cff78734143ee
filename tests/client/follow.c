/* SPDX-License-Identifier: MIT */
#include "tests/client/follow.h"

#include <stdio.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/client/caller.h"

enum {
    LOOK_MS = 100,
    BEGIN_MS = 10000,
    CATCH_UP_MS = 15000,
    QUIET_US = 500000,
    AGAIN_US = 20000,
    SHOWN_MAX = 5,
};

/* --- the thread ------------------------------------------------------------------------------ */

static bool open_stream(struct follow *f)
{
    char path[256], headers[256];

    snprintf(path, sizeof path, "/v1/stream%s%s", *f->query ? "?" : "", f->query);
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", f->key);
    const char *url = f->other_url && f->connections % 2 ? f->other_url : f->url;
    if (sse_open(&f->sse, url, path, headers) != 200)
        return false;
    f->connections++;
    return true;
}

static void note_begin(struct follow *f)
{
    if (f->is_begun || !f->sse.last_id.size)
        return;
    snprintf(f->first_id, sizeof f->first_id, "%.*s", SPAN_ARG(buffer_span(&f->sse.last_id)));
    f->is_begun = true;
}

static void keep(struct follow *f, struct sse_event *event)
{
    json_t *item = json_loadb(event->data.at, event->data.size, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(item, "type"));

    if (!type || !span_is(buffer_span(&event->name), type))
        printf("# %s: an event that is none: %.*s\n", f->name, SPAN_ARG(buffer_span(&event->data)));
    json_array_append_new(f->items, item ? item : json_null());
    sse_event_free(event);
    f->count++;
}

/* One connection, to its end. */
static void read_stream(struct follow *f)
{
    enum wire_result result = WIRE_SILENT;
    struct sse_event event;
    int taken = 0;

    while (!f->is_ending && (result == WIRE_SILENT || result == WIRE_ANSWER)) {
        result = sse_next(&f->sse, &event, LOOK_MS);
        note_begin(f);
        if (result != WIRE_ANSWER)
            continue;
        keep(f, &event);
        if (f->leaves_after && ++taken >= f->leaves_after)
            break;
    }
    sse_close(&f->sse);
}

static void *run(void *context)
{
    struct follow *f = context;

    while (!f->is_ending) {
        if (open_stream(f))
            read_stream(f);
        else
            usleep(AGAIN_US);
    }
    return NULL;
}

bool follow_start(struct follow *f)
{
    int64_t until_ms = clock_steady_ms() + BEGIN_MS;

    f->items = json_array();
    CHECK(pthread_create(&f->thread, NULL, run, f) == 0);
    while (!f->is_begun && clock_steady_ms() < until_ms)
        usleep(AGAIN_US);
    return f->is_begun;
}

/* --- the comparison -------------------------------------------------------------------------- */

/* All items behind the cursor, by pages. */
static json_t *pull(const struct follow *f)
{
    json_t *items = json_array(), *page;
    struct caller caller;
    char path[5000], after[4096];
    bool has_more = true;

    caller_init(&caller, f->url, f->key);
    snprintf(after, sizeof after, "%s", f->first_id);
    while (has_more) {
        snprintf(path, sizeof path, "/v1/events?limit=100&after=%s%s%s", after,
                 *f->query ? "&" : "", f->query);
        if (caller_insist(&caller, "GET", path, NULL, NULL, &page) != 200)
            break;
        json_array_extend(items, json_object_get(page, "items"));
        snprintf(after, sizeof after, "%s", json_string_value(json_object_get(page, "next")));
        has_more = json_is_true(json_object_get(page, "has_more"));
        json_decref(page);
    }
    caller_close(&caller);
    return items;
}

static const char *id_of(const json_t *item)
{
    const char *id = json_string_value(json_object_get(item, "id"));

    return id ? id : "?";
}

static int differ(const struct follow *f, int *shown, const char *what, const json_t *item)
{
    if ((*shown)++ < SHOWN_MAX)
        printf("# %s: %s: %s\n", f->name, what, id_of(item));
    return 1;
}

/* Each item of the feed came once and the same; nothing else came. */
static int compare(const struct follow *f, json_t *feed)
{
    json_t *came = json_object(), *item;
    int differences = 0, shown = 0;
    size_t i;

    json_array_foreach (f->items, i, item) {
        if (json_object_get(came, id_of(item)))
            differences += differ(f, &shown, "came twice", item);
        json_object_set(came, id_of(item), item);
    }
    json_array_foreach (feed, i, item) {
        json_t *mine = json_object_get(came, id_of(item));
        if (!mine)
            differences += differ(f, &shown, "is missing", item);
        else if (!json_equal(mine, item))
            differences += differ(f, &shown, "is not the same", item);
        json_object_del(came, id_of(item));
    }
    const char *id;
    json_object_foreach (came, id, item)
        differences += differ(f, &shown, "is not in the feed", item);
    json_decref(came);
    return differences;
}

/* Within each ledger they came in their order. */
static int check_order(const struct follow *f)
{
    json_t *last = json_object(), *item;
    int differences = 0, shown = 0;
    size_t i;

    json_array_foreach (f->items, i, item) {
        const char *gate = json_string_value(json_object_get(item, "gate"));
        json_int_t seq = json_integer_value(json_object_get(item, "seq"));
        if (!gate || seq <= json_integer_value(json_object_get(last, gate)))
            differences += differ(f, &shown, "is out of order", item);
        if (gate)
            json_object_set_new(last, gate, json_integer(seq));
    }
    json_decref(last);
    return differences;
}

int follow_end(struct follow *f)
{
    int64_t until_ms = clock_steady_ms() + CATCH_UP_MS;
    json_t *feed = pull(f);

    while ((size_t)f->count < json_array_size(feed) && clock_steady_ms() < until_ms)
        usleep(AGAIN_US);
    usleep(QUIET_US);
    f->is_ending = true;
    pthread_join(f->thread, NULL);
    int differences = compare(f, feed) + check_order(f);
    printf("# %s: %d events, %zu in the feed, %d connections\n", f->name, f->count,
           json_array_size(feed), f->connections);
    json_decref(feed);
    return differences;
}

void follow_free(struct follow *f)
{
    json_decref(f->items);
    sse_free(&f->sse);
}
