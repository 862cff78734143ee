/* SPDX-License-Identifier: MIT */
#include "services/gated/alarm_watch.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "services/gated/gate_index.h"
#include "services/gated/server.h"
#include "services/gated/snapshot.h"

enum { LOOK_MS = 15000 };

/* The look at one gate. */
struct look {
    struct snapshot_waiter waiter;
    bool is_under_way;
};

struct alarm_watch {
    struct server *server;
    int64_t looked_ms; /* steady */
    struct look looks[LEDGER_COUNT];
};

/* What was read is written down already; a database that does not answer is asked again. */
static void on_figures(struct snapshot_waiter *waiter, enum fault fault, struct snapshot *copy)
{
    (void)fault;
    (void)copy;
    container_of(waiter, struct look, waiter)->is_under_way = false;
}

static void look_at(void *context, int gate)
{
    struct alarm_watch *watch = context;
    struct look *look = &watch->looks[gate];

    if (look->is_under_way)
        return;
    look->is_under_way = true;
    look->waiter = (struct snapshot_waiter){
        .done = on_figures,
        .now_ms = gate_clock_now(&watch->server->clocks[gate], clock_wall_ms()),
    };
    snapshot_ask(watch->server->snapshots, SNAPSHOT_STATS, gate, &look->waiter);
}

void alarm_watch_look(struct alarm_watch *watch)
{
    if (clock_steady_ms() - watch->looked_ms < LOOK_MS || !watch->server->gates)
        return;
    watch->looked_ms = clock_steady_ms();
    gate_index_each(watch->server->gates, look_at, watch);
}

struct alarm_watch *alarm_watch_open(struct server *server)
{
    struct alarm_watch *watch = calloc(1, sizeof *watch);

    CHECK(watch);
    watch->server = server;
    watch->looked_ms = clock_steady_ms();
    return watch;
}

void alarm_watch_free(struct alarm_watch *watch)
{
    free(watch);
}
