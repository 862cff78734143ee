/* SPDX-License-Identifier: MIT
 * The published rules: procedures, credits, windows, reference data. Anybody may read them; an
 * administrator adds a version that takes effect now or later, never changes one.
 */
#include <jansson.h>
#include <stdlib.h>

#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/args.h"
#include "services/gated/gate_index.h"
#include "services/gated/server.h"
#include "services/gated/step_names.h"

enum {
    STEPS_MAX = 100,
    STEP_SIZE_MAX = 40,
    SECONDS_MAX = 30 * 86400,
    CREDIT_MAX = 86400,
    DELAYS_MAX = 9,
    SWAPS_MAX = 99,
    PLACES_MAX = 10000,
    CODE_SIZE_MAX = 40,
    NAME_CHARACTERS_MAX = 300,
    DATA_MEMBERS_MAX = 40,
    DATA_SIZE_MAX = 4000,
};

static void copy_effective(struct object *body, struct buffer *args)
{
    args_instant(body, "effective_from", OPTIONAL, "effective_from", args);
}

/* --- procedures ------------------------------------------------------------------------------ */

enum fault procedures_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"version", FILTER_NUMBER}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

static bool check_step(const struct request *r, struct span code)
{
    return step_names_find(gate_index_steps(r->server->gates), code) >= 0;
}

/* A list of steps that must be done before. */
static void copy_before(const struct request *r, struct object *step, const char *name,
                        struct buffer *args)
{
    struct array list;
    struct span code;

    if (!read_array(step, name, OPTIONAL, STEP_BITS, &list))
        return;
    write_array(args, name);
    for (size_t i = 0; i < list.size; i++) {
        if (!array_text(&list, i, STEP_SIZE_MAX, &code))
            continue;
        write_text(args, NULL, code);
        if (!check_step(r, code))
            failures_add(list.failures, array_pointer(&list, i), MESSAGE_UNKNOWN_VALUE);
    }
    write_array_end(args);
}

static void copy_step(const struct request *r, struct object *step, struct buffer *args)
{
    static const char *const ROLES[] = {"main", "receiving", NULL};
    static const char *const NEEDED[] = {"always",    "perishable", "frozen_live", "inspected",
                                         "receiving", "optional",   NULL};
    static const char *const SCOPES[] = {"own", "any_receiving", "all_receiving", "any_main",
                                         "every_main"};
    struct span code;

    write_object(args, NULL);
    args_choice(step, "role", REQUIRED, ROLES, args);
    args_choice(step, "direction", REQUIRED, ARGS_DIRECTIONS, args);
    if (read_code(step, "step", REQUIRED, STEP_SIZE_MAX, &code)) {
        write_text(args, "step", code);
        if (!check_step(r, code))
            object_fail(step, "step", MESSAGE_UNKNOWN_VALUE);
    }
    args_choice(step, "needed", REQUIRED, NEEDED, args);
    args_flag(step, "joins", args);
    for (size_t i = 0; i < COUNT_OF(SCOPES); i++)
        copy_before(r, step, SCOPES[i], args);
    write_object_end(args);
    object_close(step);
}

/* {"note","effective_from"?,"steps":[{"role","direction","step","needed","joins"?,"own"?,...}]}: a
 * procedure is always given whole. */
enum fault procedure_add_ask(struct request *r)
{
    struct array steps = {.size = 0};
    struct object body, step;
    struct buffer args = {0};

    TRY(args_platform(r, &body, &args));
    args_note(&body, "note", REQUIRED, ARGS_REASON_MAX, &args);
    copy_effective(&body, &args);
    read_array(&body, "steps", REQUIRED, STEPS_MAX, &steps);
    write_array(&args, "steps");
    for (size_t i = 0; i < steps.size; i++)
        if (array_object(&steps, i, &step))
            copy_step(r, &step, &args);
    write_array_end(&args);
    return args_write(r, "procedure_add", &body, &args);
}

/* --- credits --------------------------------------------------------------------------------- */

enum fault credits_ask(struct request *r)
{
    return ask_list(r, NULL, 0);
}

static void copy_credits(struct object *body, struct buffer *args)
{
    struct object credits;

    if (!read_object(body, "credits", OPTIONAL, &credits))
        return;
    write_object(args, "credits");
    for (size_t i = 0; ARGS_CLASSES[i]; i++)
        args_number(&credits, ARGS_CLASSES[i], OPTIONAL, 0, CREDIT_MAX, args);
    write_object_end(args);
    object_close(&credits);
}

/* Seconds after the first, second, ... no-show. */
static void copy_delays(struct object *body, struct buffer *args)
{
    struct array list;

    if (!read_array(body, "return_delays_s", OPTIONAL, DELAYS_MAX, &list))
        return;
    write_array(args, "return_delays_s");
    for (size_t i = 0; i < list.size; i++) {
        json_t *delay = json_array_get(list.json, i);
        json_int_t seconds = json_integer_value(delay);
        if (!json_is_integer(delay))
            failures_add(list.failures, array_pointer(&list, i), MESSAGE_WRONG_TYPE);
        else if (seconds < 0 || seconds > SECONDS_MAX)
            failures_add(list.failures, array_pointer(&list, i), MESSAGE_NUMBER_RANGE);
        write_integer(args, NULL, seconds);
    }
    write_array_end(args);
}

/* {"effective_from"?,"credits"?:{class: seconds},"grace_s"?,"return_delays_s"?,...}: what is not
 * named stays as it was; with nothing named there is nothing to do. */
enum fault credits_set_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_platform(r, &body, &args));
    size_t empty = args.size;
    copy_credits(&body, &args);
    copy_delays(&body, &args);
    args_number(&body, "grace_s", OPTIONAL, 1, SECONDS_MAX, &args);
    args_number(&body, "claim_s", OPTIONAL, 1, SECONDS_MAX, &args);
    args_number(&body, "undo_s", OPTIONAL, 0, SECONDS_MAX, &args);
    args_number(&body, "pass_s", OPTIONAL, 1, SECONDS_MAX, &args);
    args_number(&body, "swaps", OPTIONAL, 0, SWAPS_MAX, &args);
    if (args.size == empty && !r->failures.count)
        failures_add(&r->failures, SPAN(""), MESSAGE_NOTHING_GIVEN);
    copy_effective(&body, &args);
    return args_write(r, "credits_set", &body, &args);
}

/* --- windows --------------------------------------------------------------------------------- */

/* Of all gates, or of one; also the gates themselves. */
enum fault of_gates_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"gate", FILTER_GATE}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

static void copy_gate(const struct request *r, struct object *body, struct buffer *args)
{
    struct span typed;

    if (!read_code(body, "gate", REQUIRED, GATE_CODE_MAX, &typed))
        return;
    const char *code = gate_index_code(r->server->gates, gate_index_find(r->server->gates, typed));
    if (code)
        write_text(args, "gate", span_of(code));
    else
        object_fail(body, "gate", MESSAGE_UNKNOWN_VALUE);
}

/* {"gate","direction","places","effective_from"?}: places per window of half an hour. */
enum fault window_set_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_platform(r, &body, &args));
    copy_gate(r, &body, &args);
    args_choice(&body, "direction", REQUIRED, ARGS_DIRECTIONS, &args);
    args_number(&body, "places", REQUIRED, 0, PLACES_MAX, &args);
    copy_effective(&body, &args);
    return args_write(r, "window_set", &body, &args);
}

/* --- reference data -------------------------------------------------------------------------- */

enum fault reference_data_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"kind", FILTER_TEXT}, {"all", FILTER_FLAG}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

static bool is_name(struct span text, size_t size_max)
{
    for (size_t i = 0; i < text.size; i++)
        if (!(text.at[i] >= 'a' && text.at[i] <= 'z') && text.at[i] != '_')
            return false;
    return text.size && text.size <= size_max;
}

/* Members that lists carry beside their names. The only names in any reply that are a user's: of
 * a-z and _, so that none is taken for a promise (expand.h). */
static void copy_data(struct object *body, struct buffer *args)
{
    struct object data;
    const char *name;
    json_t *value;

    if (!read_object(body, "data", OPTIONAL, &data))
        return;
    if (json_object_size(data.json) > DATA_MEMBERS_MAX)
        object_fail(body, "data", MESSAGE_TOO_MANY);
    json_object_foreach (data.json, name, value) {
        if (!is_name(span_of(name), CODE_SIZE_MAX))
            object_fail(&data, name, MESSAGE_CODE_FORMAT);
        if (json_is_object(value) || json_is_array(value))
            object_fail(&data, name, MESSAGE_WRONG_TYPE);
    }
    char *text = json_dumps(data.json, JSON_COMPACT);
    CHECK(text);
    if (strlen(text) > DATA_SIZE_MAX)
        object_fail(body, "data", MESSAGE_TOO_LONG);
    write_raw(args, "data", span_of(text));
    free(text);
}

static void copy_names(struct object *body, struct buffer *args)
{
    static const char *const LANGUAGES[] = {"vi", "en", "zh"};

    for (size_t i = 0; i < COUNT_OF(LANGUAGES); i++)
        args_text(body, LANGUAGES[i], REQUIRED, NAME_CHARACTERS_MAX, args);
}

/* Two to eight digits: the beginning of an HS code. */
static void copy_prefix(struct object *body, struct buffer *args)
{
    struct span code;
    uint64_t number;

    if (!read_code(body, "code", REQUIRED, CODE_SIZE_MAX, &code))
        return;
    if (code.size < 2 || code.size > 8 || !span_to_number(code, UINT64_MAX, &number))
        object_fail(body, "code", MESSAGE_HS_FORMAT);
    write_text(args, "prefix", code);
}

/* {"kind","code","effective_from",("vi","en","zh","data"?)}; of kind hs_class: "class" instead. */
enum fault reference_set_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span kind = {0};

    TRY(args_platform(r, &body, &args));
    bool is_hs =
        read_code(&body, "kind", REQUIRED, CODE_SIZE_MAX, &kind) && span_is(kind, "hs_class");
    args_date(&body, "effective_from", &args);
    if (is_hs) {
        copy_prefix(&body, &args);
        args_choice(&body, "class", REQUIRED, ARGS_CLASSES, &args);
    } else {
        if (kind.size && !is_name(kind, CODE_SIZE_MAX))
            object_fail(&body, "kind", MESSAGE_CODE_FORMAT);
        write_text(&args, "kind", kind);
        args_text(&body, "code", REQUIRED, CODE_SIZE_MAX, &args);
        copy_names(&body, &args);
        copy_data(&body, &args);
    }
    return args_write(r, is_hs ? "hs_class_set" : "reference_set", &body, &args);
}
