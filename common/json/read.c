/* SPDX-License-Identifier: MIT */
#include "common/json/read.h"

#include "common/form/instant.h"
#include "common/form/text.h"

/* --- the way to a value ----------------------------------------------------------------------- */

static void write_token(struct buffer *out, const char *name)
{
    buffer_add(out, SPAN("/"));
    for (const char *c = name; *c; c++) {
        if (*c == '~' || *c == '/')
            buffer_add_text(out, *c == '~' ? "~0" : "~1");
        else
            buffer_add(out, (struct span){c, 1});
    }
}

static void write_place(struct buffer *out, const struct place *place)
{
    if (!place->parent)
        return;
    write_place(out, place->parent);
    if (place->name)
        write_token(out, place->name);
    else
        buffer_print(out, "/%zu", place->index);
}

static struct span pointer_of(struct arena *arena, const struct place *place, const char *name)
{
    struct buffer text = {0};

    write_place(&text, place);
    if (name)
        write_token(&text, name);
    struct span pointer = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return pointer;
}

struct span object_pointer(const struct object *object, const char *name)
{
    return pointer_of(object->failures->arena, &object->place, name);
}

struct span array_pointer(const struct array *array, size_t index)
{
    struct place item = {.parent = &array->place, .index = index};

    return pointer_of(array->failures->arena, &item, NULL);
}

void object_fail(const struct object *object, const char *name, enum message code)
{
    failures_add(object->failures, object_pointer(object, name), code);
}

/* --- members ---------------------------------------------------------------------------------- */

/* NULL when it is not there; JSON null is returned as such. */
static json_t *ask(struct object *object, const char *name)
{
    json_t *value = json_object_get(object->json, name);

    for (size_t i = 0; i < object->asked_count; i++)
        if (!strcmp(object->asked[i], name))
            return value;
    CHECK(object->asked_count < OBJECT_MEMBERS_MAX);
    object->asked[object->asked_count++] = name;
    object->found_count += value != NULL;
    return value;
}

/* NULL when the member is absent, null or of another type; says so when that is a failure. */
static json_t *ask_typed(struct object *object, const char *name, enum presence presence,
                         json_type type)
{
    json_t *value = ask(object, name);

    if (!value || json_is_null(value)) {
        if (presence == REQUIRED)
            object_fail(object, name, MESSAGE_REQUIRED);
        return NULL;
    }
    if (json_typeof(value) != type) {
        object_fail(object, name, MESSAGE_WRONG_TYPE);
        return NULL;
    }
    return value;
}

static struct span text_of(const json_t *value)
{
    return (struct span){.at = json_string_value(value), .size = json_string_length(value)};
}

bool object_has(struct object *object, const char *name)
{
    json_t *value = ask(object, name);

    if (json_is_string(value))
        return text_trim(text_of(value)).size > 0;
    return value && !json_is_null(value);
}

bool object_has_null(struct object *object, const char *name)
{
    json_t *value = ask(object, name);

    return value && json_is_null(value);
}

static bool was_asked(const struct object *object, const char *name)
{
    for (size_t i = 0; i < object->asked_count; i++)
        if (!strcmp(object->asked[i], name))
            return true;
    return false;
}

void object_close(struct object *object)
{
    const char *name;
    json_t *value;

    if (object->found_count == json_object_size(object->json))
        return;
    json_object_foreach (object->json, name, value)
        if (!was_asked(object, name))
            object_fail(object, name, MESSAGE_UNKNOWN_FIELD);
}

/* --- texts ------------------------------------------------------------------------------------ */

/* False when it is absent, empty or wrong. */
static bool read_string(struct object *object, const char *name, enum presence presence,
                        enum text_kind kind, size_t characters_max, struct span *text)
{
    json_t *value = ask_typed(object, name, presence, JSON_STRING);
    struct span clean;

    if (!value)
        return false;
    enum message wrong = text_read(text_of(value), kind, characters_max, &clean);
    if (wrong == MESSAGE_NONE && clean.size == 0 && presence == REQUIRED)
        wrong = MESSAGE_REQUIRED;
    if (wrong == MESSAGE_TOO_LONG)
        failures_add_detail(object->failures, object_pointer(object, name), wrong, "max %zu",
                            characters_max);
    else if (wrong != MESSAGE_NONE)
        object_fail(object, name, wrong);
    if (wrong != MESSAGE_NONE || clean.size == 0)
        return false;
    *text = clean;
    return true;
}

bool read_text(struct object *object, const char *name, enum presence presence,
               size_t characters_max, struct span *text)
{
    return read_string(object, name, presence, TEXT_LINE, characters_max, text);
}

bool read_note(struct object *object, const char *name, enum presence presence,
               size_t characters_max, struct span *text)
{
    return read_string(object, name, presence, TEXT_NOTE, characters_max, text);
}

bool read_code(struct object *object, const char *name, enum presence presence, size_t size_max,
               struct span *code)
{
    struct span text;

    if (!read_text(object, name, presence, size_max, &text))
        return false;
    if (!text_is_code(text, size_max)) {
        object_fail(object, name, MESSAGE_CODE_FORMAT);
        return false;
    }
    *code = text;
    return true;
}

bool read_choice(struct object *object, const char *name, enum presence presence,
                 const char *const *choices, int *choice)
{
    json_t *value = ask_typed(object, name, presence, JSON_STRING);

    if (!value)
        return false;
    for (int i = 0; choices[i]; i++)
        if (span_is(text_of(value), choices[i])) {
            *choice = i;
            return true;
        }
    object_fail(object, name, MESSAGE_UNKNOWN_VALUE);
    return false;
}

bool read_instant(struct object *object, const char *name, enum presence presence, int64_t *ms)
{
    json_t *value = ask_typed(object, name, presence, JSON_STRING);

    if (!value)
        return false;
    enum message wrong = instant_read(text_of(value), ms);
    if (wrong != MESSAGE_NONE)
        object_fail(object, name, wrong);
    return wrong == MESSAGE_NONE;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static bool fail_range(const struct object *object, const char *name, int64_t minimum,
                       int64_t maximum)
{
    failures_add_detail(object->failures, object_pointer(object, name), MESSAGE_NUMBER_RANGE,
                        "%lld to %lld", (long long)minimum, (long long)maximum);
    return false;
}

bool read_integer(struct object *object, const char *name, enum presence presence, int64_t minimum,
                  int64_t maximum, int64_t *number)
{
    json_t *value = ask_typed(object, name, presence, JSON_INTEGER);

    if (!value)
        return false;
    json_int_t given = json_integer_value(value);
    if (given < minimum || given > maximum)
        return fail_range(object, name, minimum, maximum);
    *number = given;
    return true;
}

/* NULL, as with ask_typed, unless it is a number of either kind. */
static json_t *ask_number(struct object *object, const char *name, enum presence presence)
{
    json_t *value = ask(object, name);

    return ask_typed(object, name, presence, json_is_real(value) ? JSON_REAL : JSON_INTEGER);
}

bool read_decimal(struct object *object, const char *name, enum presence presence, int decimals,
                  int64_t maximum, int64_t *scaled)
{
    json_t *value = ask_number(object, name, presence);
    double scale = 1;

    if (!value)
        return false;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    CHECK((double)maximum * scale <= 0x1p53); /* beyond, a double skips whole numbers */
    double given = json_number_value(value);
    if (!(given >= 0) || given > (double)maximum)
        return fail_range(object, name, 0, maximum);
    int64_t whole = (int64_t)(given * scale + 0.5);
    double excess = given * scale - (double)whole;
    /* 0.1 is no binary fraction: so small an excess is how it is written, not what it is */
    if (excess > 1e-7 + 1e-15 * (double)whole || excess < -1e-7 - 1e-15 * (double)whole) {
        failures_add_detail(object->failures, object_pointer(object, name), MESSAGE_NUMBER_DECIMALS,
                            "max %d", decimals);
        return false;
    }
    *scaled = whole;
    return true;
}

bool read_flag(struct object *object, const char *name, enum presence presence, bool *flag)
{
    json_t *value = ask(object, name);

    value = ask_typed(object, name, presence, json_is_false(value) ? JSON_FALSE : JSON_TRUE);
    if (!value)
        return false;
    *flag = json_is_true(value);
    return true;
}

/* --- objects and arrays ----------------------------------------------------------------------- */

static void open_object(struct object *object, json_t *json, const struct place *parent,
                        const char *name, size_t index, struct failures *failures)
{
    object->place = (struct place){.parent = parent, .name = name, .index = index};
    object->json = json;
    object->failures = failures;
    object->asked_count = object->found_count = 0;
}

bool read_object(struct object *object, const char *name, enum presence presence,
                 struct object *inner)
{
    json_t *value = ask_typed(object, name, presence, JSON_OBJECT);

    if (!value)
        return false;
    open_object(inner, value, &object->place, name, 0, object->failures);
    return true;
}

bool read_array(struct object *object, const char *name, enum presence presence, size_t items_max,
                struct array *array)
{
    json_t *value = ask_typed(object, name, presence, JSON_ARRAY);

    *array = (struct array){.place = {.parent = &object->place, .name = name},
                            .json = value,
                            .failures = object->failures};
    if (!value)
        return false;
    if (json_array_size(value) > items_max) {
        failures_add_detail(object->failures, object_pointer(object, name), MESSAGE_TOO_MANY,
                            "max %zu", items_max);
        return false;
    }
    if (json_array_size(value) == 0 && presence == REQUIRED) {
        object_fail(object, name, MESSAGE_TOO_FEW);
        return false;
    }
    array->size = json_array_size(value);
    return true;
}

bool array_object(const struct array *array, size_t index, struct object *item)
{
    json_t *value = json_array_get(array->json, index);

    CHECK(index < array->size);
    open_object(item, value, &array->place, NULL, index, array->failures);
    if (!json_is_object(value))
        object_fail(item, NULL, MESSAGE_WRONG_TYPE);
    return json_is_object(value);
}

bool array_text(const struct array *array, size_t index, size_t characters_max, struct span *text)
{
    const json_t *value = json_array_get(array->json, index);
    enum message wrong = MESSAGE_WRONG_TYPE;
    struct span clean = {0};

    CHECK(index < array->size);
    if (json_is_string(value))
        wrong = text_read(text_of(value), TEXT_LINE, characters_max, &clean);
    if (wrong == MESSAGE_NONE && clean.size == 0)
        wrong = MESSAGE_REQUIRED;
    if (wrong != MESSAGE_NONE) {
        failures_add(array->failures, array_pointer(array, index), wrong);
        return false;
    }
    *text = clean;
    return true;
}

/* --- the whole text --------------------------------------------------------------------------- */

static void release(void *json)
{
    json_decref(json);
}

/* Looks only at brackets and strings: whether it is JSON at all is the parser's business. */
static bool is_too_deep(struct span text)
{
    size_t depth = 0;
    bool is_string = false;

    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];
        if (is_string && byte == '\\')
            i++;
        else if (byte == '"')
            is_string = !is_string;
        else if (!is_string && (byte == '{' || byte == '[') && ++depth > BODY_DEPTH_MAX)
            return true;
        else if (!is_string && (byte == '}' || byte == ']') && depth > 0)
            depth--;
    }
    return false;
}

static enum message message_of_error(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return MESSAGE_JSON_TRUNCATED;
    case json_error_end_of_input_expected:
        return MESSAGE_JSON_TRAILING;
    case json_error_invalid_utf8:
        return MESSAGE_BAD_UTF8;
    case json_error_duplicate_key:
        return MESSAGE_JSON_DUPLICATE_MEMBER;
    case json_error_numeric_overflow:
        return MESSAGE_JSON_NUMBER_TOO_LARGE;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return MESSAGE_JSON_NUL;
    case json_error_stack_overflow:
        return MESSAGE_JSON_TOO_DEEP;
    default:
        return MESSAGE_JSON_SYNTAX;
    }
}

enum fault body_open(struct span text, struct failures *failures, struct object *body)
{
    json_error_t error;

    if (is_too_deep(text)) {
        failures_add_detail(failures, SPAN(""), MESSAGE_JSON_TOO_DEEP, "max %d", BODY_DEPTH_MAX);
        return FAULT_BAD_JSON;
    }
    json_t *json = json_loadb(text.size ? text.at : "", text.size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json) {
        failures_add_detail(failures, SPAN(""), message_of_error(&error), "line %d, column %d",
                            error.line, error.column);
        return FAULT_BAD_JSON;
    }
    arena_defer(failures->arena, release, json);
    open_object(body, json, NULL, NULL, 0, failures);
    if (!json_is_object(json)) {
        failures_add(failures, SPAN(""), MESSAGE_WRONG_TYPE);
        return FAULT_INVALID_FIELDS;
    }
    return OK;
}

void body_open_stored(struct span text, struct failures *failures, struct object *body)
{
    CHECK(body_open(text, failures, body) == OK);
}
