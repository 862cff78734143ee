/* SPDX-License-Identifier: MIT
 * Calls of the API for tests: JSON in, JSON out, over a connection that is made again when it
 * breaks.
 */
#ifndef TESTS_CLIENT_CALLER_H
#define TESTS_CLIENT_CALLER_H

#include <jansson.h>

#include "tests/client/wire.h"

struct caller {
    const char *url;
    const char *key;  /* NULL: none */
    struct wire wire; /* socket -1: not open */
};

void caller_init(struct caller *caller, const char *url, const char *key);
void caller_close(struct caller *caller);
/* One request. idempotency_key may be NULL; body NULL: none. The status, 0 when there was no
 * answer; *answer (may be NULL) is the body read as JSON, NULL when it is none; the caller frees
 * it. */
int caller_send(struct caller *caller, const char *method, const char *path,
                const char *idempotency_key, const char *body, json_t **answer);
/* The same write until it is answered with less than 500, at most 30 s. */
int caller_insist(struct caller *caller, const char *method, const char *path,
                  const char *idempotency_key, const char *body, json_t **answer);

#endif
