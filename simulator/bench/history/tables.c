/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/tables.h"

#include <stdio.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"

/* Keys and indexes of the big tables. */
static const char INDEXES[] =
    "select c.relname, "
    "case when k.oid is null then format('drop index gate.%I', c.relname) "
    "  else format('alter table %s drop constraint %I', i.indrelid::regclass, k.conname) end, "
    "case when k.oid is null then pg_get_indexdef(i.indexrelid) "
    "  else format('alter table %s add constraint %I %s', i.indrelid::regclass, k.conname, "
    "    pg_get_constraintdef(k.oid)) end "
    "from pg_index i join pg_class c on c.oid = i.indexrelid "
    "left join pg_constraint k on k.conindid = i.indexrelid "
    "where i.indrelid = any ('{gate.event,gate.event_private,gate.declaration,gate.crossing,"
    "gate.prediction}'::regclass[])";

/* Rows are frozen as they come, or the first reader of each page would write it: that needs a
 * table that was emptied in the same transaction. The platform's own events come back. */
static const char EVENT_BEFORE[] =
    "alter table gate.event disable trigger user;"
    "create temp table kept on commit drop as select * from gate.event;"
    "truncate gate.event; insert into gate.event select * from kept";
static const char EVENT_AFTER[] = "alter table gate.event enable trigger user";
static const char SECRET_BEFORE[] =
    "alter table gate.event_private disable trigger user;"
    "create temp table kept on commit drop as select * from gate.event_private;"
    "truncate gate.event_private; insert into gate.event_private select * from kept";
static const char SECRET_AFTER[] = "alter table gate.event_private enable trigger user";

static void drop_indexes(struct tables *tables, PGconn *db)
{
    tables->indexes = copy_query(db, INDEXES, NULL);
    for (int i = 0; i < PQntuples(tables->indexes); i++)
        copy_run(db, PQgetvalue(tables->indexes, i, 1));
}

void tables_open(struct tables *tables, PGconn *db, const char *url)
{
    drop_indexes(tables, db);
    copy_open(&tables->event, url, "gate.event", "ledger, seq, at, type, crossing, body, hash",
              EVENT_BEFORE, ", freeze");
    copy_open(&tables->secret, url, "gate.event_private", "ledger, seq, firm, salt, body",
              SECRET_BEFORE, ", freeze");
    copy_open(
        &tables->declaration, url, "gate.declaration",
        "number, gate, firm, filed_by, on_behalf, direction, route, state, version, planned_at,"
        "window_from, class, classes, procedure, across, document, rule_failures, warnings,"
        "filed_at, changed_at, ended_at",
        "truncate gate.declaration", ", freeze");
    copy_open(&tables->crossing, url, "gate.crossing",
              "id, declaration, gate, firm, role, ordinal, direction, route, class, plate,"
              "nationality, procedure, across, channel, required, done, state, version,"
              "pass_version, pass_key, pass_from, pass_until, planned_at, window_from, joined_at,"
              "rank_at, rule, called_at, lane, done_at, last_seq, last_by, last_step_at, filed_at,"
              "ended_at",
              "truncate gate.crossing", ", freeze");
    copy_open(&tables->prediction, url, "gate.prediction",
              "crossing, kind, made_at, ahead, p50_s, p90_s, outcome_at",
              "truncate gate.prediction", ", freeze");
    copy_open(&tables->revocation, url, "gate.revocation", "gate, crossing, below, at, until",
              "truncate gate.revocation", "");
    copy_open(&tables->overtake, url, "gate.overtake",
              "gate, seq, at, crossing, passed, delay_s, reason", "truncate gate.overtake", "");
    copy_open(&tables->booking, url, "gate.window_booking", "gate, direction, starts_at, booked",
              "truncate gate.window_booking", "");
    copy_open(&tables->reply, url, "gate.reply",
              "ledger, key, digest, at, code, status, etag, body", "select 1", "");
}

void tables_close(struct tables *tables)
{
    copy_close(&tables->event, EVENT_AFTER);
    copy_close(&tables->secret, SECRET_AFTER);
    copy_close(&tables->declaration, "select 1");
    copy_close(&tables->crossing, "select 1");
    copy_close(&tables->prediction, "select 1");
    copy_close(&tables->revocation, "select 1");
    copy_close(&tables->overtake, "select 1");
    copy_close(&tables->booking, "select 1");
    copy_close(&tables->reply, "select 1");
}

void tables_finish(struct tables *tables, PGconn *db)
{
    copy_run(db, "set maintenance_work_mem = '512MB'");
    for (int i = 0; i < PQntuples(tables->indexes); i++) {
        int64_t begun_ms = clock_steady_ms();
        copy_run(db, PQgetvalue(tables->indexes, i, 2));
        if (clock_steady_ms() - begun_ms > 1000)
            fprintf(stderr, "  %s made in %.0f s\n", PQgetvalue(tables->indexes, i, 0),
                    (double)(clock_steady_ms() - begun_ms) / 1000);
    }
    PQclear(tables->indexes);
    copy_run(db, "vacuum (analyze) gate.event");
    copy_run(db, "vacuum (analyze) gate.event_private");
    copy_run(db, "vacuum (analyze) gate.declaration");
    copy_run(db, "vacuum (analyze) gate.crossing");
    copy_run(db, "vacuum (analyze) gate.prediction");
    copy_run(db, "vacuum (analyze) gate.reply");
    copy_run(db, "analyze");
}
