/* SPDX-License-Identifier: MIT
 * The file of the keys that sign: a JSON Web Key set as in keys.h, in which each key has its secret
 * seed, too ("d", RFC 8037 §2). Written by the administrator's tool, read by the servers that sign;
 * it is never served and lies beside no database.
 */
#ifndef COMMON_PASS_SECRETS_H
#define COMMON_PASS_SECRETS_H

#include "common/base/buffer.h"
#include "common/pass/keys.h"

/* Secrets and all; wipe the buffer after use. Keys without a secret are left out. */
void pass_secrets_write(const struct pass_keys *keys, struct buffer *json);
/* False when it is no such set, or a key's seed does not make its public half. */
MUST_USE bool pass_secrets_read(struct span json, struct pass_keys *keys);

#endif
