/* SPDX-License-Identifier: MIT */
#include "tests/api/player/match.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"

enum { PATH_ROOM = 512 };

struct match {
    struct buffer *differences;
    bool is_quiet; /* only asked whether */
};

static bool compare(struct match *m, const char *path, const json_t *wanted, const json_t *got);

static void add_value(struct buffer *to, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    buffer_add_text(to, text ? text : "nothing");
    free(text);
}

static bool differ(struct match *m, const char *path, const json_t *wanted, const json_t *got)
{
    if (m->is_quiet)
        return false;
    buffer_print(m->differences, "#   %s: expected ", *path ? path : "the body");
    add_value(m->differences, wanted);
    buffer_add_text(m->differences, ", got ");
    add_value(m->differences, got);
    buffer_add_text(m->differences, "\n");
    return false;
}

/* ---- rules ---- */

static bool is_like(const char *text, const char *pattern)
{
    regex_t regex;

    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        printf("# not a regular expression: %s\n", pattern);
        return false;
    }
    bool is = text && regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return is;
}

/* Of a number itself, else how many items, members or bytes. */
static double size_of(const json_t *got)
{
    if (json_is_number(got))
        return json_number_value(got);
    if (json_is_array(got))
        return (double)json_array_size(got);
    return json_is_object(got) ? (double)json_object_size(got) : (double)json_string_length(got);
}

static bool rule_any(const json_t *got, const char *argument)
{
    (void)argument;
    return got != NULL;
}

static bool rule_absent(const json_t *got, const char *argument)
{
    (void)argument;
    return got == NULL;
}

static bool rule_text(const json_t *got, const char *argument)
{
    (void)argument;
    return json_is_string(got);
}

static bool rule_number(const json_t *got, const char *argument)
{
    (void)argument;
    return json_is_number(got);
}

static bool rule_array(const json_t *got, const char *argument)
{
    (void)argument;
    return json_is_array(got);
}

static bool rule_object(const json_t *got, const char *argument)
{
    (void)argument;
    return json_is_object(got);
}

static bool rule_instant(const json_t *got, const char *argument)
{
    (void)argument;
    return is_like(json_string_value(got), "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:"
                                           "[0-5][0-9](\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$");
}

static bool rule_regex(const json_t *got, const char *argument)
{
    return is_like(json_string_value(got), argument);
}

static bool rule_contains(const json_t *got, const char *argument)
{
    return json_is_string(got) && strstr(json_string_value(got), argument);
}

static bool rule_length(const json_t *got, const char *argument)
{
    return got && !json_is_number(got) && size_of(got) == atof(argument);
}

static bool rule_least(const json_t *got, const char *argument)
{
    return got && size_of(got) >= atof(argument);
}

static bool rule_most(const json_t *got, const char *argument)
{
    return got && size_of(got) <= atof(argument);
}

static bool rule_not(const json_t *got, const char *argument)
{
    return got && !(json_is_string(got) && strcmp(json_string_value(got), argument) == 0);
}

static const struct {
    const char *name;
    bool (*is_kept)(const json_t *got, const char *argument);
} RULES[] = {
    {"any", rule_any},         {"absent", rule_absent},  {"text", rule_text},
    {"number", rule_number},   {"array", rule_array},    {"object", rule_object},
    {"instant", rule_instant}, {"regex", rule_regex},    {"contains", rule_contains},
    {"length", rule_length},   {"at least", rule_least}, {"at most", rule_most},
    {"not", rule_not},
};

/* 1 kept, 0 broken, -1 the text is no rule: "<any>", "<length: 3>". */
static int rule_try(const char *text, const json_t *got)
{
    size_t size = strlen(text);
    char argument[PATH_ROOM];

    if (size < 3 || text[0] != '<' || text[size - 1] != '>')
        return -1;
    for (size_t i = 0; i < COUNT_OF(RULES); i++) {
        size_t length = strlen(RULES[i].name);
        const char *rest = text + 1 + length;
        if (strncmp(text + 1, RULES[i].name, length) != 0 || (*rest != ':' && *rest != '>'))
            continue;
        rest += *rest == ':';
        rest += *rest == ' ';
        snprintf(argument, sizeof argument, "%.*s", (int)(text + size - 1 - rest), rest);
        return RULES[i].is_kept(got, argument);
    }
    return -1;
}

/* ---- the walk ---- */

static bool compare_members(struct match *m, const char *path, const json_t *wanted,
                            const json_t *got)
{
    bool is_same = true;
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)(uintptr_t)wanted, name, value) {
        char inner[PATH_ROOM];
        snprintf(inner, sizeof inner, "%s/%s", path, name);
        if (strcmp(name, "<only>") != 0)
            is_same &= compare(m, inner, value, json_object_get(got, name));
        else if (json_object_size(got) != json_object_size(wanted) - 1)
            is_same = differ(m, path, wanted, got);
    }
    return is_same;
}

/* ["<contains>", a, b]: each of them matches some item. */
static bool compare_some(struct match *m, const char *path, const json_t *wanted, const json_t *got)
{
    struct match quiet = {.is_quiet = true};
    bool is_same = true;

    for (size_t i = 1; i < json_array_size(wanted); i++) {
        bool is_found = false;
        for (size_t j = 0; j < json_array_size(got) && !is_found; j++)
            is_found = compare(&quiet, "", json_array_get(wanted, i), json_array_get(got, j));
        if (!is_found)
            is_same = differ(m, path, json_array_get(wanted, i), got);
    }
    return is_same;
}

static bool compare_items(struct match *m, const char *path, const json_t *wanted,
                          const json_t *got)
{
    const char *first = json_string_value(json_array_get(wanted, 0));
    bool is_same = true;

    if (first && strcmp(first, "<contains>") == 0)
        return compare_some(m, path, wanted, got);
    if (json_array_size(wanted) != json_array_size(got))
        return differ(m, path, wanted, got);
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        char inner[PATH_ROOM];
        snprintf(inner, sizeof inner, "%s/%zu", path, i);
        is_same &= compare(m, inner, json_array_get(wanted, i), json_array_get(got, i));
    }
    return is_same;
}

static bool compare(struct match *m, const char *path, const json_t *wanted, const json_t *got)
{
    int rule = json_is_string(wanted) ? rule_try(json_string_value(wanted), got) : -1;

    if (rule >= 0)
        return rule || differ(m, path, wanted, got);
    if (json_is_object(wanted) && json_is_object(got))
        return compare_members(m, path, wanted, got);
    if (json_is_array(wanted) && json_is_array(got))
        return compare_items(m, path, wanted, got);
    if (json_is_number(wanted) && json_is_number(got))
        return json_number_value(wanted) == json_number_value(got) || differ(m, path, wanted, got);
    return (got && json_equal(wanted, got)) || differ(m, path, wanted, got);
}

bool match_json(const json_t *wanted, const json_t *got, struct buffer *differences)
{
    struct match match = {.differences = differences};

    return compare(&match, "", wanted, got);
}

bool match_text(const char *name, const char *wanted, const char *got, struct buffer *differences)
{
    struct match match = {.differences = differences};
    json_t *wanted_json = json_string(wanted), *got_json = got ? json_string(got) : NULL;
    bool is_same = compare(&match, name, wanted_json, got_json);

    json_decref(wanted_json);
    json_decref(got_json);
    return is_same;
}

/* One part of a pointer with ~1 and ~0 undone. */
static void part_copy(struct span part, char *to, size_t room)
{
    size_t size = 0;

    for (size_t i = 0; i < part.size && size < room - 1; i++) {
        bool is_escape = part.at[i] == '~' && i + 1 < part.size;
        to[size++] = !is_escape ? part.at[i] : part.at[++i] == '1' ? '/' : '~';
    }
    to[size] = '\0';
}

json_t *json_at(json_t *json, const char *pointer)
{
    struct span rest = span_of(pointer);
    char name[PATH_ROOM];

    span_take(&rest, '/');
    while (json && rest.size) {
        part_copy(span_take(&rest, '/'), name, sizeof name);
        json = json_is_array(json) ? json_array_get(json, (size_t)strtoul(name, NULL, 10))
                                   : json_object_get(json, name);
    }
    return json;
}
