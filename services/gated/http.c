/* SPDX-License-Identifier: MIT
 * The server: its socket, its place on the loop, the deadlines, the stop.
 */
#include "services/gated/http.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "services/gated/http_parts.h"

enum {
    BACKLOG = 1024,
    RUNS_MAX = 4, /* in a row, before the rest of the loop gets its turn */
    FRUITLESS_MS = 1,
    SWEEP_MS = 1000,
    STREAM_SWEEPS = 4, /* a silent stream is looked at every so many sweeps */
    SPARE_DESCRIPTORS = 256,
};

/* 0.9.x: strict adds two refusals that the guard makes too, with a problem document instead of
 * a page. From 1.0 on strict is how the library refuses most of the rest. */
static const int STRICT = MHD_VERSION >= 0x01000000 ? 1 : 0;

static const char TLS_VERSIONS[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

/* ---- running the library ---- */

static void on_soon(uv_timer_t *timer);

void http_want_run(struct http *http)
{
    http->is_wanted = true;
    if (!http->is_stopped)
        uv_timer_start(&http->soon, on_soon, 0, 0);
}

static bool is_due(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG left_ms;

    return http->is_wanted || (MHD_get_timeout(http->daemon, &left_ms) == MHD_YES && left_ms == 0);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;

    if (--http->handles)
        return;
    void (*done)(void *) = http->done;
    void *owner = http->done_owner;
    free(http);
    if (done)
        done(owner);
}

/* Nothing is owned any more, so nothing is suspended: the library can be stopped. */
static void stop(struct http *http)
{
    http->is_stopped = true;
    uv_poll_stop(&http->poll);
    MHD_stop_daemon(http->daemon);
    uv_close((uv_handle_t *)&http->poll, on_handle_closed);
    uv_close((uv_handle_t *)&http->soon, on_handle_closed);
    uv_close((uv_handle_t *)&http->sweep, on_handle_closed);
}

/* Timeouts of the library are whole seconds and looked at by the sweep; only "now" is armed. The
 * library also says "now" all the time while half a TLS handshake is there: without anything to
 * show for it, it is not run again at once. */
static void run(struct http *http)
{
    bool is_more = true;
    unsigned calls = http->calls;

    for (int i = 0; i < RUNS_MAX && is_more; i++) {
        http->is_wanted = false;
        MHD_run(http->daemon);
        is_more = is_due(http);
    }
    if (http->is_closing && http->owned_count == 0)
        stop(http);
    else if (is_more)
        uv_timer_start(&http->soon, on_soon, http->calls == calls ? FRUITLESS_MS : 0, 0);
    else
        uv_timer_stop(&http->soon);
}

static void on_soon(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

/* ---- deadlines ---- */

static void send_problem(const struct peer *peer, enum fault fault)
{
    struct exchange *exchange = peer->exchange;
    const char *wanted =
        exchange && exchange->phase != PHASE_HEAD ? http_header(exchange, "Accept-Language") : NULL;
    struct buffer body = {0}, text = {0};

    problem_print(&body, fault, language_choose(wanted), exchange ? exchange->id : NULL);
    buffer_print(&text,
                 "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\n"
                 "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                 fault_status(fault), MHD_get_reason_phrase_for((unsigned)fault_status(fault)),
                 body.size);
    buffer_add(&text, buffer_span(&body));
    send(peer->socket, text.at, text.size, MSG_DONTWAIT | MSG_NOSIGNAL);
    buffer_free(&body);
    buffer_free(&text);
}

void peer_cut(struct peer *peer, enum fault fault)
{
    if (peer->is_cut)
        return;
    peer->is_cut = true;
    if (fault != OK && !peer->http->is_tls)
        send_problem(peer, fault);
    shutdown(peer->socket, SHUT_RDWR);
}

static bool is_reset(int socket)
{
    struct pollfd pollfd = {.fd = socket};

    return poll(&pollfd, 1, 0) == 1 && (pollfd.revents & (POLLERR | POLLHUP));
}

/* Also when something unread is left before the end, as the farewell of TLS is. */
static bool is_at_end(int socket)
{
    struct pollfd pollfd = {.fd = socket, .events = POLLRDHUP};

    return poll(&pollfd, 1, 0) == 1 && (pollfd.revents & (POLLRDHUP | POLLERR | POLLHUP));
}

/* The library does not watch suspended connections. One that waits for its answer is given up
 * when it was reset (a half-closed one still reads), a stream also when its client half-closed. */
static void look_for_hangup(struct peer *peer, bool is_stream_turn)
{
    struct exchange *exchange = peer->exchange;

    if (!exchange->is_suspended)
        return;
    if (exchange->phase == PHASE_OWNER)
        exchange->is_lost = is_reset(peer->socket);
    else if (exchange->phase == PHASE_STREAM && is_stream_turn)
        exchange->is_lost = is_at_end(peer->socket);
    if (exchange->is_lost)
        exchange_wake(exchange);
}

static void sweep_idle(struct peer *peer, int64_t now)
{
    const struct http_options *options = &peer->http->options;
    int64_t limit_ms = peer->has_served ? options->idle_ms : options->head_deadline_ms;

    if (now - peer->since_ms >= limit_ms)
        peer_cut(peer, peer->has_served ? OK : FAULT_REQUEST_TIMEOUT);
}

static void sweep_peer(struct peer *peer, int64_t now, bool is_stream_turn)
{
    const struct http_options *options = &peer->http->options;
    struct exchange *exchange = peer->exchange;

    if (!exchange) {
        sweep_idle(peer, now);
        return;
    }
    int64_t age_ms = now - exchange->since_ms;
    if (exchange->phase == PHASE_HEAD && age_ms >= options->head_deadline_ms)
        peer_cut(peer, FAULT_REQUEST_TIMEOUT);
    else if (exchange->phase == PHASE_BODY && exchange->refusal && age_ms >= DRAIN_MS)
        peer_cut(peer, exchange->refusal);
    else if (exchange->phase == PHASE_BODY && age_ms >= options->body_deadline_ms)
        peer_cut(peer, FAULT_REQUEST_TIMEOUT);
    else if (exchange->phase == PHASE_REPLY && age_ms >= options->reply_deadline_ms)
        peer_cut(peer, OK);
    else
        look_for_hangup(peer, is_stream_turn);
}

static void on_sweep(uv_timer_t *timer)
{
    struct http *http = timer->data;
    struct peer *peer;
    int64_t now = clock_steady_ms();
    unsigned turn = 0;

    http->sweeps++;
    DL_FOREACH (http->peers, peer)
        sweep_peer(peer, now, (turn++ + http->sweeps) % STREAM_SWEEPS == 0);
    run(http);
}

/* ---- peers ---- */

struct peer *peer_of(struct MHD_Connection *library)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void address_print(const struct sockaddr *address, char *text, size_t room)
{
    if (address->sa_family == AF_INET)
        uv_ip4_name((const struct sockaddr_in *)(const void *)address, text, room);
    else if (address->sa_family == AF_INET6)
        uv_ip6_name((const struct sockaddr_in6 *)(const void *)address, text, room);
}

static struct peer *peer_new(struct http *http, struct MHD_Connection *library)
{
    struct peer *peer = calloc(1, sizeof *peer);

    CHECK(peer);
    peer->http = http;
    peer->since_ms = clock_steady_ms();
    peer->socket = MHD_get_connection_info(library, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    address_print(MHD_get_connection_info(library, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
                  peer->address, sizeof peer->address);
    DL_APPEND(http->peers, peer);
    http->peer_count++;
    return peer;
}

static void on_connection(void *cls, struct MHD_Connection *library, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = cls;

    http->calls++;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = peer_new(http, library);
        return;
    }
    struct peer *peer = *context;
    DL_DELETE(http->peers, peer);
    http->peer_count--;
    free(peer);
}

/* ---- opening ---- */

/* Every path of ours is plain; a decoded one would hide what was asked. */
static size_t unescape_nothing(void *cls, struct MHD_Connection *library, char *text)
{
    (void)cls;
    (void)library;
    return strlen(text);
}

static bool address_read(const struct http_options *options, struct sockaddr_storage *address)
{
    int port = (int)options->port;

    memset(address, 0, sizeof *address);
    return uv_ip4_addr(options->address, port, (struct sockaddr_in *)address) == 0 ||
           uv_ip6_addr(options->address, port, (struct sockaddr_in6 *)address) == 0;
}

static int port_of(int listener)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;

    CHECK(getsockname(listener, (struct sockaddr *)&bound, &size) == 0);
    return ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                             : ((struct sockaddr_in *)&bound)->sin_port);
}

/* -1 with errno set. */
static int listener_open(const struct http_options *options)
{
    struct sockaddr_storage address;
    int yes = 1;

    if (!address_read(options, &address)) {
        errno = EINVAL;
        return -1;
    }
    int listener = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return -1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(listener, BACKLOG) == 0)
        return listener;
    int reason = errno;
    close(listener);
    errno = reason;
    return -1;
}

int64_t http_reserve(int64_t connections, int servers)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)(connections * servers) + SPARE_DESCRIPTORS;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return connections;
    if (limit.rlim_cur < need) {
        limit.rlim_cur = need < limit.rlim_max ? need : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= need)
        return connections;
    int64_t room = (int64_t)limit.rlim_cur - SPARE_DESCRIPTORS;
    return room > servers ? room / servers : 1;
}

static struct MHD_Daemon *daemon_start(struct http *http, int listener)
{
    const struct http_options *options = &http->options;
    bool is_tls = options->tls_certificate && options->tls_key;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (is_tls ? MHD_USE_TLS : 0U);
    struct MHD_OptionItem secrets[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_VERSIONS},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->tls_certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->tls_key},
        {MHD_OPTION_END, 0, NULL},
    };

    /* clang-format off */
    return MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_on_call, http,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_STRICT_FOR_CLIENT, STRICT,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)options->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)options->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)((options->idle_ms + 999) / 1000),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_on_line, http,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_on_completed, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_ARRAY, is_tls ? secrets : &secrets[3],
        MHD_OPTION_END);
    /* clang-format on */
}

static struct http *http_new(uv_loop_t *loop, const struct http_options *options,
                             const struct http_events *events)
{
    struct http *http = calloc(1, sizeof *http);

    CHECK(http);
    http->loop = loop;
    http->options = *options;
    http->events = *events;
    if (!http->options.head_deadline_ms)
        http->options.head_deadline_ms = HTTP_HEAD_DEADLINE_MS;
    if (!http->options.body_deadline_ms)
        http->options.body_deadline_ms = HTTP_BODY_DEADLINE_MS;
    if (!http->options.reply_deadline_ms)
        http->options.reply_deadline_ms = HTTP_REPLY_DEADLINE_MS;
    if (!http->options.idle_ms)
        http->options.idle_ms = HTTP_IDLE_MS;
    CHECK(uv_random(NULL, NULL, &http->last_id, sizeof http->last_id, 0, NULL) == 0);
    return http;
}

static void handles_start(struct http *http)
{
    int epoll = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

    CHECK(uv_poll_init(http->loop, &http->poll, epoll) == 0);
    uv_timer_init(http->loop, &http->soon);
    uv_timer_init(http->loop, &http->sweep);
    http->poll.data = http->soon.data = http->sweep.data = http;
    http->handles = 3;
    uv_poll_start(&http->poll, UV_READABLE, on_poll);
    uv_timer_start(&http->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    http_want_run(http); /* the library begins to listen in its first run */
}

struct http *http_open(uv_loop_t *loop, const struct http_options *options,
                       const struct http_events *events)
{
    int listener = options->beside ? fcntl(options->beside->listener, F_DUPFD_CLOEXEC, 0)
                                   : listener_open(options);

    if (listener < 0) {
        log_write(LOG_ERROR, "cannot listen", "address", options->address, "reason",
                  strerror(errno), NULL);
        return NULL;
    }
    struct http *http = http_new(loop, options, events);
    http->daemon = daemon_start(http, listener);
    if (!http->daemon) {
        log_write(LOG_ERROR, "cannot start the HTTP server (certificate and key?)", NULL);
        close(listener);
        free(http);
        return NULL;
    }
    http->listener = listener;
    http->is_tls = options->tls_certificate && options->tls_key;
    http->options.tls_certificate = http->options.tls_key = NULL;
    http->port = port_of(listener);
    handles_start(http);
    return http;
}

int http_port(const struct http *http)
{
    return http->port;
}

int http_connections(const struct http *http)
{
    return http->peer_count;
}

/* ---- closing ---- */

static void peer_close(struct peer *peer)
{
    struct exchange *exchange = peer->exchange;

    if (!exchange)
        peer_cut(peer, OK);
    else if (exchange->phase == PHASE_STREAM)
        http_stream_end(exchange);
    else if (!exchange->is_owned && exchange->phase != PHASE_REPLY)
        peer_cut(peer, FAULT_DRAINING);
}

void http_close(struct http *http, void (*done)(void *owner), void *owner)
{
    struct peer *peer;

    CHECK(!http->is_closing);
    http->is_closing = true;
    http->done = done;
    http->done_owner = owner;
    int listener = MHD_quiesce_daemon(http->daemon);
    if (listener >= 0)
        close(listener);
    DL_FOREACH (http->peers, peer)
        peer_close(peer);
    http_want_run(http);
}
