/* SPDX-License-Identifier: MIT
 * The same questions asked of the database itself, read only, where it can be reached
 * (GATE_DATABASE_URL).
 */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "simulator/live/parts.h"

enum { COLUMNS_MAX = 4 };

/* The numbers of the first row; false when there is none. */
static bool query(PGconn *db, const char *sql, int count, const char *const *values,
                  int64_t numbers[COLUMNS_MAX])
{
    PGresult *rows = PQexecParams(db, sql, count, NULL, values, NULL, NULL, 0);
    bool is_good = PQresultStatus(rows) == PGRES_TUPLES_OK && PQntuples(rows) > 0;

    for (int i = 0; is_good && i < PQnfields(rows) && i < COLUMNS_MAX; i++)
        numbers[i] = strtoll(PQgetvalue(rows, 0, i), NULL, 10);
    PQclear(rows);
    return is_good;
}

/* As arrays: {1,2,…} of the events, and of the crossings they are about. */
static void print_receipts(const struct live *live, unsigned gate, struct buffer *seqs,
                           struct buffer *ids)
{
    const struct live_gate *g = &live->gates[gate];

    for (size_t i = 0; i < g->receipt_count; i++) {
        buffer_print(seqs, "%s%" PRIu64, i ? "," : "{", g->receipts[i].seq);
        buffer_print(ids, "%s%" PRIu64, i ? "," : "{", live->lived[g->receipts[i].crossing].id);
    }
    buffer_add_text(seqs, g->receipt_count ? "}" : "{}");
    buffer_add_text(ids, g->receipt_count ? "}" : "{}");
    buffer_add(seqs, (struct span){"", 1});
    buffer_add(ids, (struct span){"", 1});
}

static void check_gate(struct live *live, PGconn *db, unsigned gate)
{
    static const char SQL[] =
        "select count(e.seq), (select count(*) from (select e.crossing from gate.event e "
        "  where e.ledger = l.number and e.type = 'declared' group by 1 having count(*) > 1) d) "
        "from gate.ledger l cross join unnest($2::bigint[], $3::bigint[]) r (seq, crossing) "
        "left join gate.event e on e.ledger = l.number and e.seq = r.seq and e.crossing = "
        "r.crossing "
        "where l.code = $1 group by l.number";
    static const char CROSSINGS[] =
        "select count(*), count(*) filter (where x.state = 'exited' or x.state = 'returned') "
        "from unnest($1::bigint[]) w (id) join gate.crossing x on x.id = w.id";
    struct buffer seqs = {0}, ids = {0}, ours = {0};
    int64_t events[COLUMNS_MAX] = {0}, crossings[COLUMNS_MAX] = {0};
    uint64_t declared = 0;

    print_receipts(live, gate, &seqs, &ids);
    for (size_t i = 0; i < live->day.count; i++)
        if (live->day.passages[i].gate == gate && live->lived[i].id)
            buffer_print(&ours, "%s%" PRIu64, declared++ ? "," : "{", live->lived[i].id);
    buffer_add_text(&ours, declared ? "}" : "{}");
    buffer_add(&ours, (struct span){"", 1});
    const char *values[] = {gate_code(live, gate), seqs.at, ids.at};
    bool is_read = (!live->gates[gate].receipt_count || query(db, SQL, 3, values, events)) &&
                   query(db, CROSSINGS, 1, (const char *const[]){ours.at}, crossings);
    invariant(live,
              is_read && (uint64_t)events[0] == live->gates[gate].receipt_count && !events[1] &&
                  (uint64_t)crossings[0] == declared &&
                  crossings[1] == (int64_t)live->tally->gates[gate].fates[FATE_EXITED],
              "the database holds the same",
              "%s: %" PRId64 " of %zu receipts, %" PRId64 " of %" PRIu64 " crossings, %" PRId64
              " exited%s%.60s",
              gate_code(live, gate), events[0], live->gates[gate].receipt_count, crossings[0],
              declared, crossings[1], is_read ? "" : "; ", is_read ? "" : PQerrorMessage(db));
    buffer_free(&seqs);
    buffer_free(&ids);
    buffer_free(&ours);
}

void database_check(struct live *live)
{
    const char *url = getenv("GATE_DATABASE_URL");

    if (!url || !*url) {
        remark(live, "the database holds the same",
               "not asked: GATE_DATABASE_URL says no database");
        return;
    }
    PGconn *db = PQconnectdb(url);
    if (PQstatus(db) == CONNECTION_OK)
        PQclear(PQexec(db, "set default_transaction_read_only = on"));
    for (unsigned g = 0; g < (unsigned)live->scenario->gate_count; g++)
        check_gate(live, db, g);
    PQfinish(db);
}
