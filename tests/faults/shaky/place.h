/* SPDX-License-Identifier: MIT
 * Where to listen or connect: HOST:PORT with a numeric host, or the path of a Unix socket.
 */
#ifndef TESTS_FAULTS_SHAKY_PLACE_H
#define TESTS_FAULTS_SHAKY_PLACE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

struct place {
    struct sockaddr_storage address; /* AF_UNIX: only path counts */
    char path[sizeof((struct sockaddr_un){0}.sun_path)];
};

/* Ends the program when text is no place. */
struct place place_of(const char *text);
bool place_is_unix(const struct place *place);
/* Prints what went wrong and ends the program with status 2. */
_Noreturn void give_up(const char *what, const char *why);

#endif
