/* SPDX-License-Identifier: MIT */
#include "services/gated/swap_form.h"

#include "common/json/write.h"
#include "services/gated/declaration_sheet.h"

enum { REASON_MAX_CHARACTERS = 500 };

static const char *const NATIONALITIES[] = {"VN", "CN", NULL};

static void read_tractor(struct sheet *sheet, struct object *body, struct swap_form *form)
{
    enum nationality nationality = NATIONALITY_ANY;
    struct plate plate;
    int given;

    if (read_choice(body, "nationality", OPTIONAL, NATIONALITIES, &given))
        nationality = given == 0 ? NATIONALITY_VN : NATIONALITY_CN;
    if (!copy_plate(sheet, body, "plate", nationality, PLATE_TRUCK, &form->plate))
        return;
    CHECK(plate_read(form->plate, NATIONALITY_ANY, PLATE_TRUCK, &plate) == MESSAGE_NONE);
    write_text(&sheet->out, "nationality", span_of(nationality_code(plate.nationality)));
}

static void read_reason(struct sheet *sheet, struct object *body)
{
    struct span reason;

    if (read_note(body, "reason", REQUIRED, REASON_MAX_CHARACTERS, &reason))
        write_text(&sheet->out, "reason", reason);
}

enum fault swap_form_read(struct span body, struct arena *arena, struct swap_form *form)
{
    struct declaration_form lists = {.failures = failures_new(arena),
                                     .rule_failures = failures_new(arena),
                                     .warnings = failures_new(arena)};
    struct sheet sheet = {.form = &lists, .arena = arena, .is_whole = true};
    struct object object;

    *form = (struct swap_form){.failures = failures_new(arena), .warnings = failures_new(arena)};
    TRY(body_open(body, &form->failures, &object));
    write_object(&sheet.out, NULL);
    read_tractor(&sheet, &object, form);
    copy_driver(&sheet, &object, "driver", object_has(&object, "driver"));
    read_reason(&sheet, &object);
    write_object_end(&sheet.out);
    if (!object_has(&object, "driver") && !object_has(&object, "plate"))
        object_fail(&object, NULL, MESSAGE_NOTHING_GIVEN);
    object_close(&object);
    for (const struct failure *f = lists.rule_failures.first; f; f = f->next)
        failures_add(&form->failures, f->pointer, f->code); /* nothing of a swap can wait */
    form->warnings = lists.warnings;
    form->document = arena_copy(arena, buffer_span(&sheet.out));
    buffer_free(&sheet.out);
    return failures_fault(&form->failures);
}
