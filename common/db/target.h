/* SPDX-License-Identifier: MIT
 * Where and how to connect: a libpq connection string taken apart once, with our defaults below
 * it, the session's settings, and a list of hosts that can be turned.
 *
 * Defaults that the string may override: UTF-8, TCP keepalives (10 s + 3 x 5 s), unacknowledged
 * data 15 s, and with several hosts target_session_attrs=read-write. Pinned: TimeZone=UTC,
 * DateStyle. Host names are resolved blocking (libpq): use sockets or numeric addresses.
 */
#ifndef COMMON_DB_TARGET_H
#define COMMON_DB_TARGET_H

#include <libpq-fe.h>

struct target;

/* settings: "-c name=value ..." for the session; what the string itself says in `options` wins. */
struct target *target_new(const char *url, const char *application, const char *settings);
/* With all its texts. */
void target_free(struct target *target);
/* Begins a connection (PQconnectStartParams); NULL when the string is malformed. The caller asks
 * PQstatus() and owns the connection. */
PGconn *target_connect(const struct target *target);
/* Puts the first host behind the others: libpq walks the list on refusal, but not when a server
 * accepts and then breaks off. */
void target_rotate(struct target *target);

#endif
