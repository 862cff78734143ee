/* SPDX-License-Identifier: MIT
 * Signing in: read what the name stands for, compare the secret in a worker, have ledger 0 decide.
 * A name that nobody has goes the same way and takes as long.
 */
#include <ctype.h>
#include <jansson.h>
#include <sodium.h>

#include "common/json/write.h"
#include "common/key/key.h"
#include "common/key/password.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/cookie.h"
#include "services/gated/csrf.h"
#include "services/gated/http.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"
#include "services/gated/session_reply.h"
#include "services/gated/worker.h"

enum { USER_CHARACTERS_MAX = 63, SESSION_AGE_S = 86400, NAME_DIGEST_BYTES = 8 };

/* One attempt, on its way from the form to the reply. */
struct attempt {
    struct work work;
    struct request *r;
    struct span user;
    bool is_pin;
    bool is_brief; /* a token for one act instead of a cookie */
    char secret[PASSWORD_BYTES_MAX + 1];
    char hash[PASSWORD_HASH_ROOM]; /* "": nobody's */
    bool is_good;
    int64_t account, secret_at, device;
    char cookie[COOKIE_SECRET_ROOM];
};

static void wipe(void *attempt)
{
    sodium_memzero(attempt, sizeof(struct attempt));
}

/* --- the reply ------------------------------------------------------------------------------- */

static void finish(struct request *r)
{
    const struct attempt *attempt = r->context;

    if (!r->answers[0].fault && attempt->is_brief) {
        struct answer answer = r->answers[0];
        answer.body = body_with(r, answer.body, "token", span_of(attempt->cookie));
        reply_answer(r, &answer);
        return;
    }
    if (!r->answers[0].fault) {
        cookie_set(r, COOKIE_SESSION, attempt->cookie, SESSION_AGE_S);
        r->csrf = csrf_token(r->arena, span_of(attempt->cookie));
    }
    session_finish(r);
}

/* --- deciding -------------------------------------------------------------------------------- */

static struct span write_args(struct attempt *attempt)
{
    struct request *r = attempt->r;
    char hash[ACCESS_KEY_HASH_ROOM];
    struct buffer args = {0};

    access_key_hash(span_of(attempt->cookie), hash);
    write_object(&args, NULL);
    write_text(&args, "user", attempt->user);
    write_text(&args, "way", attempt->is_pin ? SPAN("pin") : SPAN("password"));
    write_flag(&args, "ok", attempt->is_good);
    write_text(&args, "hash", span_of(hash));
    if (attempt->is_brief)
        write_flag(&args, "brief", true);
    if (attempt->account)
        write_integer(&args, "account", attempt->account);
    if (attempt->secret_at)
        write_integer(&args, "secret_at", attempt->secret_at);
    if (attempt->device)
        write_integer(&args, "device", attempt->device);
    write_address(r, &args);
    write_wall(r, &args);
    write_object_end(&args);
    return ask_text(r, &args);
}

static void on_compared(struct work *work)
{
    struct attempt *attempt = container_of(work, struct attempt, work);
    struct request *r = attempt->r;

    if (!r->exchange) {
        request_end(r); /* nobody would hear the answer, nor get the cookie */
        return;
    }
    cookie_secret(attempt->cookie);
    ask_unkeyed(r, LEDGER_PLATFORM, "sign_in", write_args(attempt));
    r->finish = finish;
    r->is_about_session = true;
    request_submit_commands(r);
}

/* --- comparing ------------------------------------------------------------------------------- */

static void compare(struct work *work)
{
    struct attempt *attempt = container_of(work, struct attempt, work);

    attempt->is_good = password_is(attempt->hash, span_of(attempt->secret));
}

static void take_holder(struct attempt *attempt, struct span body)
{
    json_t *holder = json_loadb(body.at, body.size, 0, NULL);
    const char *hash =
        json_string_value(json_object_get(holder, attempt->is_pin ? "pin" : "password"));

    snprintf(attempt->hash, sizeof attempt->hash, "%s", hash ? hash : "");
    attempt->account = json_integer_value(json_object_get(holder, "account"));
    attempt->device = json_integer_value(json_object_get(holder, "device"));
    attempt->secret_at =
        json_integer_value(json_object_get(holder, attempt->is_pin ? "pin_at" : "password_at"));
    json_decref(holder);
}

static void on_holder(struct request *r, const struct answer *holder)
{
    struct attempt *attempt = r->context;

    if (holder->fault || !r->exchange) {
        reply_answer(r, holder);
        request_end(r);
        return;
    }
    take_holder(attempt, holder->body);
    attempt->work = (struct work){.run = compare, .done = on_compared};
    if (!workers_submit(r->server->workers, &attempt->work))
        request_refuse(r, FAULT_OVERLOADED);
}

/* --- the form -------------------------------------------------------------------------------- */

/* Either a password, or the PIN of this kiosk. */
static void read_secret(struct object *body, struct attempt *attempt)
{
    struct span password = {0}, pin = {0};
    bool has_password = read_text(body, "password", OPTIONAL, PASSWORD_BYTES_MAX, &password);
    bool has_pin = read_text(body, "pin", OPTIONAL, PASSWORD_BYTES_MAX, &pin);
    struct span secret = has_pin ? pin : password;

    if (has_password == has_pin)
        object_fail(body, "password", MESSAGE_ONE_OF);
    else if (secret.size > PASSWORD_BYTES_MAX)
        object_fail(body, has_pin ? "pin" : "password", MESSAGE_TOO_LONG);
    else
        memcpy(attempt->secret, secret.at, secret.size);
    attempt->is_pin = has_pin;
}

/* What is asked of the database before anything is compared. */
static struct span write_members(struct request *r, const struct attempt *attempt)
{
    struct span secret = cookie_read(r, COOKIE_DEVICE);
    char device[ACCESS_KEY_HASH_ROOM];
    struct buffer members = {0};

    write_text(&members, "user", attempt->user);
    if (secret.size) {
        access_key_hash(secret, device);
        write_text(&members, "device", span_of(device));
    }
    write_address(r, &members);
    write_wall(r, &members);
    return ask_text(r, &members);
}

static enum fault limit(struct request *r, enum bucket bucket, const char *client)
{
    if (!r->server->limits)
        return OK;
    r->limit = limits_take(r->server->limits, bucket, client, r->started_us / 1000);
    return r->limit.is_allowed ? OK : FAULT_RATE_LIMITED;
}

/* All who come from there: an office may have one address for hundreds. */
static enum fault limit_address(struct request *r)
{
    char client[LIMIT_ADDRESS_ROOM];

    limits_client_of(http_ask(r->exchange)->address, client);
    return limit(r, BUCKET_SIGN_IN_ADDRESS, client);
}

/* One name from there, however it is written. */
static enum fault limit_name(struct request *r, struct span user)
{
    char client[LIMIT_ADDRESS_ROOM];
    unsigned char digest[NAME_DIGEST_BYTES];
    char name[2 * NAME_DIGEST_BYTES + 1];
    unsigned char lower[4 * USER_CHARACTERS_MAX]; /* bytes of a character */
    size_t size = user.size < sizeof lower ? user.size : sizeof lower;

    for (size_t i = 0; i < size; i++)
        lower[i] = (unsigned char)tolower((unsigned char)user.at[i]);
    crypto_generichash(digest, sizeof digest, lower, size, NULL, 0);
    sodium_bin2hex(name, sizeof name, digest, sizeof digest);
    limits_client_of(http_ask(r->exchange)->address, client);
    return limit(r, BUCKET_SIGN_IN, arena_print(r->arena, "%s %s", client, name).at);
}

/* {"user","password"} or {"user","pin"}; "brief": a supervisor's token for one act at an officer's
 * kiosk, whose own session stays */
enum fault sign_in_ask(struct request *r)
{
    struct attempt *attempt = arena_alloc(r->arena, sizeof *attempt);
    struct buffer ignored = {0};
    struct object body;
    struct span user = {0}, text;

    TRY(csrf_check_site(r));
    TRY(limit_address(r));
    TRY(ask_ledger(r, LEDGER_PLATFORM));
    arena_defer(r->arena, wipe, attempt);
    attempt->r = r;
    TRY(args_begin(r, &body, &ignored));
    if (read_text(&body, "user", REQUIRED, USER_CHARACTERS_MAX, &user))
        attempt->user = arena_copy(r->arena, user);
    read_secret(&body, attempt);
    read_flag(&body, "brief", OPTIONAL, &attempt->is_brief);
    TRY(args_end(r, &body, &ignored, &text));
    TRY(limit_name(r, attempt->user));
    r->context = attempt;
    ask_read_first(r, "sign_in_begin", write_members(r, attempt), on_holder);
    return OK;
}
