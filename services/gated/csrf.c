/* SPDX-License-Identifier: MIT */
#include "services/gated/csrf.h"

#include <sodium.h>
#include <strings.h>

#include "services/gated/http.h"

enum { TOKEN_BYTES = 18, TOKEN_ROOM = 25 };

static const unsigned char PURPOSE[] = "border-gate csrf";

struct span csrf_token(struct arena *arena, struct span cookie)
{
    unsigned char bytes[TOKEN_BYTES];
    char text[TOKEN_ROOM];

    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)cookie.at, cookie.size, PURPOSE,
                       sizeof PURPOSE - 1);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return arena_copy(arena, span_of(text));
}

/* "https://gate.example:8443" names the host of the request. A name has no case. */
static bool is_own_origin(const struct request *r, const char *origin)
{
    const char *host = http_header(r->exchange, "Host");
    const char *authority = strstr(origin, "://");

    return host && authority && !strcasecmp(authority + 3, host);
}

enum fault csrf_check_site(const struct request *r)
{
    const char *site = http_header(r->exchange, "Sec-Fetch-Site");
    const char *origin = http_header(r->exchange, "Origin");

    if (site && strcmp(site, "same-origin") && strcmp(site, "none"))
        return FAULT_CSRF_FAILED;
    return origin && !is_own_origin(r, origin) ? FAULT_CSRF_FAILED : OK;
}

enum fault csrf_check(const struct request *r)
{
    struct span token = span_of(http_header(r->exchange, "X-CSRF-Token"));

    if (!strcmp(r->route->method, "GET") || r->route->roles == MAY_ANYBODY)
        return OK;
    if (token.size != r->csrf.size || sodium_memcmp(token.at, r->csrf.at, token.size))
        return FAULT_CSRF_FAILED;
    return csrf_check_site(r);
}
