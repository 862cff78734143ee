/* SPDX-License-Identifier: MIT
 * How many requests a client may make: one token bucket per client, sizes from one table. Kiosks
 * and agency systems have a bucket of their own, so that a bad integrator cannot slow a gate.
 * Header form: draft-ietf-httpapi-ratelimit-headers ("default";q=100;w=60).
 */
#ifndef SERVICES_GATED_LIMITS_H
#define SERVICES_GATED_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum bucket {
    BUCKET_DEFAULT,
    BUCKET_KIOSK,
    BUCKET_SIGN_IN,         /* of one name from one address */
    BUCKET_SIGN_IN_ADDRESS, /* of all names: an office behind one address signs in at eight */
    BUCKET_ADDRESS,
    BUCKET_HEALTH, /* of one address, too, and apart: behind a proxy all have the same */
    BUCKET_COUNT
};

enum {
    LIMIT_CLIENTS_MAX = 50000, /* buckets kept; past it the longest unused is dropped */
    LIMIT_ADDRESS_ROOM = 46,
};

struct bucket_policy {
    const char *name;
    int64_t quota;    /* requests, also the burst */
    int64_t window_s; /* in which the quota grows back */
};

/* What one taking left. */
struct limit_state {
    const struct bucket_policy *policy; /* NULL: not limited */
    bool is_allowed;
    int64_t remaining;
    int64_t reset_s;       /* until the quota is whole again */
    int64_t retry_after_s; /* when not allowed, at least 1 */
};

struct limits;

struct limits *limits_new(void);
void limits_free(struct limits *limits);

const struct bucket_policy *limits_policy(enum bucket bucket);
/* What counts as one client of an address in text: of IPv6 the /64, of which one customer has all
 * (RFC 6177). */
void limits_client_of(const char *address, char client[LIMIT_ADDRESS_ROOM]);
/* Takes one token of the client (a key's id, an address) from its bucket; now_ms is a steady
 * clock. */
struct limit_state limits_take(struct limits *limits, enum bucket bucket, const char *client,
                               int64_t now_ms);

#endif
