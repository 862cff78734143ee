/* SPDX-License-Identifier: MIT
 * firm, officer: who may use the service.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/form/taxcode.h"
#include "services/gatectl/platform.h"
#include "services/gatectl/table.h"
#include "services/gatectl/verbs.h"

/* Prints the answered object of that name as the only row of a list. */
static void print_one(json_t *body, const char *member, const struct column *columns)
{
    json_t *items = json_pack("[O]", json_object_get(body, member));

    table_print(items, columns);
    json_decref(items);
    json_decref(body);
}

static const struct column FIRM_COLUMNS[] = {
    {"ID", "id"},     {"TAX CODE", "tax_code"},    {"PRINCIPAL", "principal"},
    {"NAME", "name"}, {"DISABLED", "disabled_at"}, {NULL, NULL},
};

static const struct column OFFICER_COLUMNS[] = {
    {"ID", "id"},       {"ROLE", "role"}, {"AGENCY", "agency"},
    {"GATES", "gates"}, {"NAME", "name"}, {"DISABLED", "disabled_at"},
    {NULL, NULL},
};

static bool read_tax_code(const char *typed, char code[TAXCODE_ROOM])
{
    enum message wrong = taxcode_read(span_of(typed), code);

    if (wrong != MESSAGE_NONE) {
        struct span text = message_text(span_of(message_code(wrong)), LANGUAGE_EN);
        fprintf(stderr, "gatectl: %s: %.*s\n", typed, SPAN_ARG(text));
    }
    return wrong == MESSAGE_NONE;
}

static enum exit_code firm_add(struct call *call)
{
    char tax_code[TAXCODE_ROOM];
    json_t *body = NULL;

    if (!read_tax_code(call_option(call, "--tax-code"), tax_code))
        return EXIT_USAGE;
    json_t *args =
        json_pack("{s:s,s:s}", "tax_code", tax_code, "name", call_option(call, "--name"));
    if (!args) {
        fprintf(stderr, "gatectl: --name is not UTF-8\n");
        return EXIT_USAGE;
    }
    enum exit_code code = platform_apply(call->db, "firm_add", args, &body);
    if (code == EXIT_DONE)
        print_one(body, "firm", FIRM_COLUMNS);
    return code;
}

static enum exit_code firm_list(struct call *call)
{
    const char *part = call_option(call, "--find");
    json_t *items = NULL;
    enum exit_code code =
        platform_list(call->db, "firms", part ? json_pack("{s:s}", "q", part) : NULL, &items);

    if (code == EXIT_DONE)
        table_print(items, FIRM_COLUMNS);
    json_decref(items);
    return code;
}

static enum exit_code firm_disable(struct call *call)
{
    char tax_code[TAXCODE_ROOM];
    json_t *body = NULL;

    if (!read_tax_code(call->operands[0], tax_code))
        return EXIT_USAGE;
    json_t *args =
        json_pack("{s:s,s:s?}", "tax_code", tax_code, "reason", call_option(call, "--reason"));
    enum exit_code code = platform_apply(call->db, "firm_disable", args, &body);
    if (code == EXIT_DONE)
        print_one(body, "firm", FIRM_COLUMNS);
    return code;
}

/* "CKHN,TT" as an array. */
static json_t *split_gates(const char *gates)
{
    struct span left = span_of(gates);
    json_t *codes = json_array();

    while (left.size > 0) {
        struct span code = span_take(&left, ',');
        json_array_append_new(codes, json_stringn(code.at, code.size));
    }
    return codes;
}

static enum exit_code officer_add(struct call *call)
{
    json_t *body = NULL;
    json_t *args = json_pack("{s:s,s:s,s:s?,s:o}", "name", call_option(call, "--name"), "role",
                             call_option(call, "--role"), "agency", call_option(call, "--agency"),
                             "gates", split_gates(call_option(call, "--gates")));

    if (!args) {
        fprintf(stderr, "gatectl: a value is not UTF-8\n");
        return EXIT_USAGE;
    }
    enum exit_code code = platform_apply(call->db, "officer_add", args, &body);
    if (code == EXIT_DONE)
        print_one(body, "officer", OFFICER_COLUMNS);
    return code;
}

static enum exit_code officer_list(struct call *call)
{
    json_t *items = NULL;
    json_t *args = json_pack("{s:s*,s:s*}", "role", call_option(call, "--role"), "agency",
                             call_option(call, "--agency"));
    enum exit_code code = platform_list(call->db, "officers", args, &items);

    if (code == EXIT_DONE)
        table_print(items, OFFICER_COLUMNS);
    json_decref(items);
    return code;
}

static enum exit_code officer_disable(struct call *call)
{
    uint64_t id;
    json_t *body = NULL;

    if (!span_to_number(span_of(call->operands[0]), INT32_MAX, &id)) {
        fprintf(stderr, "gatectl: %s is not an officer's id\n", call->operands[0]);
        return EXIT_USAGE;
    }
    json_t *args =
        json_pack("{s:I,s:s?}", "officer", (json_int_t)id, "reason", call_option(call, "--reason"));
    enum exit_code code = platform_apply(call->db, "officer_disable", args, &body);
    if (code == EXIT_DONE)
        print_one(body, "officer", OFFICER_COLUMNS);
    return code;
}

const struct verb firm_add_verb = {
    .subject = "firm",
    .name = "add",
    .summary = "add a firm",
    .needs_database = true,
    .run = firm_add,
    .options =
        {
            {"--tax-code", "CODE", "10 digits, 10 digits and branch, or 12 digits", true},
            {"--name", "TEXT", "its name", true},
        },
};

const struct verb firm_list_verb = {
    .subject = "firm",
    .name = "list",
    .summary = "list firms",
    .needs_database = true,
    .run = firm_list,
    .options =
        {
            {"--find", "TEXT", "only those whose name has, or tax code begins with TEXT", false},
        },
};

const struct verb firm_disable_verb = {
    .subject = "firm",
    .name = "disable",
    .operands = "TAX-CODE",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "disable a firm: its keys open nothing from now on",
    .needs_database = true,
    .run = firm_disable,
    .options = {{"--reason", "TEXT", "why, for the ledger", false}},
};

const struct verb officer_add_verb = {
    .subject = "officer",
    .name = "add",
    .summary = "add an officer, a system, an operator, a supervisor or an administrator",
    .needs_database = true,
    .run = officer_add,
    .options =
        {
            {"--name", "TEXT", "of the person or the system", true},
            {"--role", "ROLE", "officer, system, operator, supervisor or admin", true},
            {"--agency", "AGENCY",
             "customs, border_guard, health, plant, animal, licence, centre or yard", false},
            {"--gates", "CODES", "where they work, e.g. CKHN,TT", false},
        },
};

const struct verb officer_list_verb = {
    .subject = "officer",
    .name = "list",
    .summary = "list officers",
    .needs_database = true,
    .run = officer_list,
    .options =
        {
            {"--role", "ROLE", "only those", false},
            {"--agency", "AGENCY", "only those", false},
        },
};

const struct verb officer_disable_verb = {
    .subject = "officer",
    .name = "disable",
    .operands = "ID",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "disable an officer: their keys open nothing from now on",
    .needs_database = true,
    .run = officer_disable,
    .options = {{"--reason", "TEXT", "why, for the ledger", false}},
};
