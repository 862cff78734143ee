/* SPDX-License-Identifier: MIT */
#include "services/gated/declaration_form.h"

#include <stdlib.h>

#include "common/form/phone.h"
#include "common/form/taxcode.h"
#include "common/json/write.h"
#include "services/gated/declaration_sheet.h"

enum {
    GATE_MAX = 8,
    CODE_MAX = 32,
    NAME_MAX_CHARACTERS = 200,
    PLACE_MAX_CHARACTERS = 128,
    ADDRESS_MAX_CHARACTERS = 300,
    REFERENCE_MAX_CHARACTERS = 64,
    NOTE_MAX_CHARACTERS = 500,
};

static const int64_t INSTANT_MAX_MS = INT64_C(7258118400000); /* the year 2200 */

static const char *const REGIMES[] = {"ordinary", "temporary", "transit", "bonded", NULL};

/* --- the header ------------------------------------------------------------------------------- */

/* What a declaration is filed under and what can never be amended. */
static void read_identity(struct sheet *sheet, struct object *body)
{
    struct declaration_form *form = sheet->form;
    char code[TAXCODE_ROOM];
    struct span typed;
    int direction = DIRECTION_EXPORT;

    if (read_code(body, "gate", REQUIRED, GATE_MAX, &form->gate))
        write_text(&sheet->out, "gate", form->gate);
    if (read_choice(body, "direction", REQUIRED, DIRECTIONS, &direction))
        write_text(&sheet->out, "direction", span_of(DIRECTIONS[direction]));
    form->direction = (enum direction)direction;
    if (!read_text(body, "on_behalf_of", OPTIONAL, CODE_MAX, &typed))
        return;
    enum message wrong = taxcode_read(typed, code);
    if (wrong != MESSAGE_NONE)
        object_fail(body, "on_behalf_of", wrong);
    /* a wrong one is there, too, and not missing */
    form->on_behalf_of = arena_copy(sheet->arena, wrong ? typed : span_of(code));
}

static void read_planned_arrival(struct sheet *sheet, struct object *body)
{
    int64_t ms;
    bool is_there = sheet->is_stored
                        ? read_integer(body, "planned_arrival_ms", OPTIONAL, 0, INSTANT_MAX_MS, &ms)
                        : read_instant(body, "planned_arrival", OPTIONAL, &ms);

    if (is_there)
        write_integer(&sheet->out, "planned_arrival_ms", ms);
    else
        sheet_rule(sheet, body, "planned_arrival", MESSAGE_MISSING_PLANNED_ARRIVAL);
}

/* Who pays the fee; a Chinese payer has no Vietnamese tax code. */
static void read_payer(struct sheet *sheet, struct object *body, const char *name,
                       bool has_tax_code)
{
    struct object payer;

    if (!read_object(body, name, OPTIONAL, &payer))
        return;
    write_object(&sheet->out, name);
    copy_text(sheet, &payer, "name", NAME_MAX_CHARACTERS);
    if (has_tax_code)
        copy_normal(sheet, &payer, "tax_code", taxcode_read, NULL);
    copy_text(sheet, &payer, "address", ADDRESS_MAX_CHARACTERS);
    copy_normal(sheet, &payer, "phone", phone_read, NULL);
    write_object_end(&sheet->out);
    object_close(&payer);
}

static void read_members(struct sheet *sheet, struct object *body)
{
    copy_code(sheet, body, "route", CODE_MAX);
    read_planned_arrival(sheet, body);
    copy_normal(sheet, body, "border_guard_number", border_guard_number_read, NULL);
    copy_choice(sheet, body, "regime", REGIMES);
    copy_code(sheet, body, "yard", CODE_MAX);
    copy_text(sheet, body, "unloading_place", PLACE_MAX_CHARACTERS);
    read_payer(sheet, body, "fee_payer", true);
    read_payer(sheet, body, "fee_payer_cn", false);
    copy_text(sheet, body, "reference", REFERENCE_MAX_CHARACTERS);
    copy_note(sheet, body, "note", NOTE_MAX_CHARACTERS);
    vehicles_read(sheet, body);
    receiving_vehicles_read(sheet, body);
    customs_declarations_read(sheet, body);
    goods_read(sheet, body);
}

/* --- filing ----------------------------------------------------------------------------------- */

static void form_init(struct declaration_form *form, struct arena *arena)
{
    *form = (struct declaration_form){
        .failures = failures_new(arena),
        .rule_failures = failures_new(arena),
        .warnings = failures_new(arena),
    };
}

/* Ends the text and moves it into the arena. */
static struct span sheet_finish(struct sheet *sheet)
{
    write_object_end(&sheet->out);
    struct span text = arena_copy(sheet->arena, buffer_span(&sheet->out));
    buffer_free(&sheet->out);
    return text;
}

static void read_whole(struct object *body, bool is_stored, struct arena *arena,
                       struct declaration_form *form)
{
    struct sheet sheet = {.form = form, .arena = arena, .is_whole = true, .is_stored = is_stored};

    form->plate_count = 0;
    write_object(&sheet.out, NULL);
    read_identity(&sheet, body);
    read_members(&sheet, body);
    object_close(body);
    form->document = sheet_finish(&sheet);
}

enum fault declaration_form_file(struct span body, struct arena *arena,
                                 struct declaration_form *form)
{
    struct object object;

    form_init(form, arena);
    TRY(body_open(body, &form->failures, &object));
    read_whole(&object, false, arena, form);
    if (form->failures.count)
        form->document = (struct span){0};
    return failures_fault(&form->failures);
}

void declaration_form_rules(struct span stored, struct arena *arena, struct declaration_form *form)
{
    struct object object;

    form_init(form, arena);
    body_open_stored(stored, &form->failures, &object);
    read_whole(&object, true, arena, form);
}

/* --- amending --------------------------------------------------------------------------------- */

static void refuse_identity(struct object *body)
{
    static const char *const FIXED[] = {"gate", "direction", "on_behalf_of"};

    for (size_t i = 0; i < COUNT_OF(FIXED); i++)
        if (object_has(body, FIXED[i]) || object_has_null(body, FIXED[i]))
            object_fail(body, FIXED[i], MESSAGE_NOT_AMENDABLE);
}

/* Writes null for each member that the body removes. */
static void write_removals(struct sheet *sheet, struct object *body)
{
    static const char *const REMOVABLE[] = {
        "route",
        "border_guard_number",
        "regime",
        "yard",
        "unloading_place",
        "fee_payer",
        "fee_payer_cn",
        "reference",
        "note",
        "receiving_vehicles",
        "customs_declarations",
        "goods",
    };

    for (size_t i = 0; i < COUNT_OF(REMOVABLE); i++)
        if (object_has_null(body, REMOVABLE[i]))
            write_null(&sheet->out, REMOVABLE[i]);
    if (object_has_null(body, "planned_arrival"))
        write_null(&sheet->out, "planned_arrival_ms");
    if (object_has_null(body, "vehicles"))
        object_fail(body, "vehicles", MESSAGE_NOT_REMOVABLE);
}

/* The stored document with the members put over it, as text. */
static struct span merge(struct span stored, struct span members, struct arena *arena)
{
    json_t *whole = json_loadb(stored.at, stored.size, 0, NULL);
    json_t *change = json_loadb(members.at, members.size, 0, NULL);
    const char *name;
    json_t *value;

    CHECK(json_is_object(whole) && json_is_object(change));
    json_object_foreach (change, name, value) {
        if (json_is_null(value))
            json_object_del(whole, name);
        else
            CHECK(json_object_set(whole, name, value) == 0);
    }
    char *text = json_dumps(whole, JSON_COMPACT);
    CHECK(text);
    struct span merged = arena_copy(arena, span_of(text));
    free(text);
    json_decref(change);
    json_decref(whole);
    return merged;
}

static void read_change(struct object *body, struct arena *arena, struct declaration_form *form)
{
    struct sheet sheet = {.form = form, .arena = arena};

    if (json_object_size(body->json) == 0)
        object_fail(body, NULL, MESSAGE_NOTHING_GIVEN);
    write_object(&sheet.out, NULL);
    refuse_identity(body);
    read_members(&sheet, body);
    write_removals(&sheet, body);
    object_close(body);
    form->members = sheet_finish(&sheet);
}

enum fault declaration_form_amend(struct span body, struct span stored, struct arena *arena,
                                  struct declaration_form *form)
{
    struct object object, whole;
    struct declaration_form before;

    declaration_form_rules(stored, arena, &before);
    form_init(form, arena);
    form->direction = before.direction;
    TRY(body_open(body, &form->failures, &object));
    read_change(&object, arena, form);
    TRY(failures_fault(&form->failures));
    body_open_stored(merge(stored, form->members, arena), &form->failures, &whole);
    read_whole(&whole, true, arena, form);
    if (form->failures.count)
        form->document = (struct span){0};
    return failures_fault(&form->failures);
}
