/* SPDX-License-Identifier: MIT
 * The Idempotency-Key header (IETF draft-ietf-httpapi-idempotency-key-header-07; bare texts are
 * accepted beside quoted ones) and the hashes under which the database keeps keys and contents.
 */
#ifndef SERVICES_GATED_IDEMPOTENCY_H
#define SERVICES_GATED_IDEMPOTENCY_H

#include <stddef.h>

#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/span.h"

enum { IDEMPOTENCY_KEY_MAX = 255, IDEMPOTENCY_HASH_TEXT = 33 };

/* The key in a header value (NULL: absent), without its quotes. Missing and malformed are faults
 * of their own. */
MUST_USE enum fault idempotency_read(const char *header, struct span *key);

/* 16 bytes of BLAKE2b as 32 hex digits over the parts, each preceded by its length so that
 * ("ab","c") and ("a","bc") differ. */
void idempotency_hash(char text[IDEMPOTENCY_HASH_TEXT], const struct span *parts, size_t count);

#endif
