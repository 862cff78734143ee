/* SPDX-License-Identifier: MIT
 * A user's own secrets: another password, and a PIN for this kiosk. Their hashes are made in a
 * worker, and their commands carry no idempotency key: its digest would be a fast hash of the
 * secret.
 */
#include <ctype.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <strings.h>

#include "common/json/write.h"
#include "common/key/key.h"
#include "common/key/password.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/cookie.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"
#include "services/gated/session_reply.h"
#include "services/gated/worker.h"

enum { DEVICE_SIZE_MAX = 40 };

/* One change, on its way from the form to the reply. */
struct change {
    struct work work;
    struct request *r;
    char old[PASSWORD_BYTES_MAX + 1];    /* of a password */
    char secret[PASSWORD_BYTES_MAX + 1]; /* the new one */
    char old_hash[PASSWORD_HASH_ROOM];
    char hash[PASSWORD_HASH_ROOM];
    bool is_pin;
    bool is_good, is_hashed;
    struct span args;                /* all but what is hashed, without the last brace */
    char device[COOKIE_SECRET_ROOM]; /* for a kiosk that has none yet */
};

static void wipe(void *change)
{
    sodium_memzero(change, sizeof(struct change));
}

static struct change *change_new(struct request *r, bool is_pin)
{
    struct change *change = arena_alloc(r->arena, sizeof *change);

    arena_defer(r->arena, wipe, change);
    change->r = r;
    change->is_pin = is_pin;
    r->context = change;
    return change;
}

/* --- the reply ------------------------------------------------------------------------------- */

/* A kiosk that was none gets its cookie. */
static void finish_pin(struct request *r)
{
    const struct change *change = r->context;
    const struct answer *answer = &r->answers[0];
    json_t *body = answer->fault ? NULL : json_loadb(answer->body.at, answer->body.size, 0, NULL);

    if (json_is_true(json_object_get(body, "new_device")))
        cookie_set(r, COOKIE_DEVICE, change->device, COOKIE_DEVICE_AGE_S);
    json_decref(body);
    session_finish(r);
}

/* --- hashing --------------------------------------------------------------------------------- */

static void hash(struct work *work)
{
    struct change *change = container_of(work, struct change, work);

    change->is_good = change->is_pin || password_is(change->old_hash, span_of(change->old));
    change->is_hashed =
        !change->is_good || password_hash(change->hash, span_of(change->secret), PASSWORD_CHOSEN);
}

static void on_hashed(struct work *work)
{
    struct change *change = container_of(work, struct change, work);
    struct request *r = change->r;
    struct buffer args = {0};

    if (!change->is_hashed) {
        request_refuse(r, FAULT_OVERLOADED);
        return;
    }
    buffer_add(&args, change->args);
    if (!change->is_pin)
        write_flag(&args, "ok", change->is_good);
    if (change->is_good)
        write_text(&args, change->is_pin ? "pin" : "password", span_of(change->hash));
    write_object_end(&args);
    ask_unkeyed(r, LEDGER_PLATFORM, r->route->verb, ask_text(r, &args));
    r->finish = change->is_pin ? finish_pin : session_finish;
    r->is_about_session = true;
    request_submit_commands(r);
}

static void submit(struct change *change)
{
    change->work = (struct work){.run = hash, .done = on_hashed};
    if (!workers_submit(change->r->server->workers, &change->work))
        request_refuse(change->r, FAULT_OVERLOADED);
}

/* --- the password ---------------------------------------------------------------------------- */

/* A text of the form, copied; "" when there is none or it is too long. */
static bool read_secret(struct object *body, const char *name, char to[PASSWORD_BYTES_MAX + 1])
{
    struct span text;

    if (!read_text(body, name, REQUIRED, PASSWORD_BYTES_MAX, &text))
        return false;
    if (text.size > PASSWORD_BYTES_MAX) {
        object_fail(body, name, MESSAGE_TOO_LONG);
        return false;
    }
    memcpy(to, text.at, text.size);
    to[text.size] = '\0';
    return true;
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* One character all along, or a row of the keyboard: what guesses begin with. */
static bool is_easy(const char *text)
{
    static const char *const ROWS[] = {"01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz",
                                       "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p"};

    if (strspn(text, (char[]){text[0], '\0'}) == strlen(text))
        return true;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (strcasestr(ROWS[i], text))
            return true;
    return !strncasecmp(text, "password", 8) || !strncasecmp(text, "matkhau", 7);
}

static void read_new(struct object *body, struct change *change)
{
    if (!read_secret(body, "new", change->secret))
        return;
    if (count_characters(change->secret) < PASSWORD_CHARACTERS_MIN)
        object_fail(body, "new", MESSAGE_PASSWORD_SHORT);
    else if (is_easy(change->secret))
        object_fail(body, "new", MESSAGE_PASSWORD_EASY);
    else if (!strcmp(change->secret, change->old))
        object_fail(body, "new", MESSAGE_PASSWORD_SAME);
}

static void on_old(struct request *r, const struct answer *answer)
{
    struct change *change = r->context;
    struct buffer args = {0};

    if (answer->fault || !r->exchange) {
        reply_answer(r, answer);
        request_end(r);
        return;
    }
    json_t *holder = json_loadb(answer->body.at, answer->body.size, 0, NULL);
    const char *old = json_string_value(json_object_get(holder, "password"));
    snprintf(change->old_hash, sizeof change->old_hash, "%s", old ? old : "");
    buffer_add(&args, change->args);
    write_integer(&args, "password_was",
                  json_integer_value(json_object_get(holder, "password_at")));
    json_decref(holder);
    change->args = ask_text(r, &args);
    submit(change);
}

/* What both commands say of who asks; args is an object that was begun. */
static void write_who(const struct request *r, struct buffer *args)
{
    write_integer(args, "account", r->principal->user);
    write_integer(args, "session", r->principal->session);
    write_address(r, args);
    write_wall(r, args);
}

/* {"old","new"} */
enum fault password_change_ask(struct request *r)
{
    struct change *change = change_new(r, false);
    struct buffer args = {0}, members = {0};
    struct object body;
    struct span text;

    TRY(ask_ledger(r, LEDGER_PLATFORM));
    TRY(args_begin(r, &body, &args));
    read_secret(&body, "old", change->old);
    read_new(&body, change);
    write_who(r, &args);
    TRY(args_end(r, &body, &args, &text));
    change->args = (struct span){text.at, text.size - 1};
    write_integer(&members, "account", r->principal->user);
    write_address(r, &members);
    write_wall(r, &members);
    ask_read_first(r, "password_begin", ask_text(r, &members), on_old);
    return OK;
}

/* --- the PIN --------------------------------------------------------------------------------- */

static void read_pin(struct object *body, struct change *change)
{
    if (!read_secret(body, "pin", change->secret))
        return;
    bool are_digits = strspn(change->secret, "0123456789") == strlen(change->secret);

    if (!are_digits || strlen(change->secret) != PIN_SIZE)
        object_fail(body, "pin", MESSAGE_PIN_FORMAT);
    else if (is_easy(change->secret))
        object_fail(body, "pin", MESSAGE_PIN_EASY);
}

/* The secret of this kiosk, kept as it is when it is known; else one that is made for it. */
static void write_device(struct request *r, struct change *change, struct buffer *args)
{
    struct span known = cookie_read(r, COOKIE_DEVICE);
    char hash[ACCESS_KEY_HASH_ROOM];

    if (known.size) {
        access_key_hash(known, hash);
        write_text(args, "hash", span_of(hash));
    }
    cookie_secret(change->device);
    access_key_hash(span_of(change->device), hash);
    write_text(args, "new_hash", span_of(hash));
}

static void on_begin_pin(struct request *r, const struct answer *answer)
{
    if (answer->fault || !r->exchange) {
        reply_answer(r, answer);
        request_end(r);
        return;
    }
    submit(r->context);
}

/* {"pin","device"?} */
enum fault pin_set_ask(struct request *r)
{
    struct change *change = change_new(r, true);
    struct buffer args = {0}, members = {0};
    struct object body;
    struct span text, device;

    if (r->principal->is_by_pin)
        return FAULT_PASSWORD_NEEDED;
    TRY(ask_ledger(r, LEDGER_PLATFORM));
    TRY(args_begin(r, &body, &args));
    read_pin(&body, change);
    if (read_code(&body, "device", OPTIONAL, DEVICE_SIZE_MAX, &device)) {
        if (memchr(device.at, '/', device.size))
            object_fail(&body, "device", MESSAGE_CODE_FORMAT);
        write_text(&args, "device", device);
    }
    write_who(r, &args);
    write_device(r, change, &args);
    TRY(args_end(r, &body, &args, &text));
    change->args = (struct span){text.at, text.size - 1};
    write_integer(&members, "account", r->principal->user);
    write_address(r, &members);
    write_wall(r, &members);
    ask_read_first(r, "password_begin", ask_text(r, &members), on_begin_pin);
    return OK;
}
