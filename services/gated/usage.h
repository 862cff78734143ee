/* SPDX-License-Identifier: MIT
 * When keys and sessions were used, brought to the database now and then, and what other servers
 * brought there: so a session that is used at one server does not fall asleep at another.
 */
#ifndef SERVICES_GATED_USAGE_H
#define SERVICES_GATED_USAGE_H

struct server;
struct usage;

struct usage *usage_open(struct server *server);
/* Reports a last time. */
void usage_close(struct usage *usage);
/* After the loop has ended. */
void usage_free(struct usage *usage);

/* Reports when the last time was long enough ago. */
void usage_look(struct usage *usage);
/* Reports now. Lost usage is no loss. */
void usage_report(struct usage *usage);

#endif
