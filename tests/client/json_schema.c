/* SPDX-License-Identifier: MIT */
#include "tests/client/json_schema.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

enum { NAME_ROOM = 256, DEPTH_MAX = 60 };

struct check {
    json_t *root;
    struct buffer *differences;
    int count;
    int depth;
};

/* Where in the value we are. */
struct spot {
    const struct spot *parent;
    const char *name; /* NULL: an item */
    size_t index;
};

static void print_spot(const struct spot *spot, struct buffer *out)
{
    if (!spot)
        return;
    print_spot(spot->parent, out);
    if (spot->name)
        buffer_print(out, "/%s", spot->name);
    else
        buffer_print(out, "/%zu", spot->index);
}

static void differ(struct check *c, const struct spot *spot, const char *what, const char *detail)
{
    c->count++;
    buffer_add(c->differences, SPAN("at "));
    print_spot(spot, c->differences);
    buffer_print(c->differences, ": %s %s\n", what, detail ? detail : "");
}

json_t *schema_at(json_t *root, const char *pointer)
{
    char name[NAME_ROOM];
    json_t *at = root;

    if (*pointer == '#')
        pointer++;
    while (at && *pointer == '/') {
        size_t size = strcspn(++pointer, "/"), length = 0;
        for (size_t i = 0; i < size && length < NAME_ROOM - 1; i++) {
            bool is_escape = pointer[i] == '~' && i + 1 < size;
            name[length++] = !is_escape ? pointer[i] : pointer[i + 1] == '1' ? '/' : '~';
            i += is_escape;
        }
        name[length] = '\0';
        pointer += size;
        at = json_is_array(at) ? json_array_get(at, strtoul(name, NULL, 10))
                               : json_object_get(at, name);
    }
    return at;
}

static void check(struct check *c, const struct spot *spot, json_t *schema, json_t *value);

/* --- texts ----------------------------------------------------------------------------------- */

static bool text_fits(const char *text, const char *pattern)
{
    regex_t regex;

    CHECK(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0);
    bool is_match = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return is_match;
}

static bool format_fits(const char *text, const char *format)
{
    if (!strcmp(format, "date-time"))
        return text_fits(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
                               "(Z|[+-][0-9]{2}:[0-9]{2})$");
    if (!strcmp(format, "date"))
        return text_fits(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    return !strcmp(format, "uri-reference");
}

/* Characters, not bytes. */
static json_int_t text_length(const char *text)
{
    json_int_t count = 0;

    for (; *text; text++)
        count += (*text & 0xC0) != 0x80;
    return count;
}

static void check_text(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    const char *text = json_string_value(value);
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    const char *format = json_string_value(json_object_get(schema, "format"));
    json_t *least = json_object_get(schema, "minLength");
    json_t *most = json_object_get(schema, "maxLength");

    if (!text)
        return;
    if (pattern && !text_fits(text, pattern))
        differ(c, spot, "does not match", pattern);
    if (format && !format_fits(text, format))
        differ(c, spot, "is no", format);
    if (least && text_length(text) < json_integer_value(least))
        differ(c, spot, "is too short", text);
    if (most && text_length(text) > json_integer_value(most))
        differ(c, spot, "is too long", text);
}

static void check_number(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *least = json_object_get(schema, "minimum");
    json_t *most = json_object_get(schema, "maximum");

    if (!json_is_number(value))
        return;
    if (least && json_number_value(value) < json_number_value(least))
        differ(c, spot, "is below the minimum", NULL);
    if (most && json_number_value(value) > json_number_value(most))
        differ(c, spot, "is above the maximum", NULL);
}

/* --- types and values ------------------------------------------------------------------------ */

static bool is_of(json_t *value, const char *type)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return !strcmp(type, "object");
    case JSON_ARRAY:
        return !strcmp(type, "array");
    case JSON_STRING:
        return !strcmp(type, "string");
    case JSON_INTEGER:
        return !strcmp(type, "integer") || !strcmp(type, "number");
    case JSON_REAL:
        return !strcmp(type, "number");
    case JSON_TRUE:
    case JSON_FALSE:
        return !strcmp(type, "boolean");
    case JSON_NULL:
        return !strcmp(type, "null");
    }
    return false;
}

static void check_type(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *type = json_object_get(schema, "type"), *one;
    bool is_good = !type || (json_is_string(type) && is_of(value, json_string_value(type)));
    size_t i;

    if (json_is_array(type))
        json_array_foreach (type, i, one)
            is_good = is_good || is_of(value, json_string_value(one));
    if (!is_good)
        differ(c, spot, "has another type than", json_string_value(type));
}

static void check_choice(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *choices = json_object_get(schema, "enum"), *one;
    json_t *constant = json_object_get(schema, "const");
    bool is_good = !choices;
    size_t i;

    json_array_foreach (choices, i, one)
        is_good = is_good || json_equal(one, value);
    if (!is_good || (constant && !json_equal(constant, value)))
        differ(c, spot, "is none of the choices", json_string_value(value));
}

/* --- objects and arrays ---------------------------------------------------------------------- */

static void check_member(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *known = json_object_get(json_object_get(schema, "properties"), spot->name);
    json_t *others = json_object_get(schema, "additionalProperties");
    bool is_closed =
        others ? json_is_false(others)
               : json_object_get(schema, "properties") && !json_object_get(schema, "$ref");

    if (known)
        check(c, spot, known, value);
    else if (json_is_object(others))
        check(c, spot, others, value);
    else if (is_closed)
        differ(c, spot, "is not described", NULL);
}

static void check_object(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *required = json_object_get(schema, "required"), *one;
    json_t *least = json_object_get(schema, "minProperties");
    const char *name;
    size_t i;

    if (!json_is_object(value))
        return;
    json_array_foreach (required, i, one)
        if (!json_object_get(value, json_string_value(one)))
            differ(c, spot, "lacks", json_string_value(one));
    if (least && (json_int_t)json_object_size(value) < json_integer_value(least))
        differ(c, spot, "has too few members", NULL);
    json_object_foreach (value, name, one) {
        const struct spot inner = {.parent = spot, .name = name};
        check_member(c, &inner, schema, one);
    }
}

static void check_array(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *items = json_object_get(schema, "items"), *one;
    json_t *least = json_object_get(schema, "minItems"),
           *most = json_object_get(schema, "maxItems");
    size_t i;

    if (!json_is_array(value))
        return;
    if (least && (json_int_t)json_array_size(value) < json_integer_value(least))
        differ(c, spot, "has too few items", NULL);
    if (most && (json_int_t)json_array_size(value) > json_integer_value(most))
        differ(c, spot, "has too many items", NULL);
    if (items)
        json_array_foreach (value, i, one) {
            const struct spot inner = {.parent = spot, .index = i};
            check(c, &inner, items, one);
        }
}

/* --- all together ---------------------------------------------------------------------------- */

static void check_one_of(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    json_t *choices = json_object_get(schema, "oneOf"), *one;
    int fitting = 0;
    size_t i;

    if (!choices)
        return;
    json_array_foreach (choices, i, one) {
        struct buffer unused = {0};
        struct check inner = {.root = c->root, .differences = &unused, .depth = c->depth};
        check(&inner, spot, one, value);
        fitting += inner.count == 0;
        buffer_free(&unused);
    }
    if (fitting != 1)
        differ(c, spot, "is not as exactly one of the choices", NULL);
}

static void check_keywords(struct check *c, const struct spot *spot, json_t *schema)
{
    static const char *const KNOWN =
        " $ref type enum const properties required additionalProperties minProperties items "
        "minItems maxItems pattern minLength maxLength minimum maximum oneOf format description "
        "examples default ";
    char padded[NAME_ROOM];
    const char *name;
    json_t *value;

    json_object_foreach (schema, name, value) {
        snprintf(padded, sizeof padded, " %s ", name);
        if (!strstr(KNOWN, padded))
            differ(c, spot, "has a schema with an unknown keyword", name);
    }
}

static void check_reference(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    const char *pointer = json_string_value(json_object_get(schema, "$ref"));
    json_t *target = pointer ? schema_at(c->root, pointer) : NULL;

    if (target)
        check(c, spot, target, value);
    else if (pointer)
        differ(c, spot, "has a schema that does not exist:", pointer);
}

static void check(struct check *c, const struct spot *spot, json_t *schema, json_t *value)
{
    CHECK(c->depth < DEPTH_MAX);
    c->depth++;
    check_keywords(c, spot, schema);
    check_reference(c, spot, schema, value);
    check_type(c, spot, schema, value);
    check_choice(c, spot, schema, value);
    check_text(c, spot, schema, value);
    check_number(c, spot, schema, value);
    check_object(c, spot, schema, value);
    check_array(c, spot, schema, value);
    check_one_of(c, spot, schema, value);
    c->depth--;
}

bool schema_check(json_t *root, json_t *schema, json_t *value, struct buffer *differences)
{
    struct check c = {.root = root, .differences = differences};

    check(&c, NULL, schema, value);
    return c.count == 0;
}
