/* SPDX-License-Identifier: MIT */
#include "services/gated/session_reply.h"

#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/http.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

/* Without its last brace. */
static void open_again(struct buffer *text, struct span body)
{
    CHECK(body.size > 2 && body.at[body.size - 1] == '}');
    buffer_add(text, (struct span){body.at, body.size - 1});
}

struct span body_with(struct request *r, struct span body, const char *name, struct span text)
{
    struct buffer out = {0};

    open_again(&out, body);
    buffer_print(&out, ",\"%s\":", name);
    buffer_add_json(&out, text);
    buffer_add(&out, SPAN("}"));
    return ask_text(r, &out);
}

struct span body_with_secret(struct request *r, const struct answer *answer, const char *name,
                             const char *secret, const char *notice)
{
    struct buffer out = {0};

    if (!answer->is_replayed)
        return body_with(r, answer->body, name, span_of(secret));
    open_again(&out, answer->body);
    buffer_print(&out, ",\"%s\":null,\"notice\":{\"code\":\"%s\",\"@text\":\"%s\"}}", name, notice,
                 notice);
    return ask_text(r, &out);
}

void write_wall(const struct request *r, struct buffer *args)
{
    write_integer(args, "wall", r->wall_ms);
}

void write_address(const struct request *r, struct buffer *args)
{
    struct span address = span_of(http_ask(r->exchange)->address);
    bool is_local = span_starts_with(address, SPAN("127.")) || span_is(address, "::1") ||
                    span_starts_with(address, SPAN("::ffff:127."));

    if (r->server->limits && !is_local)
        write_text(args, "address", address);
}

void session_finish(struct request *r)
{
    struct answer answer = r->answers[0];

    if (!answer.fault)
        answer.body = body_with(r, answer.body, "csrf", r->csrf);
    reply_answer(r, &answer);
}

void request_refuse(struct request *r, enum fault fault)
{
    reply_fault(r, fault);
    request_end(r);
}
