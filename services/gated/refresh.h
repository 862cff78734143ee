/* SPDX-License-Identifier: MIT
 * What the process holds in memory from the database: keys, sessions and gates. Looked at twice a
 * second by one number each (api.config_version), read again when it moved, so that a revoked key
 * and an ended session die everywhere within a second.
 */
#ifndef SERVICES_GATED_REFRESH_H
#define SERVICES_GATED_REFRESH_H

#include <stdbool.h>

struct refresh;
struct server;

/* Told once the keys, or the sessions, have been read again, from a moment after it was added. */
struct refresh_waiter {
    void (*done)(struct refresh_waiter *waiter);
    struct refresh_waiter *next;
};

/* Reads gates, access keys, the pass keys and the schema at once, and again whenever their version
 * has changed. */
struct refresh *refresh_open(struct server *server);
/* Waiters are told at once. */
void refresh_close(struct refresh *refresh);
/* After the loop has ended. */
void refresh_free(struct refresh *refresh);

/* Reads the keys again; a change made before this call is in them when done is called. When the
 * database does not answer, done is called all the same. */
void refresh_keys(struct refresh *refresh, struct refresh_waiter *waiter);
/* The same for the sessions. */
void refresh_sessions(struct refresh *refresh, struct refresh_waiter *waiter);
/* True when everything was read at least once. */
bool refresh_is_complete(const struct server *server);

#endif
