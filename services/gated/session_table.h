/* SPDX-License-Identifier: MIT
 * The live sessions, as last read from the database, looked up by the hash of their cookie. What
 * changed is merged into it; what ended or is too old leaves it.
 */
#ifndef SERVICES_GATED_SESSION_TABLE_H
#define SERVICES_GATED_SESSION_TABLE_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

struct session_table;

struct session_table *session_table_new(void);
void session_table_free(struct session_table *table);

/* Takes the answer of api.sessions() in; version: up to which it goes, 0 when all was asked for.
 * False when it does not read as one. */
MUST_USE bool session_table_merge(struct session_table *table, struct span json, int64_t now_ms);
/* The version up to which it is read; 0: not at all. */
int64_t session_table_version(const struct session_table *table);
/* Forgets all: the next answer is everything. */
void session_table_clear(struct session_table *table);

/* Whose session a cookie opens; the principal is borrowed from the table. SESSION_ENDED when it is
 * over, unused for too long, or none at all. Notes that it was used. */
MUST_USE enum fault session_table_find(struct session_table *table, struct span cookie,
                                       int64_t now_ms, const struct principal **principal);
/* Who is in the session of that row; NULL when it is over. */
const struct principal *session_table_principal(const struct session_table *table, int64_t session,
                                                int64_t now_ms);
/* Notes that the session's kiosk, or else its browser, was online at a ledger's time. Returns when
 * it had been seen last before it was last away (sighting.h). */
int64_t session_table_seen(struct session_table *table, int64_t session, int64_t now_ms);

/* The sessions used since the last call, as [{"session":id,"used_ms":n},...]. */
void session_table_take_usage(struct session_table *table, struct buffer *json);
/* Takes in what other servers noted: the answer of api.session_usage(). */
void session_table_note_usage(struct session_table *table, struct span json);
int session_table_count(const struct session_table *table);

#endif
