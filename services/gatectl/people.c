/* SPDX-License-Identifier: MIT
 * firm, officer: who may use the service.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/form/taxcode.h"
#include "services/gatectl/listing.h"
#include "services/gatectl/verbs.h"

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

    if (!read_tax_code(call_option(call, "--tax-code"), tax_code))
        return EXIT_USAGE;
    json_t *args =
        json_pack("{s:s,s:s}", "tax_code", tax_code, "name", call_option(call, "--name"));
    return listing_apply(call, "firm_add", args, "firm", FIRM_COLUMNS);
}

static enum exit_code firm_list(struct call *call)
{
    json_t *args = json_pack("{s:s*}", "q", call_option(call, "--find"));

    return listing_read(call, "firms", args, FIRM_COLUMNS);
}

static enum exit_code firm_disable(struct call *call)
{
    char tax_code[TAXCODE_ROOM];

    if (!read_tax_code(call->operands[0], tax_code))
        return EXIT_USAGE;
    json_t *args =
        json_pack("{s:s,s:s?}", "tax_code", tax_code, "reason", call_option(call, "--reason"));
    return listing_apply(call, "firm_disable", args, "firm", FIRM_COLUMNS);
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
    json_t *args = json_pack("{s:s,s:s,s:s?,s:o}", "name", call_option(call, "--name"), "role",
                             call_option(call, "--role"), "agency", call_option(call, "--agency"),
                             "gates", split_gates(call_option(call, "--gates")));

    return listing_apply(call, "officer_add", args, "officer", OFFICER_COLUMNS);
}

static enum exit_code officer_list(struct call *call)
{
    json_t *args = json_pack("{s:s*,s:s*}", "role", call_option(call, "--role"), "agency",
                             call_option(call, "--agency"));

    return listing_read(call, "officers", args, OFFICER_COLUMNS);
}

static enum exit_code officer_disable(struct call *call)
{
    return listing_end(call, "officer_disable", "officer", "an officer's id", OFFICER_COLUMNS);
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
