/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/form/taxcode.h"
#include "simulator/bench/history/copy.h"

const char *const CLASS_NAMES[CLASSES] = {"perishable", "frozen_live", "electronics",
                                          "general",    "new_vehicle", "empty"};
const char *const DIRECTION_NAMES[DIRECTIONS] = {"import", "export"};

static int number(const PGresult *rows, int row, int column)
{
    return atoi(PQgetvalue(rows, row, column));
}

static void text(const PGresult *rows, int row, int column, char *to, size_t room)
{
    CHECK((size_t)snprintf(to, room, "%s", PQgetvalue(rows, row, column)) < room);
}

static enum direction direction(const PGresult *rows, int row, int column)
{
    return PQgetvalue(rows, row, column)[0] == 'i' ? IMPORT : EXPORT;
}

static void read_gates(struct facts *facts, PGconn *db)
{
    PGresult *rows =
        copy_query(db,
                   "select g.number, g.code, r.code from gate.gate g join gate.route r "
                   "on r.gate = g.number and r.main where g.number <= 2",
                   NULL);

    CHECK(PQntuples(rows) == GATES);
    for (int i = 0; i < GATES; i++) {
        struct gate_facts *gate = &facts->gates[number(rows, i, 0)];
        text(rows, i, 1, gate->code, sizeof gate->code);
        text(rows, i, 2, gate->route, sizeof gate->route);
    }
    PQclear(rows);
}

/* One row for each lane and direction it serves. */
static void read_lanes(struct facts *facts, PGconn *db)
{
    PGresult *rows = copy_query(
        db,
        "select l.gate, l.number, d, gate.window_places(l.gate, d, now()) from gate.lane l, "
        "unnest(l.directions) d where l.gate <= 2 order by 1, 2",
        NULL);

    for (int i = 0; i < PQntuples(rows); i++) {
        struct gate_facts *gate = &facts->gates[number(rows, i, 0)];
        enum direction d = direction(rows, i, 2);
        CHECK(gate->lane_count[d] < LANES_MAX);
        gate->lanes[d][gate->lane_count[d]++] = number(rows, i, 1);
        gate->places[d] = number(rows, i, 3);
    }
    PQclear(rows);
}

static void read_steps(struct facts *facts, PGconn *db)
{
    PGresult *rows = copy_query(
        db,
        "select s.bit, s.code, s.agency, coalesce((select min(p.id) from gate.principal p "
        "where p.agency = s.agency and p.role = 'officer' or p.role = s.agency), 0) from gate.step "
        "s",
        NULL);

    for (int i = 0; i < PQntuples(rows); i++) {
        struct step_facts *step = &facts->steps[number(rows, i, 0)];
        text(rows, i, 1, step->code, sizeof step->code);
        text(rows, i, 2, step->agency, sizeof step->agency);
        step->officer = number(rows, i, 3);
    }
    PQclear(rows);
}

static void read_rules(struct facts *facts, PGconn *db)
{
    PGresult *rows = copy_query(
        db,
        "select r.version, r.pass_s, r.claim_s, (select max(version) from gate.procedure), "
        "'gate.goods_class'::regtype::oid::int8, gate.pass_key_at(now()), "
        "(r.credits ->> 'perishable'), (r.credits ->> 'frozen_live'), (r.credits ->> "
        "'electronics'), "
        "(r.credits ->> 'general'), (r.credits ->> 'new_vehicle'), (r.credits ->> 'empty') "
        "from gate.rule_at(now()) r",
        NULL);

    facts->rule = number(rows, 0, 0);
    facts->pass_ms = number(rows, 0, 1) * 1000LL;
    facts->claim_ms = number(rows, 0, 2) * 1000LL;
    facts->procedure = number(rows, 0, 3);
    facts->class_type = (uint32_t)strtoul(PQgetvalue(rows, 0, 4), NULL, 10);
    text(rows, 0, 5, facts->pass_key, sizeof facts->pass_key);
    for (int i = 0; i < CLASSES; i++)
        facts->credits[i] = number(rows, 0, 6 + i);
    PQclear(rows);
}

static void read_masks(struct facts *facts, PGconn *db)
{
    PGresult *rows = copy_query(
        db,
        "select direction, always, perishable, frozen_live, inspected from gate.procedure_kind "
        "where role = 'main' and version = (select max(version) from gate.procedure)",
        NULL);

    for (int i = 0; i < PQntuples(rows); i++) {
        enum direction d = direction(rows, i, 0);
        facts->always[d] = number(rows, i, 1);
        facts->perishable[d] = number(rows, i, 2);
        facts->frozen_live[d] = number(rows, i, 3);
        facts->inspected[d] = number(rows, i, 4);
    }
    PQclear(rows);
}

/* The n-th of a range that is never issued, with its check digit. */
static void tax_code(int n, char code[TAXCODE_ROOM])
{
    char typed[32];

    for (int last = 0; last < 10; last++) {
        snprintf(typed, sizeof typed, "99001%04d%d", n, last);
        if (taxcode_read(span_of(typed), code) == MESSAGE_NONE)
            return;
    }
    code[0] = '\0'; /* one number in eleven has no check digit */
}

static void add_firms(PGconn *db, int wanted)
{
    char code[TAXCODE_ROOM];
    struct buffer batch = {0};
    int added = 0;

    for (int n = 0; added < wanted; n++) {
        tax_code(n, code);
        if (!code[0])
            continue;
        buffer_print(&batch,
                     "%s{\"verb\":\"firm_add\",\"now\":%lld,\"client\":0,\"actor\":{\"id\":0,"
                     "\"role\":\"admin\",\"gates\":[]},\"args\":{\"tax_code\":\"%s\","
                     "\"name\":\"Công ty Mẫu %s\"}}",
                     added++ ? "," : "[", (long long)clock_wall_ms(), code, code);
    }
    buffer_add_text(&batch, "]");
    if (added)
        PQclear(copy_query(db, "select count(*) from api.apply(0::smallint, $1::jsonb)", batch.at));
    buffer_free(&batch);
}

static void read_firms(struct facts *facts, PGconn *db, int wanted)
{
    static const char FIRMS[] =
        "select firm, id from gate.principal where role = 'firm' order by id";
    PGresult *rows = copy_query(db, FIRMS, NULL);

    if (PQntuples(rows) < wanted) {
        add_firms(db, wanted - PQntuples(rows));
        PQclear(rows);
        rows = copy_query(db, FIRMS, NULL);
    }
    for (int i = 0; i < PQntuples(rows) && i < FIRMS_MAX; i++)
        facts->firms[facts->firm_count++] =
            (struct firm_facts){number(rows, i, 0), number(rows, i, 1)};
    PQclear(rows);
    CHECK(facts->firm_count > 0);
}

static void refuse_what_lives(PGconn *db)
{
    PGresult *rows =
        copy_query(db,
                   "select (select coalesce(bool_or(sandbox), false) from gate.platform) "
                   "and not exists (select from gate.crossing) "
                   "and not exists (select from gate.ledger where number > 0 and seq > 0)",
                   NULL);
    bool is_empty = PQgetvalue(rows, 0, 0)[0] == 't';

    PQclear(rows);
    if (is_empty)
        return;
    fprintf(stderr, "gatehistory: only a sandbox without any crossing is given a past\n");
    exit(2);
}

void facts_read(struct facts *facts, PGconn *db, int firms)
{
    *facts = (struct facts){0};
    refuse_what_lives(db);
    read_gates(facts, db);
    read_lanes(facts, db);
    read_steps(facts, db);
    read_rules(facts, db);
    read_masks(facts, db);
    read_firms(facts, db, firms);
}
