/* SPDX-License-Identifier: MIT */
#include "services/gated/auth.h"

#include <stdio.h>
#include <strings.h>

#include "services/gated/cookie.h"
#include "services/gated/csrf.h"
#include "services/gated/health.h"
#include "services/gated/http.h"
#include "services/gated/key_table.h"
#include "services/gated/metrics.h"
#include "services/gated/server.h"
#include "services/gated/session_table.h"

struct span auth_bearer(const char *authorization)
{
    static const char SCHEME[] = "Bearer ";
    const size_t size = sizeof SCHEME - 1;

    if (!authorization || strncasecmp(authorization, SCHEME, size))
        return (struct span){0};
    return span_trim(span_of(authorization + size));
}

/* A key, or the token of a session: what no browser sends by itself needs no further token. */
static enum fault find_by_bearer(struct request *r, const char *header)
{
    const struct principal *principal;

    if (!r->server->keys)
        return FAULT_DB_LOST; /* never read: who this is cannot be said */
    enum fault fault =
        key_table_find(r->server->keys, auth_bearer(header), r->wall_ms, &principal);
    if (fault == FAULT_UNAUTHENTICATED &&
        !session_table_find(r->server->sessions, auth_bearer(header), r->wall_ms, &principal))
        fault = OK; /* the token of a brief session */
    TRY(fault);
    r->principal = principal_copy(r->arena, principal);
    return OK;
}

static enum fault find_by_cookie(struct request *r)
{
    struct span cookie = cookie_read(r, COOKIE_SESSION);
    bool is_needed = r->route->roles != MAY_ANYBODY;
    const struct principal *principal;

    if (!cookie.size)
        return is_needed ? FAULT_UNAUTHENTICATED : OK;
    enum fault fault = session_table_find(r->server->sessions, cookie, r->wall_ms, &principal);
    if (fault)
        return is_needed ? fault : OK;
    r->principal = principal_copy(r->arena, principal);
    r->csrf = csrf_token(r->arena, cookie);
    return OK;
}

static enum fault check_role(const struct request *r)
{
    unsigned roles = r->route->roles;

    if (roles == MAY_ANYBODY)
        return OK;
    if (!(roles & 1u << r->principal->role))
        return FAULT_WRONG_ROLE;
    if (roles & IN_SESSION && !r->principal->session)
        return FAULT_SESSION_NEEDED;
    if (r->principal->must_change && !(roles & UNCHANGED))
        return FAULT_PASSWORD_CHANGE_REQUIRED;
    return OK;
}

enum fault auth_check(struct request *r)
{
    const char *header = http_header(r->exchange, "Authorization");

    TRY(header ? find_by_bearer(r, header) : find_by_cookie(r));
    if (r->csrf.size)
        TRY(csrf_check(r));
    return check_role(r);
}

const struct principal *auth_principal(const struct server *server, int64_t key, int64_t session,
                                       int64_t now_ms)
{
    return session ? session_table_principal(server->sessions, session, now_ms)
                   : key_table_principal(server->keys, key, now_ms);
}

/* Kiosks and agency systems have a bucket of their own (peers §3). */
static enum bucket bucket_of(const struct principal *principal)
{
    return 1u << principal->role & MAY_GATE ? BUCKET_KIOSK : BUCKET_DEFAULT;
}

/* Who asks whether we live is nobody's client: a stranger's visits must not be the reason that a
 * healthy server is taken for a dead one. */
static bool is_health(const struct request *r)
{
    return r->route && (r->route->ask == livez_ask || r->route->ask == readyz_ask ||
                        r->route->ask == metrics_ask);
}

enum fault auth_limit(struct request *r)
{
    int64_t now_ms = r->started_us / 1000;
    char client[LIMIT_ADDRESS_ROOM];

    if (!r->server->limits)
        return OK;
    if (r->principal && !is_health(r)) {
        const struct principal *p = r->principal;
        snprintf(client, sizeof client, "%s%lld", p->session ? "s" : "",
                 (long long)(p->session ? p->session : p->id));
        r->limit = limits_take(r->server->limits, bucket_of(r->principal), client, now_ms);
    } else {
        limits_client_of(http_ask(r->exchange)->address, client);
        r->limit = limits_take(r->server->limits, is_health(r) ? BUCKET_HEALTH : BUCKET_ADDRESS,
                               client, now_ms);
    }
    return r->limit.is_allowed ? OK : FAULT_RATE_LIMITED;
}

enum fault auth_gate(const struct request *r, int ledger)
{
    if (r->route && r->route->roles == MAY_ANYBODY)
        return OK;
    if (!r->principal || r->principal->role == ROLE_FIRM || r->principal->role == ROLE_ADMIN)
        return OK;
    return principal_has_gate(r->principal, ledger) ? OK : FAULT_WRONG_GATE;
}
