/* SPDX-License-Identifier: MIT */
#include "services/gated/args.h"

#include "common/form/instant.h"
#include "common/form/taxcode.h"
#include "common/json/write.h"
#include "services/gated/ask.h"

enum { LIST_MAX = 16, LIST_ITEM_MAX = 40, DATE_SIZE = 10, TAX_CODE_TYPED_MAX = 40 };

const char *const ARGS_DIRECTIONS[] = {"import", "export", NULL};
const char *const ARGS_CLASSES[] = {"perishable",  "frozen_live", "electronics", "general",
                                    "new_vehicle", "empty",       NULL};
const char *const ARGS_STAFF[] = {"officer", "system", "operator", "supervisor", "admin", NULL};
const char *const ARGS_AGENCIES[] = {"customs", "border_guard", "health", "plant", "animal",
                                     "licence", "centre",       "yard",   NULL};

bool args_choice(struct object *body, const char *name, enum presence presence,
                 const char *const *choices, struct buffer *args)
{
    int choice;

    if (!read_choice(body, name, presence, choices, &choice))
        return false;
    write_text(args, name, span_of(choices[choice]));
    return true;
}

bool args_text(struct object *body, const char *name, enum presence presence, size_t characters_max,
               struct buffer *args)
{
    struct span text;

    if (!read_text(body, name, presence, characters_max, &text))
        return false;
    write_text(args, name, text);
    return true;
}

bool args_note(struct object *body, const char *name, enum presence presence, size_t characters_max,
               struct buffer *args)
{
    struct span note;

    if (!read_note(body, name, presence, characters_max, &note))
        return false;
    write_text(args, name, note);
    return true;
}

bool args_code(struct object *body, const char *name, enum presence presence, size_t size_max,
               struct buffer *args)
{
    struct span code;

    if (!read_code(body, name, presence, size_max, &code))
        return false;
    write_text(args, name, code);
    return true;
}

bool args_number(struct object *body, const char *name, enum presence presence, int64_t minimum,
                 int64_t maximum, struct buffer *args)
{
    int64_t number;

    if (!read_integer(body, name, presence, minimum, maximum, &number))
        return false;
    write_integer(args, name, number);
    return true;
}

bool args_flag(struct object *body, const char *name, struct buffer *args)
{
    bool flag;

    if (!read_flag(body, name, OPTIONAL, &flag))
        return false;
    write_flag(args, name, flag);
    return true;
}

bool args_instant(struct object *body, const char *name, enum presence presence, const char *as,
                  struct buffer *args)
{
    int64_t ms;

    if (!read_instant(body, name, presence, &ms))
        return false;
    write_integer(args, as, ms);
    return true;
}

bool args_date(struct object *body, const char *name, struct buffer *args)
{
    struct span date;

    if (!read_text(body, name, REQUIRED, DATE_SIZE, &date))
        return false;
    enum message wrong = date_read(date);
    if (wrong == MESSAGE_NONE)
        write_text(args, name, date);
    else
        object_fail(body, name, wrong);
    return wrong == MESSAGE_NONE;
}

bool args_tax_code(struct object *body, enum presence presence, struct buffer *args)
{
    char code[TAXCODE_ROOM];
    struct span typed;

    if (!read_text(body, "tax_code", presence, TAX_CODE_TYPED_MAX, &typed))
        return false;
    enum message wrong = taxcode_read(typed, code);
    if (wrong == MESSAGE_NONE)
        write_text(args, "tax_code", span_of(code));
    else
        object_fail(body, "tax_code", wrong);
    return wrong == MESSAGE_NONE;
}

void args_holder(struct object *body, struct buffer *args)
{
    args_number(body, "principal", OPTIONAL, 1, INT32_MAX, args);
    args_tax_code(body, OPTIONAL, args);
    if (object_has(body, "principal") == object_has(body, "tax_code"))
        object_fail(body, "principal", MESSAGE_ONE_OF);
}

static bool is_repeated(const struct array *list, size_t index)
{
    const char *text = json_string_value(json_array_get(list->json, index));

    for (size_t i = 0; i < index; i++)
        if (span_is(span_of(text), json_string_value(json_array_get(list->json, i))))
            return true;
    return false;
}

static void copy_item(const struct array *list, size_t index, const char *const *choices,
                      struct buffer *args)
{
    struct span text;

    if (!array_text(list, index, LIST_ITEM_MAX, &text))
        return;
    while (*choices && !span_is(text, *choices))
        choices++;
    if (!*choices)
        failures_add(list->failures, array_pointer(list, index), MESSAGE_UNKNOWN_VALUE);
    else if (is_repeated(list, index))
        failures_add(list->failures, array_pointer(list, index), MESSAGE_DUPLICATE);
    else
        write_text(args, NULL, text);
}

bool args_list(struct object *body, const char *name, const char *const *choices,
               struct buffer *args)
{
    struct array list;

    if (!read_array(body, name, OPTIONAL, LIST_MAX, &list) || list.size == 0)
        return false;
    write_array(args, name);
    for (size_t i = 0; i < list.size; i++)
        copy_item(&list, i, choices, args);
    write_array_end(args);
    return true;
}

enum fault args_begin(struct request *r, struct object *body, struct buffer *args)
{
    struct span given = ask_body(r);

    TRY(body_open(given.size ? given : SPAN("{}"), &r->failures, body));
    write_object(args, NULL);
    return OK;
}

enum fault args_end(struct request *r, struct object *body, struct buffer *args, struct span *text)
{
    object_close(body);
    write_object_end(args);
    *text = ask_text(r, args);
    return failures_fault(&r->failures);
}

enum fault args_platform(struct request *r, struct object *body, struct buffer *args)
{
    TRY(ask_ledger(r, LEDGER_PLATFORM));
    return args_begin(r, body, args);
}

enum fault args_about(struct request *r, const char *what, struct object *body, struct buffer *args)
{
    uint64_t id;

    if (!span_to_number(request_parameter(r, "id"), INT32_MAX, &id))
        return FAULT_NOT_FOUND;
    TRY(args_platform(r, body, args));
    write_integer(args, what, (int64_t)id);
    args_note(body, "reason", OPTIONAL, ARGS_REASON_MAX, args);
    return OK;
}

enum fault args_write(struct request *r, const char *verb, struct object *body, struct buffer *args)
{
    struct span text;

    TRY(args_end(r, body, args, &text));
    return ask_write(r, LEDGER_PLATFORM, verb, text, NULL);
}
