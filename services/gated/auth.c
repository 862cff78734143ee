/* SPDX-License-Identifier: MIT */
#include "services/gated/auth.h"

#include <stdio.h>
#include <strings.h>

#include "services/gated/http.h"
#include "services/gated/key_table.h"
#include "services/gated/server.h"

struct span auth_bearer(const char *authorization)
{
    static const char SCHEME[] = "Bearer ";
    const size_t size = sizeof SCHEME - 1;

    if (!authorization || strncasecmp(authorization, SCHEME, size))
        return (struct span){0};
    return span_trim(span_of(authorization + size));
}

static enum fault find_principal(struct request *r)
{
    const char *header = http_header(r->exchange, "Authorization");
    const struct principal *principal;

    if (!header)
        return r->route->roles == MAY_ANYBODY ? OK : FAULT_UNAUTHENTICATED;
    if (!r->server->keys)
        return FAULT_DB_LOST; /* never read: who this is cannot be said */
    TRY(key_table_find(r->server->keys, auth_bearer(header), r->wall_ms, &principal));
    r->principal = principal_copy(r->arena, principal);
    return OK;
}

enum fault auth_check(struct request *r)
{
    TRY(find_principal(r));
    if (r->route->roles == MAY_ANYBODY || r->route->roles & 1u << r->principal->role)
        return OK;
    return FAULT_WRONG_ROLE;
}

/* Kiosks and agency systems have a bucket of their own (peers §3). */
static enum bucket bucket_of(const struct principal *principal)
{
    return 1u << principal->role & MAY_GATE ? BUCKET_KIOSK : BUCKET_DEFAULT;
}

enum fault auth_limit(struct request *r)
{
    int64_t now_ms = r->started_us / 1000;
    char client[32];

    if (!r->server->limits)
        return OK;
    if (r->principal) {
        snprintf(client, sizeof client, "%lld", (long long)r->principal->id);
        r->limit = limits_take(r->server->limits, bucket_of(r->principal), client, now_ms);
    } else {
        r->limit =
            limits_take(r->server->limits, BUCKET_ADDRESS, http_ask(r->exchange)->address, now_ms);
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
