/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "simulator/commands.h"
#include "simulator/progress.h"

static const struct command COMMANDS[] = {
    {"--model", 1, 1, "SCENARIO", "play the days without a server", command_model},
    {"--check", 1, 1, "SCENARIO", "play the days against a running service", command_check},
    {"--max", 0, 1, "[SCENARIO]", "rising rates until a running service breaks", command_max},
    {"--compare", 1, 2, "A [B]", "two variants over the same days", command_compare},
    {"--diff", 2, 2, "A.json B.json", "two runs that were written", command_diff},
    {"--ledger", 1, 2, "SCENARIO [GATE]", "what a gate of the model would publish", command_ledger},
    {"--replay", 1, 1, "LEDGER.jsonl", "the queue rule on a gate's ledger", command_replay},
    {"--validate", 0, 0, "", "the model against published figures", command_validate},
    {"--fit", 0, 0, "", "the lanes' law from June 2023", command_fit},
};

int main(int argc, char **argv)
{
    struct options options;

    if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        options_print_help(COMMANDS, COUNT_OF(COMMANDS));
        return 0;
    }
    if (!options_read(&options, argc, argv, COMMANDS, COUNT_OF(COMMANDS)))
        return EXIT_WRONG;
    stop_watch();
    return command_find(COMMANDS, COUNT_OF(COMMANDS), options.command)->run(&options);
}
