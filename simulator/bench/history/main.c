/* SPDX-License-Identifier: MIT
 * gatehistory: gives a fresh sandbox a past, so that what grows with it can be measured.
 *
 *   gatehistory [--crossings N] [--events N] [--seed S]
 *
 * By default three years: 1,300,000 crossings with 20,000,000 events. The rows are those that the
 * service writes, ledgers with a good chain included; all vehicles have left by now. Writes as the
 * owner of the database (GATE_DATABASE_URL), straight into its tables: gated must be restarted.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "simulator/bench/history/world.h"

enum { CROSSINGS_MAX = 10000000, CROSSINGS_OF_A_FIRM = 2000 };

static void usage(void)
{
    fputs(
        "usage: gatehistory [--crossings N] [--events N] [--seed S]\n"
        "  a past for a fresh sandbox: N crossings (1300000), at 1187 a day, with about N events\n"
        "  (20000000 for as many; --events 0: as few as they need). Writes to GATE_DATABASE_URL,\n"
        "  which gated must not have read yet.\n",
        stderr);
    exit(2);
}

static uint64_t number_of(const char *text, uint64_t most)
{
    uint64_t value = 0;

    if (!text || !span_to_number(span_of(text), most, &value))
        usage();
    return value;
}

static struct plan read_plan(int argc, char **argv)
{
    struct plan plan = {.crossings = 1300000, .events = -1, .seed = 1};

    for (int i = 1; i < argc; i += 2) {
        if (!strcmp(argv[i], "--crossings"))
            plan.crossings = (unsigned)number_of(argv[i + 1], CROSSINGS_MAX);
        else if (!strcmp(argv[i], "--events"))
            plan.events = (int64_t)number_of(argv[i + 1], 100ull * CROSSINGS_MAX);
        else if (!strcmp(argv[i], "--seed"))
            plan.seed = number_of(argv[i + 1], UINT64_MAX);
        else
            usage();
    }
    if (plan.crossings < 1)
        usage();
    if (plan.events < 0)
        plan.events = (int64_t)plan.crossings * 200 / 13;
    plan.until_ms = clock_wall_ms();
    return plan;
}

static int firms_of(const struct plan *plan)
{
    unsigned firms = plan->crossings / CROSSINGS_OF_A_FIRM + 2;

    return firms > FIRMS_MAX ? FIRMS_MAX : (int)firms;
}

static void fill(struct world *world, const struct plan *plan, const struct facts *facts,
                 PGconn *db, const char *url)
{
    int64_t begun_ms = clock_steady_ms();

    tables_open(&world->tables, db, url);
    world_run(world, plan, facts);
    world_write_windows(world);
    tables_close(&world->tables);
    world_write_heads(world, db);
    int64_t written_ms = clock_steady_ms();
    int64_t events = world->gates[1].book.seq + world->gates[2].book.seq;
    fprintf(stderr, "  rows written in %.1f s; indexes and statistics\n",
            (double)(written_ms - begun_ms) / 1000);
    tables_finish(&world->tables, db);
    double seconds = (double)(clock_steady_ms() - begun_ms) / 1000;
    PGresult *size =
        copy_query(db, "select pg_size_pretty(pg_database_size(current_database()))", NULL);
    printf("%u crossings, %" PRId64 " events in %.1f s (%.0f events/s), %s\n", world->crossings,
           events, seconds, (double)events / seconds, PQgetvalue(size, 0, 0));
    PQclear(size);
}

int main(int argc, char **argv)
{
    static struct world world;
    static struct facts facts;
    struct plan plan = read_plan(argc, argv);
    const char *url = getenv("GATE_DATABASE_URL");

    if (!url) {
        fputs("gatehistory: GATE_DATABASE_URL is not set; run it with tests/with-service\n",
              stderr);
        return 2;
    }
    CHECK(sodium_init() >= 0);
    PGconn *db = copy_connect(url);
    facts_read(&facts, db, firms_of(&plan));
    fill(&world, &plan, &facts, db, url);
    PQfinish(db);
    world_free(&world);
    return 0;
}
