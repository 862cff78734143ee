/* SPDX-License-Identifier: MIT
 * The parts of one running server. Made by assembly.c, the only one to own it; every request
 * points at it.
 */
#ifndef SERVICES_GATED_SERVER_H
#define SERVICES_GATED_SERVER_H

#include <uv.h>

#include "common/pass/keys.h"
#include "services/gated/config.h"
#include "services/gated/gate_time.h"
#include "services/gated/request.h"

struct alarm_watch;
struct boards;
struct fan_out;
struct feed;
struct gate_index;
struct http;
struct https;
struct key_table;
struct ledgers;
struct limits;
struct metrics;
struct reads;
struct refresh;
struct revocations;
struct session_table;
struct snapshots;
struct streams;
struct usage;
struct workers;

struct server {
    const struct config *config;
    uv_loop_t *loop;
    int64_t connections; /* of HTTP, and of HTTPS: as configured, or what the system allows */
    struct http *http;
    struct https *https;       /* NULL: none */
    struct http *metrics_http; /* NULL: /metrics is served on the port of the API */
    struct reads *reads;
    struct ledgers *ledgers;
    struct fan_out *fan_out;
    struct refresh *refresh;
    struct feed *feed;
    struct streams *streams;
    struct snapshots *snapshots;
    struct alarm_watch *alarms;
    struct boards *boards;
    struct revocations *revocations;
    struct limits *limits; /* NULL: no limits */
    struct metrics *metrics;
    struct key_table *keys; /* NULL until first read */
    struct session_table *sessions;
    struct usage *usage;
    struct workers *workers;  /* passwords are compared there */
    struct gate_index *gates; /* NULL until first read */
    struct gate_clock clocks[LEDGER_COUNT];
    int64_t signed_ms[LEDGER_COUNT]; /* when a head was last signed here, by the ledger's clock */
    struct pass_keys pass_keys;
    bool is_schema_known; /* and this build's */
    bool is_sandbox;
    bool is_draining;
    int requests;    /* begun and not ended */
    int exit_status; /* when the server ends itself */
};

#endif
