/* SPDX-License-Identifier: MIT
 * procedure: which steps a crossing needs, and what must be done before each, in words.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/buffer.h"
#include "services/gatectl/platform.h"
#include "services/gatectl/state.h"
#include "services/gatectl/table.h"
#include "services/gatectl/verbs.h"

struct scope {
    const char *member;
    const char *words; /* before the name of the step */
};

static const struct scope SCOPES[] = {
    {"own", ""},
    {"any_receiving", "any receiving vehicle: "},
    {"all_receiving", "every receiving vehicle: "},
    {"any_main", "any main vehicle: "},
    {"every_main", "every main vehicle: "},
};

static void add_scope(struct buffer *text, const json_t *step, const struct scope *scope)
{
    const json_t *code;
    size_t index;

    json_array_foreach (json_object_get(step, scope->member), index, code) {
        if (text->size > 0)
            buffer_add_text(text, index > 0 ? ", " : "; ");
        if (index == 0)
            buffer_add_text(text, scope->words);
        buffer_add_text(text, json_string_value(code));
    }
}

/* What must be done before the step: "yard_in, fee_paid; any main vehicle: transshipped". */
static json_t *prerequisites(const json_t *step)
{
    struct buffer text = {0};

    for (size_t i = 0; i < COUNT_OF(SCOPES); i++)
        add_scope(&text, step, &SCOPES[i]);
    json_t *words = text.size > 0 ? json_stringn(text.at, text.size) : json_null();
    buffer_free(&text);
    return words;
}

static bool is_equal(const json_t *step, const char *member, const char *value)
{
    return !value || !strcmp(json_string_value(json_object_get(step, member)), value);
}

/* One table: the steps of a role in a direction. */
static void print_steps(const json_t *body, const char *role, const char *direction)
{
    static const struct column COLUMNS[] = {
        {"STEP", "step"},   {"AGENCY", "agency"}, {"NEEDED", "needed"},
        {"JOINS", "joins"}, {"AFTER", "after"},   {NULL, NULL},
    };
    json_t *rows = json_array();
    json_t *step;
    size_t index;

    json_array_foreach (json_object_get(body, "steps"), index, step) {
        if (!is_equal(step, "role", role) || !is_equal(step, "direction", direction))
            continue;
        json_object_set_new(step, "after", prerequisites(step));
        json_array_append(rows, step);
    }
    if (json_array_size(rows) > 0) {
        printf("\n%s, %s vehicle\n", direction, role);
        table_print(rows, COLUMNS);
    }
    json_decref(rows);
}

static enum exit_code show(struct call *call)
{
    static const char *const DIRECTIONS[] = {"export", "import"};
    static const char *const ROLES[] = {"main", "receiving"};
    const char *wanted = call_option(call, "--direction");
    const char *version = call_option(call, "--version");
    json_t *body = NULL;

    if (wanted && strcmp(wanted, DIRECTIONS[0]) != 0 && strcmp(wanted, DIRECTIONS[1]) != 0) {
        fprintf(stderr, "gatectl: --direction is export or import\n");
        return EXIT_USAGE;
    }
    if (!state_is_current(call->db))
        return EXIT_REFUSED;
    enum exit_code code = platform_read(
        call->db, "procedures", version ? json_pack("{s:s}", "version", version) : NULL, &body);
    if (code != EXIT_DONE)
        return code;
    printf("procedure %lld, in force from %s\n%s\n",
           (long long)json_integer_value(json_object_get(body, "version")),
           json_string_value(json_object_get(body, "effective_from")),
           json_string_value(json_object_get(body, "note")));
    for (size_t d = 0; d < COUNT_OF(DIRECTIONS); d++)
        for (size_t r = 0; r < COUNT_OF(ROLES); r++)
            if (!wanted || !strcmp(wanted, DIRECTIONS[d]))
                print_steps(body, ROLES[r], DIRECTIONS[d]);
    json_decref(body);
    return EXIT_DONE;
}

const struct verb procedure_show_verb = {
    .subject = "procedure",
    .name = "show",
    .summary = "show the procedure in force: each step and what must be done before it",
    .details = "One procedure holds at every gate; versions differ in when they take effect.",
    .needs_database = true,
    .run = show,
    .options =
        {
            {"--direction", "WAY", "export or import only", false},
            {"--version", "N", "another version than the one in force", false},
        },
};
