/* SPDX-License-Identifier: MIT
 * One request of a story, sent and judged.
 */
#ifndef TESTS_API_PLAYER_PLAY_H
#define TESTS_API_PLAYER_PLAY_H

#include "tests/api/player/fill.h"
#include "tests/api/player/story.h"
#include "tests/client/person.h"
#include "tests/client/wire.h"

struct player {
    struct variables variables;
    const char *address;  /* name of the variable with the server's */
    const char *token;    /* name of the variable with the bearer key or the login; NULL: none */
    struct buffer person; /* the fields of the session, once the login is used */
    struct wire wire;     /* kept open from request to request */
    bool is_open;
};

/* Sends the request and compares the answer. The differences, and the answer when there are some,
 * are added as TAP comments. True when all is as wanted. label gets "POST /path -> 201". */
bool play(struct player *player, const struct step *step, struct buffer *label,
          struct buffer *differences);
/* Closes the connection. */
void player_rest(struct player *player);

#endif
