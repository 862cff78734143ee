/* SPDX-License-Identifier: MIT */
#include "services/gated/declaration_sheet.h"

#include "common/json/write.h"

enum {
    NORMAL_ROOM = 96, /* longer than what any normalise() writes */
    TYPED_MAX = 64,   /* characters of a plate, number or code as typed */
};

bool sheet_knows(const struct names *names, struct span value)
{
    for (size_t i = 0; i < names->count; i++)
        if (span_is_equal(names->items[i], value))
            return true;
    return false;
}

static void names_add(struct arena *arena, struct names *names, struct span value)
{
    if (names->count == names->room) {
        size_t room = names->room ? names->room * 2 : 8;
        struct span *items = arena_alloc(arena, room * sizeof *items);
        if (names->count)
            memcpy(items, names->items, names->count * sizeof *items);
        names->items = items;
        names->room = room;
    }
    names->items[names->count++] = value;
}

void sheet_remember(struct sheet *sheet, struct names *names, struct span value,
                    const struct object *object, const char *name, enum message twice)
{
    if (sheet_knows(names, value))
        object_fail(object, name, twice);
    else
        names_add(sheet->arena, names, value);
}

void sheet_rule(struct sheet *sheet, const struct object *object, const char *name,
                enum message code)
{
    if (sheet->is_whole)
        failures_add(&sheet->form->rule_failures, object_pointer(object, name), code);
}

void sheet_warn(struct sheet *sheet, const struct object *object, const char *name,
                enum message code)
{
    if (sheet->is_whole)
        failures_add(&sheet->form->warnings, object_pointer(object, name), code);
}

bool copy_text(struct sheet *sheet, struct object *object, const char *name, size_t characters_max)
{
    struct span text;

    if (!read_text(object, name, OPTIONAL, characters_max, &text))
        return false;
    write_text(&sheet->out, name, text);
    return true;
}

bool copy_note(struct sheet *sheet, struct object *object, const char *name, size_t characters_max)
{
    struct span text;

    if (!read_note(object, name, OPTIONAL, characters_max, &text))
        return false;
    write_text(&sheet->out, name, text);
    return true;
}

bool copy_code(struct sheet *sheet, struct object *object, const char *name, size_t size_max)
{
    struct span code;

    if (!read_code(object, name, OPTIONAL, size_max, &code))
        return false;
    write_text(&sheet->out, name, code);
    return true;
}

bool copy_choice(struct sheet *sheet, struct object *object, const char *name,
                 const char *const *choices)
{
    int choice;

    if (!read_choice(object, name, OPTIONAL, choices, &choice))
        return false;
    write_text(&sheet->out, name, span_of(choices[choice]));
    return true;
}

bool copy_decimal(struct sheet *sheet, struct object *object, const char *name, int decimals,
                  int64_t maximum)
{
    int64_t scaled;

    if (!read_decimal(object, name, OPTIONAL, decimals, maximum, &scaled))
        return false;
    write_decimal(&sheet->out, name, scaled, decimals);
    return true;
}

bool copy_integer(struct sheet *sheet, struct object *object, const char *name, int64_t maximum)
{
    int64_t number;

    if (!read_integer(object, name, OPTIONAL, 0, maximum, &number))
        return false;
    write_integer(&sheet->out, name, number);
    return true;
}

bool copy_flag(struct sheet *sheet, struct object *object, const char *name)
{
    bool flag;

    if (!read_flag(object, name, OPTIONAL, &flag))
        return false;
    write_flag(&sheet->out, name, flag);
    return true;
}

bool copy_plate(struct sheet *sheet, struct object *object, const char *name,
                enum nationality nationality, enum plate_kind kind, struct span *value)
{
    struct plate plate;
    struct span typed;

    if (!read_text(object, name, OPTIONAL, TYPED_MAX, &typed))
        return false;
    enum message wrong = plate_read(typed, nationality, kind, &plate);
    if (wrong != MESSAGE_NONE) {
        object_fail(object, name, wrong);
        return false;
    }
    if (plate.is_province_assumed) /* said at once: the normalised plate no longer shows it */
        failures_add(&sheet->form->warnings, object_pointer(object, name),
                     MESSAGE_PLATE_PROVINCE_ASSUMED);
    *value = arena_copy(sheet->arena, plate_span(&plate));
    write_text(&sheet->out, name, *value);
    return true;
}

bool copy_normal(struct sheet *sheet, struct object *object, const char *name,
                 normaliser *normalise, struct span *value)
{
    char text[NORMAL_ROOM];
    struct span typed;

    if (!read_text(object, name, OPTIONAL, TYPED_MAX, &typed))
        return false;
    enum message wrong = normalise(typed, text);
    if (wrong != MESSAGE_NONE) {
        object_fail(object, name, wrong);
        return false;
    }
    write_text(&sheet->out, name, span_of(text));
    if (value)
        *value = arena_copy(sheet->arena, span_of(text));
    return true;
}

size_t copy_array(struct sheet *sheet, struct object *body, const char *name, size_t items_max,
                  void (*item)(struct sheet *sheet, struct object *object))
{
    struct array array;
    struct object object;
    bool is_there = read_array(body, name, OPTIONAL, items_max, &array);

    if (!is_there && !sheet->is_whole)
        return 0;
    write_array(&sheet->out, name);
    for (size_t i = 0; i < array.size; i++) {
        if (!array_object(&array, i, &object))
            continue;
        write_object(&sheet->out, NULL);
        item(sheet, &object);
        write_object_end(&sheet->out);
        object_close(&object);
    }
    write_array_end(&sheet->out);
    return array.size;
}
