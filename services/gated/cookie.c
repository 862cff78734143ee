/* SPDX-License-Identifier: MIT */
#include "services/gated/cookie.h"

#include <sodium.h>
#include <string.h>

#include "services/gated/http.h"

const char COOKIE_SESSION[] = "gate_session";
const char COOKIE_DEVICE[] = "gate_device";

/* The name under which the browser keeps it. */
static const char *name_at(const struct request *r, const char *name)
{
    const char *prefix = http_is_secure(r->exchange) ? "__Host-" : "";

    return arena_print(r->arena, "%s%s", prefix, name).at;
}

struct span cookie_find(const char *header, const char *name)
{
    struct span rest = span_of(header), found = {0};

    while (rest.size) {
        struct span pair = span_trim(span_take(&rest, ';'));
        struct span key = span_take(&pair, '=');
        if (!span_is(key, name))
            continue;
        if (found.at)
            return (struct span){0}; /* two of them: one was put there by somebody else */
        found = pair;
    }
    return found;
}

struct span cookie_read(const struct request *r, const char *name)
{
    return cookie_find(http_header(r->exchange, "Cookie"), name_at(r, name));
}

void cookie_secret(char text[COOKIE_SECRET_ROOM])
{
    unsigned char bytes[COOKIE_SECRET_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, COOKIE_SECRET_ROOM, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void cookie_set(struct request *r, const char *name, const char *value, int64_t age_s)
{
    if (!r->exchange)
        return;
    CHECK(r->cookie_count < COOKIES_MAX);
    r->cookies[r->cookie_count++] =
        arena_print(r->arena, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
                    name_at(r, name), value, (long long)age_s,
                    http_is_secure(r->exchange) ? "; Secure" : "")
            .at;
}
