/* SPDX-License-Identifier: MIT
 * Somebody who signs in as a browser does.
 */
#ifndef TESTS_CLIENT_PERSON_H
#define TESTS_CLIENT_PERSON_H

#include <stdbool.h>

#include "common/base/buffer.h"

/* login: "user:password". Signs in at host_port and adds the fields of every request in that
 * session: the cookie and the token of changes. False when it is refused. */
bool person_sign_in(const char *host_port, const char *login, struct buffer *headers);

#endif
