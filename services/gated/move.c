/* SPDX-License-Identifier: MIT
 * A declaration goes to the other gate: out of one ledger, then into the other, so that no
 * transaction holds two. The client's key names both commands: whatever died between them, the same
 * request sent again finishes the move.
 */
#include "common/json/read.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/idempotency.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

enum { REASON_MAX = 500, GATE_MAX = 20 };

struct move {
    struct span number;
    struct span key; /* the client's */
    int from, to;    /* ledgers */
};

static enum fault read_body(struct request *r, struct move *move, struct span *reason)
{
    struct object body;
    struct span gate = {0};

    TRY(body_open(ask_body(r), &r->failures, &body));
    read_text(&body, "gate", REQUIRED, GATE_MAX, &gate);
    read_note(&body, "reason", OPTIONAL, REASON_MAX, reason);
    object_close(&body);
    move->to = gate_index_find(r->server->gates, gate);
    if (gate.size && (move->to < 0 || move->to == move->from))
        failures_add(&r->failures, SPAN("/gate"), MESSAGE_UNKNOWN_VALUE);
    return failures_fault(&r->failures);
}

/* The papers are what the first gate said; the second one's time is its own. */
static enum fault move_in(struct request *r, struct span papers)
{
    const struct move *move = r->context;
    struct touched touched = {.arena = r->arena};

    TRY(ask_ledger(r, move->to));
    touched_add(&touched, "declaration", move->number);
    ask_many(r, 1, NULL);
    ask_command(r, 0, move->to, "move_in", move->key, move->number, papers, &touched);
    return OK;
}

static void move_on(struct request *r, const struct answer *answer)
{
    enum fault fault = OK;

    if (!answer->fault) {
        fault = move_in(r, arena_copy(r->arena, answer->body));
        if (!fault) {
            request_submit_commands(r);
            return;
        }
        reply_fault(r, fault);
    } else {
        reply_answer(r, answer);
    }
    request_end(r);
}

static struct span write_out(struct request *r, const struct move *move, struct span reason)
{
    struct buffer args = {0};

    write_object(&args, NULL);
    write_text(&args, "number", move->number);
    write_integer(&args, "to", move->to);
    if (reason.size)
        write_text(&args, "reason", reason);
    write_object_end(&args);
    return ask_text(r, &args);
}

/* {"gate","reason"?}. Who works at the gates must work at both. */
enum fault move_ask(struct request *r)
{
    struct move *move = arena_alloc(r->arena, sizeof *move);
    struct touched touched = {.arena = r->arena};
    struct span reason = {0};

    TRY(ask_declaration(r, &move->from, &move->number));
    TRY(read_body(r, move, &reason));
    TRY(idempotency_read(http_header(r->exchange, "Idempotency-Key"), &move->key));
    TRY(ask_ledger(r, move->to));
    TRY(ask_ledger(r, move->from));
    move->number = arena_copy(r->arena, move->number);
    move->key = arena_copy(r->arena, move->key);
    touched_add(&touched, "declaration", move->number);
    r->context = move;
    r->then = move_on;
    return ask_write(r, move->from, "move_out", write_out(r, move, reason), &touched);
}
