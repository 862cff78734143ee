/* SPDX-License-Identifier: MIT
 * A gate's public ledger read again, with the queue rule applied to it call by call: would this
 * rule have called the same vehicle? The ledger alone decides; nothing of the server is asked.
 */
#ifndef SIMULATOR_REPLAY_H
#define SIMULATOR_REPLAY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct replay;

struct replay_result {
    uint64_t events;
    uint64_t calls;
    uint64_t overtakes; /* calls out of order, each with its reason in the ledger */
    uint64_t no_shows;
    char difference[400]; /* the first one; "" when there is none */
};

struct replay *replay_new(void);
void replay_free(struct replay *replay);
/* One event, in the ledger's order: the public part as an object. False from the first difference
 * on. What it does not know, it leaves alone. */
bool replay_event(struct replay *replay, const json_t *event);
const struct replay_result *replay_result(const struct replay *replay);

/* Reads lines of JSON: events, items {"seq","body","hash"} whose body is an event's text, or whole
 * pages {"items":[…]} as GET /v1/gates/{gate}/ledger serves them. "-" is standard input. False when
 * the file cannot be read; then difference says where. */
bool replay_file(struct replay *replay, const char *path);

#endif
