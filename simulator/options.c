/* SPDX-License-Identifier: MIT */
#include "simulator/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/check.h"

/* Options with a value, beside the commands. */
struct flag {
    const char *name;
    const char *value;
    const char *help;
    const char *only; /* for these commands; NULL: for all */
};

#define LIVE "--check --max"

static const struct flag FLAGS[] = {
    {"--seed", "N", "of the random numbers; the same seed repeats the run exactly (1)", NULL},
    {"--replications", "R", "days drawn anew (the scenario's)",
     "--model --compare --validate --fit"},
    {"--target", "N", "exits a day that the gate must make (the scenario's)",
     "--model --check --compare"},
    {"--url", "URL", "the running service, a sandbox (GATE_URL)", LIVE},
    {"--speed", "N", "times as fast as the world, 600 to watch (as fast as it holds)", "--check"},
    {"--fast-until", "HH:MM", "--speed counts only from that time of the first day on", "--check"},
    {"--date", "YYYY-MM-DD", "of the first day at the service (the next that is free)", LIVE},
    {"--connections", "N", "to the service (64)", LIVE},
    {"--patience", "SECONDS", "without any answer the service is taken for dead (15)", LIVE},
    {"--set", "KEY=VALUE", "change a parameter: times.lane='5 min sigma 0.5', CKHN.closes=22:00",
     "--model --check --max --compare --ledger"},
    {"--with", "KEY=VALUE", "the same, for the second scenario of --compare only", "--compare"},
    {"--json", "FILE", "write the figures for machines; - is standard output",
     "--model --check --max --compare"},
    {"--report", "FILE.html", "write the report for people", "--model --check"},
    {"--scenarios", "FOLDER", "where scenarios are looked up by name", NULL},
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
        printf("  gatesim %s %-*s %s\n", commands[i].name, 32 - (int)strlen(commands[i].name),
               commands[i].operands, commands[i].help);
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

static bool read_clock(const char *name, const char *text, int64_t *ms)
{
    int hours, minutes, size = 0;

    if (sscanf(text, "%2d:%2d%n", &hours, &minutes, &size) != 2 || text[size] || hours < 0 ||
        hours > 24 || minutes < 0 || minutes > 59) {
        fprintf(stderr, "gatesim: %s %s; expected a time of the day such as 07:30\n", name, text);
        return false;
    }
    *ms = (hours * INT64_C(60) + minutes) * MINUTE_MS;
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
    if (!strcmp(name, "--speed"))
        return read_number(name, value, 1, 1000000, &o->speed);
    if (!strcmp(name, "--connections"))
        return read_number(name, value, 1, 1024, &o->connections);
    if (!strcmp(name, "--patience"))
        return read_number(name, value, 1, 3600, &o->patience_s);
    if (!strcmp(name, "--fast-until"))
        return read_clock(name, value, &o->fast_until_ms);
    if (!strcmp(name, "--set"))
        return add(name, o->sets, &o->set_count, value);
    if (!strcmp(name, "--with"))
        return add(name, o->withs, &o->with_count, value);
    if (!strcmp(name, "--json"))
        o->json = value;
    else if (!strcmp(name, "--url"))
        o->url = value;
    else if (!strcmp(name, "--date"))
        o->date = value;
    else if (!strcmp(name, "--report"))
        o->report = value;
    else
        o->folder = value;
    return true;
}

/* Its index; -1: none. */
static int flag_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(FLAGS); i++)
        if (!strcmp(FLAGS[i].name, name))
            return (int)i;
    return -1;
}

/* An option that would change nothing is an error: who wrote it expects that it does. */
static bool all_belong(const struct options *o)
{
    for (size_t i = 0; i < COUNT_OF(FLAGS); i++)
        if ((o->given & (1U << i)) && FLAGS[i].only && !strstr(FLAGS[i].only, o->command)) {
            fprintf(stderr, "gatesim: %s changes nothing beside %s; it belongs to %s\n",
                    FLAGS[i].name, o->command, FLAGS[i].only);
            return false;
        }
    return true;
}

/* Asked before the days are played, not after them. */
static bool can_write(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    char folder[1024];

    if (!path || !strcmp(path, "-"))
        return true;
    int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file >= 0)
        close(file);
    bool is_good = file >= 0;
    if (!is_good && errno == ENOENT && strlen(path) < sizeof folder) {
        snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
                 slash ? path : ".");
        is_good = access(folder, W_OK | X_OK) == 0;
    }
    if (!is_good)
        fprintf(stderr, "gatesim: cannot write %s: %s\n", path, strerror(errno));
    return is_good;
}

static bool read_argument(struct options *o, int argc, char **argv, int *i,
                          const struct command *commands, int count)
{
    const char *name = argv[*i];
    int flag = flag_find(name);

    if (flag >= 0) {
        o->given |= 1U << flag;
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

    *o = (struct options){.seed = 1,
                          .target = -1,
                          .url = getenv("GATE_URL"),
                          .connections = 64,
                          .patience_s = 15,
                          .fast_until_ms = -1,
                          .folder = folder && *folder ? folder : SCENARIOS_FOLDER};
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
    return all_belong(o) && can_write(o->json) && can_write(o->report);
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
