/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/rows.h"

#include <inttypes.h>
#include <stdio.h>

#include "simulator/bench/history/deeds.h"

enum { REPLY_MS = 48 * 3600000, UUID_BYTES = 16, EXITS_BEFORE_PROMISES = 5 };

void rows_reply(struct world *world, const struct life *life, int64_t at_ms)
{
    struct copy *copy = &world->tables.reply;
    uint64_t key[2] = {random_next(&world->random), random_next(&world->random)};
    char body[512], version[16];

    if (at_ms < world->until_ms - REPLY_MS)
        return;
    snprintf(version, sizeof version, "%d", life->version);
    snprintf(body, sizeof body,
             "{\"crossing\":{\"id\":\"%014" PRId64 "\",\"declaration\":\"%" PRId64
             "\",\"plate\":\"%s\","
             "\"state\":\"%s\",\"version\":%d,\"@open\":0},\"event\":\"%s-%" PRId64 "\"}",
             life->id, life->declaration, life->plate, life_state(life), life->version,
             world->facts->gates[life->gate].code, life->last_seq);
    copy_row(copy, 8);
    copy_int16(copy, life->gate);
    copy_bytes(copy, key, UUID_BYTES);
    copy_bytes(copy, key, UUID_BYTES);
    copy_time(copy, at_ms);
    copy_text(copy, "ok");
    copy_int16(copy, 201);
    copy_text(copy, version);
    copy_text(copy, body);
}

static void write_promise(struct copy *copy, const struct life *life, const char *kind,
                          int64_t made_ms, int ahead, struct interval interval, int64_t outcome_ms)
{
    copy_row(copy, 7);
    copy_int64(copy, life->id);
    copy_text(copy, kind);
    copy_time(copy, made_ms);
    copy_int32(copy, ahead);
    copy_int32(copy, interval.p50_s);
    copy_int32(copy, interval.p90_s);
    copy_time(copy, outcome_ms);
}

void rows_called(struct world *world, const struct life *life, int passed, int delay_s)
{
    struct copy *copy = &world->tables.overtake;

    write_promise(&world->tables.prediction, life, "call", life->begun_ms, life->ahead,
                  life->promised, life->called_ms);
    if (!passed)
        return;
    copy_row(copy, 7);
    copy_int16(copy, life->gate);
    copy_int64(copy, life->last_seq);
    copy_time(copy, life->called_ms);
    copy_int64(copy, life->id);
    copy_int32(copy, passed);
    copy_int32(copy, delay_s);
    copy_text(copy, OVERTAKE_REASON);
}

static void write_declaration(struct world *world, const struct life *life)
{
    struct copy *copy = &world->tables.declaration;
    char document[DOCUMENT_ROOM];

    life_document(life, world->facts, document);
    copy_row(copy, 21);
    copy_int64(copy, life->declaration);
    copy_int16(copy, life->gate);
    copy_int32(copy, life->firm->id);
    copy_int32(copy, life->firm->principal);
    copy_bool(copy, false);
    copy_text(copy, DIRECTION_NAMES[life->direction]);
    copy_text(copy, world->facts->gates[life->gate].route);
    copy_text(copy, "completed");
    copy_int32(copy, 3); /* filed, begun, completed */
    copy_time(copy, life->planned_ms);
    copy_time(copy, life->window_ms);
    copy_text(copy, CLASS_NAMES[life->class]);
    copy_label(copy, world->facts->class_type, CLASS_NAMES[life->class]);
    copy_int32(copy, world->facts->procedure);
    copy_bool(copy, false);
    copy_jsonb(copy, document);
    copy_jsonb(copy, "[]");
    copy_jsonb(copy, "[]");
    copy_time(copy, life->filed_ms);
    copy_time(copy, life->last_ms);
    copy_time(copy, life->last_ms);
}

static void write_names(struct copy *copy, const struct world *world, const struct life *life)
{
    copy_int64(copy, life->id);
    copy_int64(copy, life->declaration);
    copy_int16(copy, life->gate);
    copy_int32(copy, life->firm->id);
    copy_text(copy, "main");
    copy_int16(copy, 0);
    copy_text(copy, DIRECTION_NAMES[life->direction]);
    copy_text(copy, world->facts->gates[life->gate].route);
    copy_text(copy, CLASS_NAMES[life->class]);
    copy_text(copy, life->plate);
    copy_text(copy, "VN");
}

static void write_crossing(struct world *world, const struct life *life)
{
    struct copy *copy = &world->tables.crossing;

    copy_row(copy, 35);
    write_names(copy, world, life);
    copy_int32(copy, world->facts->procedure);
    copy_bool(copy, false);
    copy_text(copy, life->channel);
    copy_int32(copy, life->required);
    copy_int32(copy, life->done);
    copy_text(copy, "exited");
    copy_int32(copy, life->version);
    copy_int32(copy, 1);
    copy_text(copy, world->facts->pass_key);
    copy_time(copy, life->filed_ms);
    copy_time(copy, life->planned_ms + world->facts->pass_ms);
    copy_time(copy, life->planned_ms);
    copy_time(copy, life->window_ms);
    copy_time(copy, life->joined_ms);
    copy_time(copy, life->rank_ms);
    copy_int32(copy, world->facts->rule);
    copy_time(copy, life->called_ms);
    copy_int16(copy, life->lane);
    copy_times(copy, life->done_ms, EXIT + 1);
    copy_int64(copy, life->last_seq);
    copy_int32(copy, life->last_by);
    copy_time(copy, life->last_ms);
    copy_time(copy, life->filed_ms);
    copy_time(copy, life->last_ms);
}

/* Kiosks refuse a pass that was used as long as its signature is good. */
static void write_revocation(struct world *world, const struct life *life)
{
    struct copy *copy = &world->tables.revocation;
    int64_t until_ms = life->planned_ms + world->facts->pass_ms;

    if (until_ms < world->until_ms)
        return;
    copy_row(copy, 5);
    copy_int16(copy, life->gate);
    copy_int64(copy, life->id);
    copy_int32(copy, 2);
    copy_time(copy, life->last_ms);
    copy_time(copy, until_ms > life->last_ms ? until_ms : life->last_ms);
}

void rows_end(struct world *world, struct life *life)
{
    struct gate_world *gate = &world->gates[life->gate];
    struct service_pace *service = &gate->service[life->direction][life->class];

    write_declaration(world, life);
    write_crossing(world, life);
    write_revocation(world, life);
    if (life->window_ms > life->last_ms)
        gate->booked[life->direction][(life->window_ms - world->begin_ms) / WINDOW_MS]--;
    if (service->exits >= EXITS_BEFORE_PROMISES)
        write_promise(&world->tables.prediction, life, "exit", life->called_ms, 0,
                      service_interval(service), life->last_ms);
    service_learn(service, life->last_ms - life->called_ms);
}
