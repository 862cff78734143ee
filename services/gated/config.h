/* SPDX-License-Identifier: MIT
 * The configuration, read once from the environment; afterwards nobody changes it.
 */
#ifndef SERVICES_GATED_CONFIG_H
#define SERVICES_GATED_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

struct config {
    const char *database_url;
    const char *address;
    int64_t port;
    int64_t metrics_port; /* 0: on the port of the API, to loopback peers only */
    bool metrics_public;
    bool has_limits;
    int64_t connections;
    int64_t connections_per_address;
    int64_t read_connections;
    int64_t read_depth;
    int64_t statement_timeout_ms;
    int64_t drain_ms;
    const char *pass_keys;       /* file; "": none, passes cannot be signed */
    const char *tls_certificate; /* file; "": no HTTPS */
    const char *tls_key;
    const char *tls_authority; /* file; "": the certificate is not of a local authority */
    const char *tls_address;
    int64_t tls_port;
    const char *log_level;
};

/* False when the environment does not make a configuration; standard error says why. */
bool config_read(struct config *config);
/* The table of variables, to standard output. */
void config_print_help(void);

#endif
