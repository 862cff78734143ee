/* SPDX-License-Identifier: MIT
 * gated: the gate's server. Wires configuration -> loop -> database -> HTTP, and takes it apart
 * again in the other order when told to stop.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "services/gated/assembly.h"
#include "services/gated/config.h"
#include "services/gated/routes.h"

#define VERSION "1.0.0"

static int help(void)
{
    printf("gated: serves the gate's API over HTTP.\n\n"
           "  gated             serve, configured by the environment (below)\n"
           "  gated --routes    print the API: method, path, verb, roles\n"
           "  gated --version   print the version\n\n"
           "SIGTERM or SIGINT: finish what is in flight, then end. A second one: end at once.\n\n");
    config_print_help();
    return 0;
}

int main(int argc, char **argv)
{
    const char *wish = argc == 2 ? argv[1] : "";
    struct config config;

    if (!strcmp(wish, "--help"))
        return help();
    if (!strcmp(wish, "--version")) {
        printf("gated %s\n", VERSION);
        return 0;
    }
    if (!strcmp(wish, "--routes")) {
        routes_print();
        return 0;
    }
    if (argc != 1) {
        fprintf(stderr, "gated: unknown argument; see gated --help\n");
        return 2;
    }
    if (sodium_init() < 0 || !config_read(&config))
        return 2;
    return assembly_run(&config);
}
