/* SPDX-License-Identifier: MIT
 * The session of who asks: what it is, and its end.
 */
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/cookie.h"
#include "services/gated/reply.h"
#include "services/gated/session_reply.h"

static void on_session(struct request *r, const struct answer *answer)
{
    struct answer said = *answer;

    if (!said.fault && !said.body.size)
        said.fault = FAULT_SESSION_ENDED;
    if (!said.fault)
        said.body = body_with(r, said.body, "csrf", r->csrf);
    reply_answer(r, &said);
    request_end(r);
}

enum fault session_ask(struct request *r)
{
    struct buffer members = {0};

    write_integer(&members, "session", r->principal->session);
    write_wall(r, &members);
    ask_read(r, ask_text(r, &members));
    r->on_read = on_session;
    return OK;
}

/* The browser forgets the cookie even when the session was over already. */
static void finish_sign_out(struct request *r)
{
    cookie_set(r, COOKIE_SESSION, "", 0);
    reply_answer(r, &r->answers[0]);
}

static enum fault sign_out(struct request *r, bool is_everywhere)
{
    struct buffer args = {0};

    TRY(ask_ledger(r, LEDGER_PLATFORM));
    write_object(&args, NULL);
    write_integer(&args, "account", r->principal->user);
    write_integer(&args, "session", r->principal->session);
    write_flag(&args, "everywhere", is_everywhere);
    write_wall(r, &args);
    write_object_end(&args);
    ask_unkeyed(r, LEDGER_PLATFORM, "sign_out", ask_text(r, &args));
    r->finish = finish_sign_out;
    r->is_about_session = true;
    return OK;
}

enum fault sign_out_ask(struct request *r)
{
    return sign_out(r, false);
}

enum fault sign_out_everywhere_ask(struct request *r)
{
    return sign_out(r, true);
}
