/* SPDX-License-Identifier: MIT */
#include "services/gated/https.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/base/log.h"
#include "services/gated/reply.h"
#include "services/gated/secret_file.h"
#include "services/gated/server.h"

/* No proxy stands in front of HTTPS, so one address need not have all the connections there are. */
enum { LOOK_MS = 5000, SHARE_OF_AN_ADDRESS = 4 };

struct https {
    struct server *server;
    struct http_events events;
    struct http *http; /* accepts */
    int open;          /* that one, and older ones that still finish */
    uv_timer_t look;
    struct stat seen[2]; /* certificate and key, when they were last read */
    char *authority;     /* PEM text; NULL: none */
    bool is_timer_closed;
    void (*done)(void *owner);
    void *owner;
};

/* --- the files ------------------------------------------------------------------------------- */

static const char *path_of(const struct https *https, int i)
{
    const struct config *config = https->server->config;

    return i ? config->tls_key : config->tls_certificate;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Notes how the files are now; true when that is new. */
static bool has_changed(struct https *https)
{
    bool is_new = false;

    for (int i = 0; i < 2; i++) {
        struct stat now = {0};
        if (stat(path_of(https, i), &now))
            continue; /* being replaced */
        is_new = is_new || !is_same(&now, &https->seen[i]);
        https->seen[i] = now;
    }
    return is_new;
}

static void secret_free(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    free(text);
}

static void read_authority(struct https *https)
{
    const char *path = https->server->config->tls_authority;

    free(https->authority);
    https->authority = *path ? secret_file_read(path) : NULL;
}

/* --- listening ------------------------------------------------------------------------------- */

static struct http *listen_with(struct https *https, const char *certificate, const char *key)
{
    const struct config *config = https->server->config;
    int64_t connections = https->server->connections;
    int64_t share = connections / SHARE_OF_AN_ADDRESS;
    const struct http_options options = {
        .address = config->tls_address,
        .port = config->tls_port,
        .connections = connections,
        .connections_per_address =
            config->connections_per_address ? config->connections_per_address : share,
        .tls_certificate = certificate,
        .tls_key = key,
        .beside = https->http,
    };

    return http_open(https->server->loop, &options, &https->events);
}

static struct http *listen_now(struct https *https)
{
    char *certificate = secret_file_read(path_of(https, 0));
    char *key = secret_file_read(path_of(https, 1));
    struct http *http = certificate && key ? listen_with(https, certificate, key) : NULL;

    free(certificate);
    secret_free(key);
    return http;
}

static void finish(struct https *https)
{
    if (https->open || !https->is_timer_closed)
        return;
    void (*done)(void *) = https->done;
    void *owner = https->owner;
    free(https->authority);
    free(https);
    done(owner);
}

static void on_http_closed(void *owner)
{
    struct https *https = owner;

    https->open--;
    finish(https);
}

void https_reload(struct https *https)
{
    if (!https || https->done)
        return;
    has_changed(https);
    struct http *next = listen_now(https);
    if (!next) {
        log_write(LOG_ERROR, "the certificate was not read again", NULL);
        return;
    }
    http_close(https->http, on_http_closed, https);
    https->http = next;
    https->open++;
    read_authority(https);
    log_write(LOG_INFO, "the certificate was read again", NULL);
}

static void on_look(uv_timer_t *timer)
{
    struct https *https = container_of(timer, struct https, look);

    if (has_changed(https))
        https_reload(https);
}

/* --- its life -------------------------------------------------------------------------------- */

bool https_open(struct server *server, const struct http_events *events, struct https **out)
{
    if (!*server->config->tls_certificate)
        return true;
    struct https *https = calloc(1, sizeof *https);
    CHECK(https);
    https->server = server;
    https->events = *events;
    has_changed(https);
    https->http = listen_now(https);
    if (!https->http) {
        free(https);
        return false;
    }
    https->open = 1;
    read_authority(https);
    uv_timer_init(server->loop, &https->look);
    uv_timer_start(&https->look, on_look, LOOK_MS, LOOK_MS);
    char port[12];
    snprintf(port, sizeof port, "%d", http_port(https->http));
    log_write(LOG_INFO, "listening", "address", server->config->tls_address, "port", port, "tls",
              "yes", NULL);
    *out = https;
    return true;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct https *https = container_of((uv_timer_t *)(void *)handle, struct https, look);

    https->is_timer_closed = true;
    finish(https);
}

void https_close(struct https *https, void (*done)(void *owner), void *owner)
{
    https->done = done;
    https->owner = owner;
    uv_close((uv_handle_t *)&https->look, on_timer_closed);
    http_close(https->http, on_http_closed, https);
}

int https_connections(const struct https *https)
{
    return https ? http_connections(https->http) : 0;
}

/* --- the authority --------------------------------------------------------------------------- */

enum fault authority_ask(struct request *r)
{
    const struct https *https = r->server->https;

    if (!https || !https->authority)
        return FAULT_NOT_FOUND;
    reply_content(r, "application/x-x509-ca-cert", span_of(https->authority), NULL);
    request_end(r);
    return OK;
}
