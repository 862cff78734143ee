/* SPDX-License-Identifier: MIT
 * Who may sign in, as administrators see it, and the kiosks that know a PIN. A one-time password is
 * made here, shown in one reply and kept nowhere.
 */
#include <sodium.h>

#include "common/json/write.h"
#include "common/key/password.h"
#include "services/gated/args.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/http.h"
#include "services/gated/idempotency.h"
#include "services/gated/reply.h"
#include "services/gated/session_reply.h"

enum { NAME_MAX_CHARACTERS = 200, USER_SIZE_MAX = 63 };

struct once {
    char password[PASSWORD_MADE_ROOM];
};

static void wipe(void *once)
{
    sodium_memzero(once, sizeof(struct once));
}

/* --- reading --------------------------------------------------------------------------------- */

enum fault users_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT},
                                            {"limit", FILTER_COUNT},
                                            {"principal", FILTER_NUMBER},
                                            {"q", FILTER_TEXT}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault devices_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT}, {"limit", FILTER_COUNT}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault audit_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_COUNT}, {"types", FILTER_EVENT_TYPES}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

/* --- a password for one use ------------------------------------------------------------------ */

/* {"user":{...},"password":"..."} */
static void finish_once(struct request *r)
{
    const struct once *once = r->context;
    struct answer answer = r->answers[0];

    if (!answer.fault)
        answer.body =
            body_with_secret(r, &answer, "password", once->password, "password_shown_once");
    reply_answer(r, &answer);
}

/* Adds a new one's hash. What a repetition must repeat is the request, which has no password. */
static enum fault submit_once(struct request *r, struct span text)
{
    struct once *once = arena_alloc(r->arena, sizeof *once);
    char hash[PASSWORD_HASH_ROOM];
    struct buffer args = {0};

    arena_defer(r->arena, wipe, once);
    password_make(once->password);
    if (!password_hash(hash, span_of(once->password), PASSWORD_RANDOM))
        return FAULT_OVERLOADED;
    buffer_add(&args, (struct span){text.at, text.size - 1});
    write_text(&args, "password", span_of(hash));
    write_flag(&args, "must_change", true);
    write_wall(r, &args);
    write_object_end(&args);
    r->context = once;
    TRY(ask_write(r, LEDGER_PLATFORM, r->route->verb, ask_text(r, &args), NULL));
    r->finish = finish_once;
    return OK;
}

/* --- adding ---------------------------------------------------------------------------------- */

static bool is_user_name(struct span name)
{
    static const char INNER[] = "abcdefghijklmnopqrstuvwxyz0123456789._@-";

    for (size_t i = 0; i < name.size; i++)
        if (!memchr(INNER, name.at[i], i ? sizeof INNER - 1 : sizeof INNER - 5))
            return false;
    return name.size >= 2;
}

static void copy_user(struct object *body, struct buffer *args)
{
    struct span user;

    if (!read_text(body, "user", REQUIRED, USER_SIZE_MAX, &user))
        return;
    if (is_user_name(user))
        write_text(args, "user", user);
    else
        object_fail(body, "user", MESSAGE_USER_FORMAT);
}

/* {"principal" or "tax_code","user","name"} */
enum fault user_add_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span text;

    TRY(args_platform(r, &body, &args));
    args_holder(&body, &args);
    copy_user(&body, &args);
    args_text(&body, "name", REQUIRED, NAME_MAX_CHARACTERS, &args);
    TRY(args_end(r, &body, &args, &text));
    return submit_once(r, text);
}

/* --- about one ------------------------------------------------------------------------------- */

/* {"reason"?} */
static enum fault end_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_about(r, "id", &body, &args));
    write_wall(r, &args);
    return args_write(r, r->route->verb, &body, &args);
}

enum fault user_disable_ask(struct request *r)
{
    return end_ask(r);
}

enum fault device_disable_ask(struct request *r)
{
    return end_ask(r);
}

/* {"reason"?} */
enum fault password_set_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;
    struct span text;

    TRY(args_about(r, "id", &body, &args));
    TRY(args_end(r, &body, &args, &text));
    return submit_once(r, text);
}
