/* SPDX-License-Identifier: MIT */
#include "simulator/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

/* Options with a value, beside the commands. */
struct flag {
    const char *name;
    const char *value;
    const char *help;
};

static const struct flag FLAGS[] = {
    {"--seed", "N", "of the random numbers; the same seed repeats the run exactly (1)"},
    {"--replications", "R", "days drawn anew (the scenario's)"},
    {"--target", "N", "exits a day that the gate must make (the scenario's)"},
    {"--set", "KEY=VALUE", "change a parameter: times.lane='5 min sigma 0.5', CKHN.closes=22:00"},
    {"--with", "KEY=VALUE", "the same, for the second scenario of --compare only"},
    {"--json", "FILE", "write the figures for machines; - is standard output"},
    {"--report", "FILE.html", "write the report for people"},
    {"--scenarios", "FOLDER", "where scenarios are looked up by name"},
};

const struct command *command_find(const struct command *commands, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

void options_print_help(const struct command *commands, int count)
{
    puts("gatesim: does the gate clear its vehicles, and how far does it go?\n");
    for (int i = 0; i < count; i++)
        printf("  gatesim %s %-22s %s\n", commands[i].name, commands[i].operands, commands[i].help);
    puts("");
    for (size_t i = 0; i < COUNT_OF(FLAGS); i++)
        printf("  %s %-*s %s\n", FLAGS[i].name, 28 - (int)strlen(FLAGS[i].name), FLAGS[i].value,
               FLAGS[i].help);
    puts("\nExit status: 0 as wished (gate PASS, no difference), 1 not, 2 the question was wrong.");
}

static bool read_number(const char *name, const char *text, int64_t least, int64_t most,
                        int64_t *number)
{
    uint64_t value;

    if (!span_to_number(span_of(text), (uint64_t)most, &value) || (int64_t)value < least) {
        fprintf(stderr, "gatesim: %s %s; expected a whole number from %lld to %lld\n", name, text,
                (long long)least, (long long)most);
        return false;
    }
    *number = (int64_t)value;
    return true;
}

static bool add(const char *name, const char **list, int *count, const char *value)
{
    if (*count == SETS_MAX) {
        fprintf(stderr, "gatesim: more than %d %s\n", SETS_MAX, name);
        return false;
    }
    list[(*count)++] = value;
    return true;
}

static bool read_flag(struct options *o, const char *name, const char *value)
{
    if (!strcmp(name, "--seed"))
        return read_number(name, value, 0, INT64_MAX, &o->seed);
    if (!strcmp(name, "--replications"))
        return read_number(name, value, 1, 1000000, &o->replications);
    if (!strcmp(name, "--target"))
        return read_number(name, value, 0, 100000, &o->target);
    if (!strcmp(name, "--set"))
        return add(name, o->sets, &o->set_count, value);
    if (!strcmp(name, "--with"))
        return add(name, o->withs, &o->with_count, value);
    if (!strcmp(name, "--json"))
        o->json = value;
    else if (!strcmp(name, "--report"))
        o->report = value;
    else
        o->folder = value;
    return true;
}

static bool is_flag(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(FLAGS); i++)
        if (!strcmp(FLAGS[i].name, name))
            return true;
    return false;
}

static bool read_argument(struct options *o, int argc, char **argv, int *i,
                          const struct command *commands, int count)
{
    const char *name = argv[*i];

    if (is_flag(name)) {
        if (*i + 1 == argc) {
            fprintf(stderr, "gatesim: %s wants a value\n", name);
            return false;
        }
        return read_flag(o, name, argv[++*i]);
    }
    if (name[0] == '-' && name[1] == '-') {
        if (!command_find(commands, count, name) || o->command) {
            fprintf(stderr, "gatesim: %s %s; see gatesim --help\n", name,
                    o->command ? "beside another command" : "is not known");
            return false;
        }
        o->command = name;
        return true;
    }
    if (o->operand_count == 2) {
        fprintf(stderr, "gatesim: '%s' is one too many; see gatesim --help\n", name);
        return false;
    }
    o->operands[o->operand_count++] = name;
    return true;
}

bool options_read(struct options *o, int argc, char **argv, const struct command *commands,
                  int count)
{
    const char *folder = getenv("GATESIM_SCENARIOS");

    *o = (struct options){
        .seed = 1, .target = -1, .folder = folder && *folder ? folder : SCENARIOS_FOLDER};
    for (int i = 1; i < argc; i++)
        if (!read_argument(o, argc, argv, &i, commands, count))
            return false;
    if (!o->command) {
        fputs("gatesim: no command; see gatesim --help\n", stderr);
        return false;
    }
    const struct command *command = command_find(commands, count, o->command);
    if (o->operand_count < command->operands_least || o->operand_count > command->operands_most) {
        fprintf(stderr, "usage: gatesim %s %s\n", command->name, command->operands);
        return false;
    }
    return true;
}

static bool set_all(struct scenario *scenario, const char *const *sets, int count,
                    struct scenario_error *error)
{
    for (int i = 0; i < count; i++)
        if (!scenario_set(scenario, sets[i], error))
            return false;
    return true;
}

bool options_scenario(const struct options *o, int n, struct scenario *scenario)
{
    struct scenario_error error;
    const char *name = o->operands[n < o->operand_count ? n : o->operand_count - 1];

    if (scenario_load(scenario, name, o->folder, &error) &&
        set_all(scenario, o->sets, o->set_count, &error) &&
        set_all(scenario, o->withs, n == 1 ? o->with_count : 0, &error) &&
        scenario_check(scenario, &error))
        return true;
    fprintf(stderr, "gatesim: %s\n", error.text);
    return false;
}
