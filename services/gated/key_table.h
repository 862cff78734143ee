/* SPDX-License-Identifier: MIT
 * The keys that open the service, as last read from the database, looked up by their hash. A key is
 * random, so a fast hash is safe and its lookup tells an attacker nothing. Replaced as a whole:
 * what must outlive the next reload is copied.
 */
#ifndef SERVICES_GATED_KEY_TABLE_H
#define SERVICES_GATED_KEY_TABLE_H

#include <jansson.h>

#include "common/base/buffer.h"
#include "services/gated/request.h"

enum { KEY_TEXT_MAX = 200 };

struct key_table;

/* The table in the answer of api.principals(); NULL when it does not read as one. */
struct key_table *key_table_read(struct span json);
/* NULL is fine. */
void key_table_free(struct key_table *table);

/* Whose key this is; the principal is borrowed from the table. UNAUTHENTICATED when unknown or
 * expired, KEY_REVOKED when it was taken back. Notes that it was used. */
MUST_USE enum fault key_table_find(struct key_table *table, struct span key, int64_t now_ms,
                                   const struct principal **principal);
/* Whom the key of that row stands for now; NULL when it is gone, expired or taken back. */
const struct principal *key_table_principal(const struct key_table *table, int64_t key,
                                            int64_t now_ms);
/* Notes that the key's device was online at a ledger's time. Returns when it had been seen last
 * before it was last away; 0: it was not, as far as this process knows. What it says to have
 * happened offline did not happen before that. */
int64_t key_table_seen(struct key_table *table, int64_t key, int64_t now_ms);
/* Takes over from the table read before what is known by key_table_seen(), and the use of keys that
 * was not reported yet. */
void key_table_take_seen(struct key_table *table, const struct key_table *older);
/* The keys used since the last call, as [{"key":id,"used_ms":n,"requests":n},...]; false when there
 * are none. */
bool key_table_take_usage(struct key_table *table, struct buffer *json);

/* The members role, agency, firm, gates and device of a row as api.principals() and api.sessions()
 * give it, into the principal; texts into the arena. False when there is no such role. id, and
 * user where there is one, must be set: they become part of the actor. */
MUST_USE bool principal_read(struct principal *principal, struct arena *arena, const json_t *row);
/* True when that gate is one of the principal's. */
bool principal_has_gate(const struct principal *principal, int ledger);
/* A copy that lives as long as the arena. */
struct principal *principal_copy(struct arena *arena, const struct principal *principal);
/* "firm", "officer", ... */
const char *role_name(enum role role);

#endif
