/* SPDX-License-Identifier: MIT */
#include "services/gated/ask.h"

#include "common/form/scan.h"
#include "services/gated/auth.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/idempotency.h"
#include "services/gated/key_table.h"
#include "services/gated/server.h"
#include "services/gated/session_table.h"
#include "services/gated/touches.h"

enum { CROSSING_SIZE = 14, DAY_SIZE = 8 };

struct span ask_body(const struct request *r)
{
    return http_ask(r->exchange)->body;
}

struct span ask_text(struct request *r, struct buffer *text)
{
    struct span copy = arena_copy(r->arena, buffer_span(text));

    buffer_free(text);
    return copy;
}

/* --- which ledger --------------------------------------------------------------------------- */

enum fault ask_ledger(struct request *r, int ledger)
{
    if (ledger != LEDGER_PLATFORM) /* that is no gate: its routes say who may */
        TRY(auth_gate(r, ledger));
    r->now_ms = gate_clock_move(&r->server->clocks[ledger], r->given_ms, r->wall_ms);
    if (r->principal && r->principal->session)
        r->left_ms = session_table_seen(r->server->sessions, r->principal->session, r->now_ms);
    else if (r->principal && r->server->keys)
        r->left_ms = key_table_seen(r->server->keys, r->principal->key, r->now_ms);
    return OK;
}

/* Two digits that are the number of a gate; -1 when they are not. */
static int ledger_of_digits(const struct server *server, struct span digits)
{
    uint64_t number;

    if (digits.size != 2 || !span_to_number(digits, LEDGER_COUNT - 1, &number))
        return -1;
    return gate_index_has(server->gates, (int)number) ? (int)number : -1;
}

int ledger_of_crossing(const struct server *server, struct span id)
{
    uint64_t ignored;

    if (id.size != CROSSING_SIZE || !span_to_number(id, UINT64_MAX, &ignored))
        return -1;
    return ledger_of_digits(server, (struct span){id.at, 2});
}

/* The same behind the day of a declaration's number. */
static int ledger_of_declaration(const struct server *server, struct span number)
{
    if (!scan_is_declaration(number))
        return -1;
    return ledger_of_digits(server, (struct span){number.at + DAY_SIZE, 2});
}

static enum fault ask_known(struct request *r, int ledger)
{
    if (ledger < 0)
        return r->server->gates ? FAULT_NOT_FOUND : FAULT_DB_LOST;
    return ask_ledger(r, ledger);
}

enum fault ask_gate(struct request *r, int *ledger)
{
    *ledger = gate_index_find(r->server->gates, request_parameter(r, "gate"));
    return ask_known(r, *ledger);
}

enum fault ask_link(struct request *r, struct span token, int *ledger)
{
    *ledger = ledger_of_digits(r->server, (struct span){token.at, 2});
    return ask_known(r, *ledger);
}

enum fault ask_crossing(struct request *r, int *ledger, struct span *id)
{
    *id = request_parameter(r, "id");
    *ledger = ledger_of_crossing(r->server, *id);
    return ask_known(r, *ledger);
}

enum fault ask_declaration(struct request *r, int *ledger, struct span *number)
{
    *number = request_parameter(r, "number");
    *ledger = ledger_of_declaration(r->server, *number);
    return ask_known(r, *ledger);
}

enum fault ask_event(struct request *r, int *ledger, int64_t *seq)
{
    struct span rest = request_parameter(r, "event");
    struct span code = span_take(&rest, '-');
    uint64_t number = 0;

    *ledger =
        span_to_number(rest, INT64_MAX, &number) ? gate_index_find(r->server->gates, code) : -1;
    *seq = (int64_t)number;
    return ask_known(r, *ledger);
}

/* --- writes --------------------------------------------------------------------------------- */

void touched_add(struct touched *touched, const char *kind, struct span name)
{
    if (touched->count == touched->room) {
        int room = touched->room ? touched->room * 2 : 8;
        uint64_t *grown = arena_alloc(touched->arena, (size_t)room * sizeof *grown);
        for (int i = 0; i < touched->count; i++)
            grown[i] = touched->hashes[i];
        touched->hashes = grown;
        touched->room = room;
    }
    touched->hashes[touched->count++] = touch_of(kind, name);
}

void ask_many(struct request *r, int count, void (*finish)(struct request *r))
{
    r->commands = arena_alloc(r->arena, (size_t)count * sizeof *r->commands);
    r->answers = arena_alloc(r->arena, (size_t)count * sizeof *r->answers);
    r->command_count = count;
    r->finish = finish;
}

/* The key is the client's, for this verb and this gate only. */
static void hash_key(const struct request *r, int ledger, const char *verb, struct span key,
                     char text[IDEMPOTENCY_HASH_TEXT])
{
    const int64_t numbers[] = {r->principal->id, ledger};
    const struct span parts[] = {
        {(const char *)numbers, sizeof numbers},
        span_of(verb),
        key,
    };

    idempotency_hash(text, parts, COUNT_OF(parts));
}

static void hash_content(const char *verb, struct span content, char text[IDEMPOTENCY_HASH_TEXT])
{
    const struct span parts[] = {span_of(verb), content};

    idempotency_hash(text, parts, COUNT_OF(parts));
}

/* Its own key, and what the form found. */
static void set_touches(struct request *r, struct command *command, const char *key,
                        const struct touched *touched)
{
    int count = touched ? touched->count : 0;
    uint64_t *all = arena_alloc(r->arena, (size_t)(count + 1) * sizeof *all);

    if (count)
        memcpy(all, touched->hashes, (size_t)count * sizeof *all);
    all[count] = touch_of("key", span_of(key));
    command->touches = all;
    command->touch_count = count + 1;
}

void ask_command(struct request *r, int index, int ledger, const char *verb, struct span key,
                 struct span content, struct span args, const struct touched *touched)
{
    struct command *command = &r->commands[index];
    char key_hash[IDEMPOTENCY_HASH_TEXT], digest[IDEMPOTENCY_HASH_TEXT];

    hash_key(r, ledger, verb, key, key_hash);
    hash_content(verb, content, digest);
    *command = (struct command){
        .request = r,
        .ledger = ledger,
        .now_ms = r->now_ms,
        .text = arena_print(r->arena,
                            "\"verb\":\"%s\",\"client\":%lld,\"route\":\"%s\",\"key\":\"%s\","
                            "\"digest\":\"%s\",\"actor\":%.*s,\"args\":%.*s}",
                            verb, (long long)r->principal->id, verb, key_hash, digest,
                            SPAN_ARG(r->principal->actor), SPAN_ARG(args)),
    };
    set_touches(r, command, key_hash, touched);
}

void ask_refused(struct request *r, int index, const struct answer *answer)
{
    r->commands[index] = (struct command){.request = r, .ledger = -1};
    r->answers[index] = answer_keep(r->arena, answer);
}

enum fault ask_write_same(struct request *r, int ledger, const char *verb, struct span content,
                          struct span args, const struct touched *touched)
{
    struct span key;

    TRY(idempotency_read(http_header(r->exchange, "Idempotency-Key"), &key));
    ask_many(r, 1, NULL);
    ask_command(r, 0, ledger, verb, key, content, args, touched);
    return OK;
}

enum fault ask_write(struct request *r, int ledger, const char *verb, struct span args,
                     const struct touched *touched)
{
    const struct http_ask *asked = http_ask(r->exchange);
    const struct span parts[] = {asked->method, asked->path, ask_body(r)};
    char *content = arena_alloc(r->arena, IDEMPOTENCY_HASH_TEXT);

    idempotency_hash(content, parts, COUNT_OF(parts));
    return ask_write_same(r, ledger, verb, span_of(content), args, touched);
}

void ask_own(struct request *r, int ledger, const char *verb, struct span args)
{
    ask_many(r, 1, NULL);
    r->commands[0] = (struct command){
        .request = r,
        .ledger = ledger,
        .now_ms = r->now_ms,
        .text = arena_print(r->arena, "\"verb\":\"%s\",\"args\":%.*s}", verb, SPAN_ARG(args)),
    };
}

void ask_unkeyed(struct request *r, int ledger, const char *verb, struct span args)
{
    ask_many(r, 1, NULL);
    r->commands[0] = (struct command){
        .request = r,
        .ledger = ledger,
        .now_ms = r->now_ms,
        .text = arena_print(r->arena, "\"verb\":\"%s\",\"actor\":%.*s,\"args\":%.*s}", verb,
                            SPAN_ARG(r->principal ? r->principal->actor : SPAN("null")),
                            SPAN_ARG(args)),
    };
}

/* --- reads ---------------------------------------------------------------------------------- */

void ask_read(struct request *r, struct span members)
{
    struct span actor = r->principal ? r->principal->actor : SPAN("null");

    r->read = arena_print(r->arena, "{\"now\":%lld,\"actor\":%.*s%s%.*s}", (long long)r->now_ms,
                          SPAN_ARG(actor), members.size ? "," : "", SPAN_ARG(members));
}

void ask_read_first(struct request *r, const char *name, struct span members,
                    void (*then)(struct request *r, const struct answer *answer))
{
    ask_read(r, members);
    r->read_name = name;
    r->on_read = then;
}
