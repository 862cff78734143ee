/* SPDX-License-Identifier: MIT
 * Follows a feed in a thread of its own, comes back with Last-Event-ID whenever the stream breaks,
 * and is compared with what the same reader pulls from /v1/events.
 */
#ifndef TESTS_CLIENT_FOLLOW_H
#define TESTS_CLIENT_FOLLOW_H

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

#include "tests/client/sse.h"

struct follow {
    const char *name; /* for what is printed */
    const char *url;
    const char *other_url; /* of a second server, for every other connection; NULL: none */
    const char *key;
    const char *query; /* "" or "gate=TT&types=called" */
    int leaves_after;  /* events; 0: stays until it is cut off */
    pthread_t thread;
    struct sse sse;
    json_t *items;         /* in the order they came */
    char first_id[4096];   /* where it began */
    atomic_int count;      /* of items */
    atomic_bool is_begun;  /* the stream is open */
    atomic_bool is_ending; /* told to end */
    int connections;
};

/* Returns once the stream is open; false when that took more than 10 s. */
bool follow_start(struct follow *follow);
/* Waits until it has as many items as the feed has, and a little longer for those too many; then
 * ends it. The number of differences from the feed, each printed as a TAP comment. */
int follow_end(struct follow *follow);
void follow_free(struct follow *follow);

#endif
