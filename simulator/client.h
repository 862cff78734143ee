/* SPDX-License-Identifier: MIT
 * A small HTTP/1.1 client on the loop, for a peer we trust: keep-alive, one request at a time per
 * connection, answers with Content-Length. No TLS, no redirects, no pipelining.
 */
#ifndef SIMULATOR_CLIENT_H
#define SIMULATOR_CLIENT_H

#include <stdbool.h>
#include <uv.h>

#include "common/base/buffer.h"
#include "common/base/span.h"

struct client;

/* status 0: the connection was lost before the answer. body is borrowed for the call. The next
 * request may be sent from inside. */
typedef void client_done(struct client *client, int status, struct span body);

struct client {
    void *owner;
    client_done *done; /* of the request in flight; NULL: free */
    uv_tcp_t tcp;
    uv_connect_t connecting;
    uv_loop_t *loop;
    struct sockaddr_in address;
    bool is_open;
    struct buffer request;
    struct buffer answer;
    char chunk[65536];
};

/* The client is embedded by the caller and must stay until the loop has ended. */
void client_init(struct client *client, uv_loop_t *loop, const struct sockaddr_in *address);
/* Sends method, path and headers (each line ending in CRLF; may be "") with a JSON body. */
void client_send(struct client *client, const char *method, const char *path, const char *headers,
                 struct span body, client_done *done);
void client_close(struct client *client);
/* After the loop has ended. */
void client_free(struct client *client);

/* The text between the first `before` in s and the next `after`; empty when there is none. Enough
 * to pick an id out of an answer of our own server. */
struct span between(struct span s, const char *before, char after);

#endif
