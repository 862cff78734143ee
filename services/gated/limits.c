/* SPDX-License-Identifier: MIT */
#include "services/gated/limits.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/base/check.h"

static const struct bucket_policy POLICIES[BUCKET_COUNT] = {
    [BUCKET_DEFAULT] = {"default", 600, 60},
    [BUCKET_KIOSK] = {"kiosk", 6000, 60},
    [BUCKET_SIGN_IN] = {"sign-in", 10, 60},
    [BUCKET_SIGN_IN_ADDRESS] = {"sign-in-address", 120, 60},
    [BUCKET_ADDRESS] = {"address", 300, 60},
    [BUCKET_HEALTH] = {"health", 6000, 60},
};

enum { CLIENT_NAME_MAX = 64 };

struct client {
    char name[CLIENT_NAME_MAX]; /* bucket number, colon, client */
    double tokens;
    int64_t at_ms;
    UT_hash_handle hh;
};

struct limits {
    struct client *clients; /* longest unused first */
};

struct limits *limits_new(void)
{
    struct limits *limits = calloc(1, sizeof *limits);

    CHECK(limits);
    return limits;
}

static void drop(struct limits *limits, struct client *client)
{
    HASH_DEL(limits->clients, client);
    free(client);
}

void limits_free(struct limits *limits)
{
    if (!limits)
        return;
    while (limits->clients)
        drop(limits, limits->clients);
    free(limits);
}

const struct bucket_policy *limits_policy(enum bucket bucket)
{
    CHECK(bucket < BUCKET_COUNT);
    return &POLICIES[bucket];
}

void limits_client_of(const char *address, char client[LIMIT_ADDRESS_ROOM])
{
    struct in6_addr bytes;

    if (inet_pton(AF_INET6, address, &bytes) == 1 && !IN6_IS_ADDR_V4MAPPED(&bytes)) {
        memset(bytes.s6_addr + 8, 0, 8);
        CHECK(inet_ntop(AF_INET6, &bytes, client, LIMIT_ADDRESS_ROOM));
    } else {
        snprintf(client, LIMIT_ADDRESS_ROOM, "%s", address);
    }
}

/* The client's bucket, moved to the end of the order; a new one is full. */
static struct client *find(struct limits *limits, const char *name, double quota, int64_t now_ms)
{
    struct client *client;

    HASH_FIND_STR(limits->clients, name, client);
    if (client) {
        HASH_DEL(limits->clients, client);
    } else {
        if (HASH_COUNT(limits->clients) >= LIMIT_CLIENTS_MAX)
            drop(limits, limits->clients);
        client = calloc(1, sizeof *client);
        CHECK(client);
        snprintf(client->name, sizeof client->name, "%s", name);
        client->tokens = quota;
        client->at_ms = now_ms;
    }
    HASH_ADD_STR(limits->clients, name, client);
    return client;
}

static int64_t seconds_for(double tokens, const struct bucket_policy *policy)
{
    double seconds = tokens * (double)policy->window_s / (double)policy->quota;
    int64_t whole = (int64_t)seconds;

    return (double)whole < seconds ? whole + 1 : whole;
}

struct limit_state limits_take(struct limits *limits, enum bucket bucket, const char *client,
                               int64_t now_ms)
{
    const struct bucket_policy *policy = limits_policy(bucket);
    double quota = (double)policy->quota;
    char name[CLIENT_NAME_MAX];

    snprintf(name, sizeof name, "%d:%s", (int)bucket, client);
    struct client *c = find(limits, name, quota, now_ms);
    c->tokens += (double)(now_ms - c->at_ms) / 1000.0 * quota / (double)policy->window_s;
    c->tokens = c->tokens > quota ? quota : c->tokens;
    c->at_ms = now_ms;
    bool is_allowed = c->tokens >= 1.0;
    if (is_allowed)
        c->tokens -= 1.0;
    int64_t wait_s = is_allowed ? 0 : seconds_for(1.0 - c->tokens, policy);
    return (struct limit_state){
        .policy = policy,
        .is_allowed = is_allowed,
        .remaining = (int64_t)c->tokens,
        .reset_s = seconds_for(quota - c->tokens, policy),
        .retry_after_s = !is_allowed && wait_s < 1 ? 1 : wait_s,
    };
}
