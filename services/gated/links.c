/* SPDX-License-Identifier: MIT
 * Links for drivers: a firm makes one for a crossing and sends it; who has its address sees that
 * crossing and nothing else, without signing in.
 */
#include "common/json/read.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/link_token.h"
#include "services/gated/server.h"

enum { MS_PER_S = 1000 };

/* {"renew"?: true}; the body may be missing. */
static enum fault read_renew(struct request *r, bool *renew)
{
    struct object body;

    if (!ask_body(r).size)
        return OK;
    TRY(body_open(ask_body(r), &r->failures, &body));
    read_flag(&body, "renew", OPTIONAL, renew);
    object_close(&body);
    return failures_fault(&r->failures);
}

enum fault link_ask(struct request *r)
{
    struct touched touched = {.arena = r->arena};
    const struct pass_key *key;
    struct link_seed seed;
    struct buffer args = {0};
    struct span id;
    bool renew = false;
    int ledger;

    TRY(ask_crossing(r, &ledger, &id));
    TRY(read_renew(r, &renew));
    key = pass_keys_signer(&r->server->pass_keys, r->now_ms / MS_PER_S);
    if (!key)
        return FAULT_SIGNING_KEY_MISSING;
    link_seed_make(&seed, id, key);
    write_object(&args, NULL);
    write_text(&args, "crossing", id);
    write_text(&args, "nonce", span_of(seed.nonce));
    write_text(&args, "hash", span_of(seed.hash));
    write_text(&args, "key", span_of(key->kid));
    write_flag(&args, "renew", renew);
    write_object_end(&args);
    touched_add(&touched, "crossing", id);
    return ask_write(r, ledger, r->route->verb, ask_text(r, &args), &touched);
}

/* GET of a link or of what belongs to it: anybody who has the token. The route's verb names the
 * read; the database is given the hash only. */
enum fault link_read_ask(struct request *r)
{
    struct span token = request_parameter(r, "token");
    char hash[ACCESS_KEY_HASH_ROOM];
    int ledger;

    if (!link_token_is_possible(token))
        return FAULT_NOT_FOUND;
    TRY(ask_link(r, token, &ledger));
    access_key_hash(token, hash);
    ask_read(r, arena_print(r->arena, "\"hash\":\"%s\"", hash));
    return OK;
}
