/* SPDX-License-Identifier: MIT */
#include "services/gated/scan_form.h"

#include "common/json/read.h"

enum { GATE_MAX = 8, DEVICE_MAX = 64, LANE_MAX = 99, CODE_MAX = 1024, TYPED_MAX = 64 };

static struct span read_plate(struct object *body, const char *name, enum plate_kind kind,
                              struct arena *arena)
{
    struct plate plate;
    char vin[VIN_SIZE + 1];
    struct span typed;

    if (!read_text(body, name, OPTIONAL, TYPED_MAX, &typed))
        return (struct span){0};
    if (kind == PLATE_ANY && vin_read(typed, vin) == MESSAGE_NONE)
        return arena_copy(arena, span_of(vin)); /* no plate is as long */
    enum message wrong = plate_read(typed, NATIONALITY_ANY, kind, &plate);
    if (wrong == MESSAGE_NONE)
        return arena_copy(arena, plate_span(&plate));
    object_fail(body, name, wrong);
    return (struct span){0};
}

static void read_number(struct object *body, struct span typed, struct scan *scan)
{
    scan_read(typed, scan);
    if (scan->kind != SCAN_CROSSING && scan->kind != SCAN_DECLARATION)
        object_fail(body, "number", MESSAGE_CROSSING_FORMAT);
}

/* Decides what is looked for. */
static void read_target(struct object *body, struct arena *arena, struct scan_form *form)
{
    struct span typed;

    form->plate = read_plate(body, "plate", PLATE_ANY, arena);
    form->trailer_plate = read_plate(body, "trailer_plate", PLATE_TRAILER, arena);
    if (object_has(body, "code") && object_has(body, "number"))
        object_fail(body, "number", MESSAGE_ONE_OF);
    if (read_text(body, "code", OPTIONAL, CODE_MAX, &typed))
        scan_read(typed, &form->scan);
    else if (read_text(body, "number", OPTIONAL, TYPED_MAX, &typed))
        read_number(body, typed, &form->scan);
    else if (form->plate.size)
        scan_read(form->plate, &form->scan);
    else if (!object_has(body, "code") && !object_has(body, "number") && !object_has(body, "plate"))
        object_fail(body, "code", MESSAGE_ONE_OF);
}

enum fault scan_form_read(struct span body, struct arena *arena, struct scan_form *form)
{
    struct object object;

    *form = (struct scan_form){
        .occurred_ms = -1, .scan = {.kind = SCAN_UNREADABLE}, .failures = failures_new(arena)};
    TRY(body_open(body, &form->failures, &object));
    read_target(&object, arena, form);
    read_code(&object, "gate", OPTIONAL, GATE_MAX, &form->gate);
    read_integer(&object, "lane", OPTIONAL, 1, LANE_MAX, &form->lane);
    read_instant(&object, "occurred_at", OPTIONAL, &form->occurred_ms);
    read_code(&object, "device", OPTIONAL, DEVICE_MAX, &form->device);
    object_close(&object);
    return failures_fault(&form->failures);
}
