/* SPDX-License-Identifier: MIT */
#include "services/gated/web.h"

#include <strings.h>

#include "services/gated/http.h"
#include "services/gated/reply.h"

const struct route WEB_ROUTE = {"GET", "web", "web", KIND_LOCAL, MAY_ANYBODY, NULL};

/* Scripts, styles, images and connections of our own only; nothing inline, nothing in a frame. */
static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static bool is_any_segment(struct span given)
{
    return given.size && !memchr(given.at, '/', given.size);
}

static bool path_fits(const char *path, struct span given)
{
    struct span wanted = span_of(path);

    if (wanted.at[wanted.size - 1] != '*')
        return span_is_equal(wanted, given);
    wanted.size--;
    return span_starts_with(given, wanted) &&
           is_any_segment((struct span){given.at + wanted.size, given.size - wanted.size});
}

const struct web_file *web_find(struct span path)
{
    const struct web_file *found = NULL;

    for (size_t i = 0; i < WEB_FILE_COUNT; i++) {
        if (span_is(path, WEB_FILES[i].path))
            return &WEB_FILES[i]; /* /d/sw.js, before /d/ and anything */
        if (!found && path_fits(WEB_FILES[i].path, path))
            found = &WEB_FILES[i];
    }
    return found;
}

/* "q=0", "q=0.000": not wanted. */
static bool is_refused(struct span parameters)
{
    struct span name = span_trim(span_take(&parameters, '='));
    struct span weight = span_trim(parameters);

    if (!span_is(name, "q") && !span_is(name, "Q"))
        return false;
    while (weight.size && (*weight.at == '0' || *weight.at == '.'))
        weight.at++, weight.size--;
    return weight.size == 0;
}

bool web_takes_gzip(const char *accept_encoding)
{
    struct span rest = span_of(accept_encoding);
    bool takes_all = false;

    while (rest.size) {
        struct span weight = span_take(&rest, ',');
        struct span name = span_trim(span_take(&weight, ';'));
        if (name.size == 4 && !strncasecmp(name.at, "gzip", 4))
            return !is_refused(weight);
        takes_all = takes_all || (span_is(name, "*") && !is_refused(weight));
    }
    return takes_all;
}

/* A browser that came over TLS comes so again. Not by the names that everybody's machine has: that
 * would shut the plain port of loopback as well (RFC 6797 §8.3). */
static bool is_strict(struct request *r)
{
    struct span host = span_of(http_header(r->exchange, "Host"));

    return http_is_secure(r->exchange) && host.size && !span_starts_with(host, SPAN("localhost")) &&
           !span_starts_with(host, SPAN("127.")) && !span_starts_with(host, SPAN("[::1]"));
}

/* A worker may serve its screen's page, which lies beside its folder (Service Workers §8.1). */
static void allow_scope(struct request *r, const struct web_file *file, struct http_reply *reply)
{
    static const char WORKER[] = "/sw.js";
    size_t size = strlen(file->path), own = sizeof WORKER - 1;

    if (size > own && !strcmp(file->path + size - own, WORKER))
        reply->headers[reply->header_count++] = (struct http_header){
            "Service-Worker-Allowed",
            arena_print(r->arena, "%.*s", (int)(size - own), file->path).at};
}

static void reply_file(struct request *r, const struct web_file *file)
{
    bool is_packed =
        file->packed.size && web_takes_gzip(http_header(r->exchange, "Accept-Encoding"));
    struct http_reply reply = {
        .status = 200,
        .content_type = file->type,
        .body = is_packed ? file->packed : file->plain,
        .is_lasting = true,
        .header_count = 7,
        .headers = {{"Cache-Control",
                     file->is_asset ? "public, max-age=31536000, immutable" : "no-cache"},
                    {"Vary", "Accept-Encoding"},
                    {"Content-Security-Policy", POLICY},
                    {"Referrer-Policy", "no-referrer"},
                    {"Permissions-Policy", "camera=(self), geolocation=(), microphone=()"},
                    {"Cross-Origin-Opener-Policy", "same-origin"},
                    {"Cross-Origin-Resource-Policy", "same-origin"}},
    };
    /* the two encodings are two representations (RFC 9110 §8.8.3.3) */
    struct span etag = arena_print(r->arena, "%s%s", file->etag, is_packed ? "-gz" : "");

    allow_scope(r, file, &reply);
    if (is_packed)
        reply.headers[reply.header_count++] = (struct http_header){"Content-Encoding", "gzip"};
    if (is_strict(r))
        reply.headers[reply.header_count++] =
            (struct http_header){"Strict-Transport-Security", "max-age=2592000"};
    reply_static(r, &reply, etag);
}

bool web_serve(struct request *r)
{
    const struct http_ask *asked = http_ask(r->exchange);

    if (!span_is(asked->method, "GET") || span_starts_with(asked->path, SPAN("/v1/")))
        return false;
    const struct web_file *file = web_find(asked->path);
    if (!file)
        return false;
    r->route = &WEB_ROUTE;
    reply_file(r, file);
    request_end(r);
    return true;
}
