/* SPDX-License-Identifier: MIT
 * sd_notify(3) without the library: one datagram to $NOTIFY_SOCKET, nothing when it is not set.
 */
#ifndef COMMON_LOOP_NOTIFY_H
#define COMMON_LOOP_NOTIFY_H

/* e.g. "READY=1", "STOPPING=1", "WATCHDOG=1". */
void notify_supervisor(const char *state);

#endif
