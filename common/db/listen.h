/* SPDX-License-Identifier: MIT
 * LISTEN on a connection of its own. A notice is a hint: after every (re)connect on_notice is
 * called once per channel with an empty payload, so that the reader looks at the truth.
 */
#ifndef COMMON_DB_LISTEN_H
#define COMMON_DB_LISTEN_H

#include <uv.h>

struct db_listener;
typedef void db_on_notice(void *owner, const char *channel, const char *payload);

/* channels: a static, NULL-terminated list of static names. Reconnects by itself. on_notice may
 * close the listener; its texts are borrowed for the call. */
struct db_listener *db_listener_open(uv_loop_t *loop, const char *url, const char *const *channels,
                                     db_on_notice *on_notice, void *owner);
/* No notice comes any more; freed once its handles are closed. */
void db_listener_close(struct db_listener *listener);

#endif
