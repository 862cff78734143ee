/* SPDX-License-Identifier: MIT
 * The signed, dated list of revoked passes of one gate, which kiosks preload (FORMAT.md §7). An
 * entry names a crossing and the version below which all its passes are void.
 *
 * What it does not do: choose between two lists (the caller keeps the one issued last, whatever
 * arrives) or decide what a stale list is worth (the caller shows its age).
 */
#ifndef COMMON_PASS_REVOCATION_H
#define COMMON_PASS_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/pass/pass.h"

enum {
    REVOCATION_ENTRIES_MAX = 50000,
    REVOCATION_BELOW_MIN = 2,
    REVOCATION_BELOW_MAX = PASS_VERSION_MAX + 1, /* every version */
    REVOCATION_ENTRY_BYTES = 14,                 /* at most */
    REVOCATION_BYTES_MAX = 160 + REVOCATION_ENTRIES_MAX * REVOCATION_ENTRY_BYTES,
};

struct revocation {
    uint64_t crossing; /* of the list's gate: its first two digits are the gate's number */
    uint32_t below;    /* versions below this one are void: 2 to 65536 */
};

struct revocation_list {
    int64_t issued_s;  /* seconds since 1970, by the server: a lower bound for "now" */
    int64_t expires_s; /* stale from here on; later than issued_s */
    uint8_t gate;      /* number, 1 to 99 */
    size_t count;
    struct revocation *entries; /* crossings strictly ascending */
};

/* Appends the signed list. False, and nothing appended, when a member or the order is impossible.
 */
MUST_USE bool revocation_sign(const struct revocation_list *list, const struct pass_key *key,
                              struct buffer *bytes);
/* PASS_VALID; PASS_EXPIRED when stale (the list is read all the same); else PASS_MANGLED,
 * PASS_FORGED, PASS_KEY_UNKNOWN or PASS_KEY_NOT_VALID, and the list is empty. Time is the later of
 * now_s and issued_s. Free the list with revocation_list_free() in every case. */
MUST_USE enum pass_verdict revocation_read(struct bytes bytes, const struct pass_keys *keys,
                                           int64_t now_s, struct revocation_list *list);
/* Frees the entries and leaves the list empty. */
void revocation_list_free(struct revocation_list *list);

/* True when the list voids that version. A list knows nothing of other gates' crossings. */
bool revocation_covers(const struct revocation_list *list, uint64_t crossing, uint32_t version);
/* pass_verify(), then the list: the whole judgement of a kiosk without a server. list may be NULL,
 * and must be that of the crossing's gate to mean anything. */
MUST_USE enum pass_verdict pass_verify_listed(struct span digits, const struct pass_keys *keys,
                                              const struct revocation_list *list, int64_t now_s,
                                              struct pass_claims *claims);

/* The payload alone, as it is signed. read allocates; false leaves the list empty. */
void revocation_payload_write(const struct revocation_list *list, struct canon_writer *writer);
MUST_USE bool revocation_payload_read(struct bytes payload, struct revocation_list *list);

#endif
