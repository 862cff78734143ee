/* SPDX-License-Identifier: MIT */
#include "tests/faults/shaky/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

void give_up(const char *what, const char *why)
{
    fprintf(stderr, "shaky: %s: %s\n", what, why);
    exit(2);
}

struct place place_of(const char *text)
{
    struct place place = {0};
    struct sockaddr_in *four = (struct sockaddr_in *)&place.address;
    const char *colon = strrchr(text, ':');
    char host[64];

    if (text[0] == '/') {
        if (strlen(text) >= sizeof place.path)
            give_up(text, "the path is too long");
        place.address.ss_family = AF_UNIX;
        snprintf(place.path, sizeof place.path, "%s", text);
        return place;
    }
    if (!colon || (size_t)(colon - text) >= sizeof host)
        give_up(text, "neither HOST:PORT nor a path");
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    if (uv_ip4_addr(host, atoi(colon + 1), four) != 0)
        give_up(text, "the host is not numeric");
    return place;
}

bool place_is_unix(const struct place *place)
{
    return place->address.ss_family == AF_UNIX;
}
