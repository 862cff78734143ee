/* SPDX-License-Identifier: MIT */
#include "services/gated/audience.h"

#include <stdlib.h>

#include "common/json/write.h"
#include "services/gated/auth.h"
#include "services/gated/event_types.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/key_table.h"
#include "services/gated/server.h"

enum { PAGE = 200 };

static bool has_gate(const struct audience *audience, int ledger)
{
    return audience->gates[ledger / 8] & 1u << ledger % 8;
}

/* --- from the query -------------------------------------------------------------------------- */

static void fail(struct request *r, const char *parameter)
{
    failures_add(&r->failures, span_of(parameter), MESSAGE_UNKNOWN_VALUE);
}

static void read_gate(struct request *r, struct audience *audience)
{
    struct span code = span_of(http_query(r->exchange, "gate"));

    audience->gate = -1;
    if (!code.at)
        return;
    audience->gate = gate_index_find(r->server->gates, code);
    if (audience->gate < 0)
        fail(r, "gate");
}

static void read_types(struct request *r, struct audience *audience)
{
    audience->types = span_of(http_query(r->exchange, "types"));
    if (audience->types.at &&
        (audience->types.size > AUDIENCE_TYPES_MAX || !event_types_are_known(audience->types)))
        fail(r, "types");
}

enum fault audience_of(struct request *r, struct audience *audience)
{
    const struct principal *principal = r->principal;

    *audience = (struct audience){
        .role = principal->role,
        .firm = principal->firm,
        .actor = principal->actor,
    };
    memcpy(audience->gates, principal->gates, sizeof audience->gates);
    read_gate(r, audience);
    read_types(r, audience);
    if (r->failures.count)
        return FAULT_BAD_QUERY;
    return audience->gate < 0 ? OK : auth_gate(r, audience->gate);
}

/* --- as a value ------------------------------------------------------------------------------ */

struct audience *audience_copy(const struct audience *audience)
{
    struct audience *copy = malloc(sizeof *copy + audience->types.size + audience->actor.size);

    CHECK(copy);
    *copy = *audience;
    char *at = (char *)(copy + 1);
    if (audience->types.size)
        memcpy(at, audience->types.at, audience->types.size);
    copy->types.at = at;
    at += audience->types.size;
    if (audience->actor.size)
        memcpy(at, audience->actor.at, audience->actor.size);
    copy->actor.at = at;
    return copy;
}

bool audience_is_equal(const struct audience *a, const struct audience *b)
{
    return a->role == b->role && a->firm == b->firm && a->gate == b->gate &&
           !memcmp(a->gates, b->gates, sizeof a->gates) && span_is_equal(a->types, b->types);
}

bool audience_is_of(const struct audience *audience, const struct principal *principal)
{
    return audience->role == principal->role && audience->firm == principal->firm &&
           !memcmp(audience->gates, principal->gates, sizeof audience->gates);
}

/* --- what it sees ---------------------------------------------------------------------------- */

bool audience_follows(const struct audience *audience, int ledger)
{
    if (audience->gate >= 0 && audience->gate != ledger)
        return false;
    if (audience->role == ROLE_FIRM)
        return true;
    if (ledger == LEDGER_PLATFORM)
        return audience->role == ROLE_ADMIN;
    return has_gate(audience, ledger);
}

static bool has_type(const struct audience *audience, struct span type)
{
    struct span rest = audience->types;

    if (!rest.size)
        return true;
    while (rest.size)
        if (span_is_equal(span_take(&rest, ','), type))
            return true;
    return false;
}

bool audience_sees(const struct audience *audience, int ledger, const struct feed_event *event)
{
    if (!audience_follows(audience, ledger))
        return false;
    if (audience->role == ROLE_FIRM && (!event->firm || event->firm != audience->firm))
        return false;
    return has_type(audience, event->type);
}

unsigned audience_parts(const struct audience *audience, int ledger)
{
    if (audience->role == ROLE_FIRM)
        return PART_FIRM;
    if (audience->role == ROLE_ADMIN && ledger != LEDGER_PLATFORM)
        return PART_OFFICER;
    return PART_FIRM | PART_OFFICER;
}

/* --- in words -------------------------------------------------------------------------------- */

void audience_list(const struct audience *audience, struct buffer *out)
{
    buffer_add(out, SPAN("events:"));
    if (audience->firm)
        buffer_print(out, "f%lld", (long long)audience->firm);
    else
        buffer_add_text(out, role_name(audience->role));
    buffer_add(out, SPAN(":"));
    buffer_add(out, audience->types);
}

void audience_write(const struct audience *audience, struct buffer *out)
{
    struct span types = audience->types;

    if (audience->gate >= 0)
        write_integer(out, "gate", audience->gate);
    if (!types.size)
        return;
    write_array(out, "types");
    while (types.size)
        write_text(out, NULL, span_take(&types, ','));
    write_array_end(out);
}

void audience_ask(const struct audience *audience, int64_t now_ms, struct span after,
                  struct buffer *out)
{
    write_object(out, NULL);
    write_integer(out, "now", now_ms);
    write_raw(out, "actor", audience->actor);
    write_integer(out, "limit", PAGE);
    audience_write(audience, out);
    if (after.size)
        write_text(out, "after", after);
    write_object_end(out);
}
