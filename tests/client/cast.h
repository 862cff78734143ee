/* SPDX-License-Identifier: MIT
 * The cast of a sandbox, as tests/with-service lends it in the environment: "firm", "firm2",
 * "customs" and so on.
 */
#ifndef TESTS_CLIENT_CAST_H
#define TESTS_CLIENT_CAST_H

#include <jansson.h>

/* Their access key; NULL for "nobody", and, after a line of TAP, for one who is not there. */
const char *cast_token(const char *who);
/* "user:password" of theirs; NULL: not there. */
const char *cast_login(const char *who);
/* A copy of a body that is shown in the API's description, for one step of its story. The passwords
 * shown are nobody's: where they are to work they become those of this service. */
json_t *cast_passwords(const json_t *step, const json_t *body);

#endif
