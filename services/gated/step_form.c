/* SPDX-License-Identifier: MIT */
#include "services/gated/step_form.h"

#include "common/form/scan.h"
#include "common/json/read.h"

enum { CODE_MAX = 32, NONCE_MAX = 64, LANE_MAX = 99 };

static const char *const RESULTS[] = {"pass", "hold", "reject", NULL};
static const char *const CHANNELS[] = {"green", "yellow", "red", NULL};

static void form_init(struct step_form *form, struct arena *arena)
{
    *form = (struct step_form){.occurred_ms = -1, .failures = failures_new(arena)};
}

static void read_members(struct object *body, struct step_form *form)
{
    int result = 0, channel;

    read_code(body, "step", REQUIRED, CODE_MAX, &form->step);
    read_choice(body, "result", REQUIRED, RESULTS, &result);
    form->result = RESULTS[result];
    read_note(body, "note", OPTIONAL, STEP_NOTE_MAX, &form->note);
    if (read_choice(body, "channel", OPTIONAL, CHANNELS, &channel)) {
        form->channel = CHANNELS[channel];
        /* customs says the channel when it registers, and at no other step */
        if (!span_is(form->step, "registered") || !span_is(span_of(form->result), "pass"))
            object_fail(body, "channel", MESSAGE_CHANNEL_NOT_HERE);
    }
    read_integer(body, "lane", OPTIONAL, 1, LANE_MAX, &form->lane);
    read_instant(body, "occurred_at", OPTIONAL, &form->occurred_ms);
}

enum fault step_form_read(struct span body, struct arena *arena, struct step_form *form)
{
    struct object object;

    form_init(form, arena);
    TRY(body_open(body, &form->failures, &object));
    read_members(&object, form);
    read_flag(&object, "override", OPTIONAL, &form->is_override);
    object_close(&object);
    return failures_fault(&form->failures);
}

static void read_item(struct object *item, struct step_form *form)
{
    if (read_text(item, "crossing", REQUIRED, CODE_MAX, &form->crossing) &&
        !scan_is_crossing(form->crossing))
        object_fail(item, "crossing", MESSAGE_CROSSING_FORMAT);
    read_members(item, form);
    read_flag(item, "offline", OPTIONAL, &form->is_offline);
    read_code(item, "nonce", REQUIRED, NONCE_MAX, &form->nonce);
    if (form->is_offline && !object_has(item, "occurred_at"))
        object_fail(item, "occurred_at", MESSAGE_REQUIRED);
    object_close(item);
}

enum fault step_form_items(struct span body, struct arena *arena, struct failures *failures,
                           struct step_form **items, size_t *count)
{
    struct object object, item;
    struct array array;

    *failures = failures_new(arena);
    *count = 0;
    TRY(body_open(body, failures, &object));
    read_array(&object, "items", REQUIRED, STEP_ITEMS_MAX, &array);
    object_close(&object);
    TRY(failures_fault(failures));
    *count = array.size;
    *items = arena_alloc(arena, array.size * sizeof **items);
    for (size_t i = 0; i < array.size; i++) {
        form_init(&(*items)[i], arena);
        array.failures = &(*items)[i].failures;
        if (array_object(&array, i, &item))
            read_item(&item, &(*items)[i]);
    }
    return OK;
}
