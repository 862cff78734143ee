/* SPDX-License-Identifier: MIT
 * A place in the feeds: the last event seen of each ledger. Outside it is an opaque
 * text: the name of the list it belongs to and the vector, in base64url (RFC 4648 §5). The same
 * form as SQL gives and takes in api.events, so polling and streaming can be mixed.
 */
#ifndef SERVICES_GATED_CURSOR_H
#define SERVICES_GATED_CURSOR_H

#include "common/base/buffer.h"
#include "services/gated/request.h"

enum {
    CURSOR_TEXT_MAX = 4096, /* bytes of a cursor that is looked at */
    CURSOR_LIST_MAX = 512,  /* of a list's name */
};

struct cursor {
    int64_t seqs[LEDGER_COUNT]; /* -1: the ledger is not named */
};

/* Names no ledger. */
void cursor_clear(struct cursor *cursor);
/* list: without blanks, at most CURSOR_LIST_MAX bytes. */
void cursor_write(const struct cursor *cursor, struct span list, struct buffer *out);
/* False when text is no cursor, or one of another list. */
MUST_USE bool cursor_read(struct span text, struct span list, struct cursor *cursor);

#endif
