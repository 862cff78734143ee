/* SPDX-License-Identifier: MIT */
#include "services/gated/config.h"

#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/env.h"
#include "common/base/log.h"

static struct config settled;

static const struct setting SETTINGS[] = {
    {"GATE_DATABASE_URL", SETTING_TEXT, NULL, "libpq connection string of the role gate_service", 0,
     0, &settled.database_url},
    {"GATE_ADDRESS", SETTING_TEXT, "127.0.0.1", "numeric address to listen on", 0, 0,
     &settled.address},
    {"GATE_PORT", SETTING_NUMBER, "8080", "port to listen on; 0: any free one", 0, 65535,
     &settled.port},
    {"GATE_METRICS_PORT", SETTING_NUMBER, "0",
     "port of /metrics on 127.0.0.1; 0: on GATE_PORT, for loopback peers", 0, 65535,
     &settled.metrics_port},
    {"GATE_METRICS_PUBLIC", SETTING_FLAG, "off", "serve /metrics to every peer", 0, 0,
     &settled.metrics_public},
    {"GATE_LIMITS", SETTING_FLAG, "on", "limit how many requests a client may make", 0, 0,
     &settled.has_limits},
    {"GATE_CONNECTIONS", SETTING_NUMBER, "12000", "open connections of HTTP, and of HTTPS, at most",
     10, 100000, &settled.connections},
    {"GATE_CONNECTIONS_PER_ADDRESS", SETTING_NUMBER, "0",
     "open connections of one address; 0: no limit on HTTP (a proxy's), a quarter on HTTPS", 0,
     100000, &settled.connections_per_address},
    {"GATE_READ_CONNECTIONS", SETTING_NUMBER, "2", "database connections for reads", 1, 64,
     &settled.read_connections},
    {"GATE_READ_DEPTH", SETTING_NUMBER, "32", "reads in flight on each of them", 1, 1024,
     &settled.read_depth},
    {"GATE_STATEMENT_TIMEOUT_MS", SETTING_NUMBER, "5000", "of one database call", 100, 60000,
     &settled.statement_timeout_ms},
    {"GATE_DRAIN_MS", SETTING_NUMBER, "10000", "for a stop, after which the process ends hard", 100,
     600000, &settled.drain_ms},
    {"GATE_PASS_KEYS", SETTING_TEXT, "", "file with the keys that sign passes", 0, 0,
     &settled.pass_keys},
    {"GATE_TLS_CERTIFICATE", SETTING_TEXT, "", "PEM file of the HTTPS server; empty: no HTTPS", 0,
     0, &settled.tls_certificate},
    {"GATE_TLS_KEY", SETTING_TEXT, "", "PEM file of the certificate's key", 0, 0, &settled.tls_key},
    {"GATE_TLS_AUTHORITY", SETTING_TEXT, "", "PEM file of its local authority, served at /ca.crt",
     0, 0, &settled.tls_authority},
    {"GATE_TLS_ADDRESS", SETTING_TEXT, "0.0.0.0", "numeric address of HTTPS", 0, 0,
     &settled.tls_address},
    {"GATE_TLS_PORT", SETTING_NUMBER, "8443", "port of HTTPS; 0: any free one", 0, 65535,
     &settled.tls_port},
    {"GATE_LOG_LEVEL", SETTING_TEXT, "info", "debug, info, warn or error", 0, 0,
     &settled.log_level},
};

static bool set_log_level(const char *name)
{
    static const char *const NAMES[] = {"debug", "info", "warn", "error"};

    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (!strcmp(name, NAMES[i])) {
            log_set_level((enum log_level)i);
            return true;
        }
    fprintf(stderr, "GATE_LOG_LEVEL=%s: expected debug, info, warn or error\n", name);
    return false;
}

bool config_read(struct config *config)
{
    if (!env_read(SETTINGS, COUNT_OF(SETTINGS)) || !set_log_level(settled.log_level))
        return false;
    if (!*settled.tls_certificate != !*settled.tls_key) {
        fprintf(stderr, "GATE_TLS_CERTIFICATE and GATE_TLS_KEY go together\n");
        return false;
    }
    *config = settled;
    return true;
}

void config_print_help(void)
{
    env_print_help(SETTINGS, COUNT_OF(SETTINGS));
}
