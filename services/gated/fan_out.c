/* SPDX-License-Identifier: MIT */
#include "services/gated/fan_out.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "common/db/listen.h"
#include "services/gated/reads.h"
#include "services/gated/server.h"

static const char NOTICE[] = "select api.notice($1::smallint, $2::bigint)";
static const char *const CHANNELS[] = {"gate_events", NULL};

enum { SUBSCRIBERS_MAX = 8 };

struct notice {
    struct query query;
    struct fan_out *fan_out;
    int ledger;
    int64_t committed; /* last seq we know of */
    int64_t told;      /* last seq that is being told or was */
    bool is_in_flight;
    char number[4];
    char seq[24];
};

struct fan_out {
    struct server *server;
    struct db_listener *listener;
    bool is_closed;
    struct notice notices[LEDGER_COUNT];
    struct {
        fan_out_heard *heard;
        void *owner;
    } subscribers[SUBSCRIBERS_MAX];
    int subscriber_count;
};

static void tell_here(struct fan_out *f, int ledger, int64_t seq)
{
    for (int i = 0; i < f->subscriber_count; i++)
        f->subscribers[i].heard(f->subscribers[i].owner, ledger, seq);
}

static void send_notice(struct notice *n);

/* A notice that was lost is not sent again: readers look once a second. */
static void on_told(struct query *query, enum fault fault, const PGresult *result)
{
    struct notice *n = container_of(query, struct notice, query);

    (void)fault;
    (void)result;
    n->is_in_flight = false;
    if (n->committed > n->told && !n->fan_out->is_closed)
        send_notice(n);
}

static void send_notice(struct notice *n)
{
    snprintf(n->number, sizeof n->number, "%d", n->ledger);
    snprintf(n->seq, sizeof n->seq, "%lld", (long long)n->committed);
    n->told = n->committed;
    n->is_in_flight = true;
    n->query = (struct query){
        .statement = NOTICE,
        .parameter_count = 2,
        .parameters = {n->number, n->seq},
        .done = on_told,
    };
    reads_send(n->fan_out->server->reads, &n->query);
}

void fan_out_committed(struct fan_out *f, int ledger, int64_t seq)
{
    struct notice *n = &f->notices[ledger];

    if (seq > n->committed)
        n->committed = seq;
    tell_here(f, ledger, seq);
    if (!n->is_in_flight && !f->is_closed)
        send_notice(n);
}

/* "<ledger>:<seq>"; empty after a reconnect: anything may have happened. */
static void on_notice(void *owner, const char *channel, const char *payload)
{
    struct fan_out *f = owner;
    struct span rest = span_of(payload);
    struct span number = span_take(&rest, ':');
    uint64_t ledger, seq;

    (void)channel;
    if (!number.size) {
        for (int i = 0; i < LEDGER_COUNT; i++)
            if (i == LEDGER_PLATFORM || f->notices[i].committed)
                tell_here(f, i, 0);
        return;
    }
    if (!span_to_number(number, LEDGER_COUNT - 1, &ledger) ||
        !span_to_number(rest, INT64_MAX, &seq))
        return;
    if ((int64_t)seq > f->notices[ledger].committed) {
        f->notices[ledger].committed = f->notices[ledger].told = (int64_t)seq;
        tell_here(f, (int)ledger, (int64_t)seq);
    }
}

struct fan_out *fan_out_open(struct server *server)
{
    struct fan_out *f = calloc(1, sizeof *f);

    CHECK(f);
    f->server = server;
    for (int i = 0; i < LEDGER_COUNT; i++) {
        f->notices[i].fan_out = f;
        f->notices[i].ledger = i;
    }
    f->listener =
        db_listener_open(server->loop, server->config->database_url, CHANNELS, on_notice, f);
    return f;
}

void fan_out_close(struct fan_out *f)
{
    f->is_closed = true;
    db_listener_close(f->listener);
}

void fan_out_free(struct fan_out *f)
{
    free(f);
}

void fan_out_subscribe(struct fan_out *f, fan_out_heard *heard, void *owner)
{
    CHECK(f->subscriber_count < SUBSCRIBERS_MAX);
    f->subscribers[f->subscriber_count].heard = heard;
    f->subscribers[f->subscriber_count++].owner = owner;
}
