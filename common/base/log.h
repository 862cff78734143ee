/* SPDX-License-Identifier: MIT
 * One JSON object per line on standard error. Values are the caller's care: no secret, no plate,
 * phone or document number is ever passed here. Never waits: what standard error cannot take at
 * once is lost.
 */
#ifndef COMMON_BASE_LOG_H
#define COMMON_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are dropped. Default LOG_INFO. */
void log_set_level(enum log_level level);

/* Writes {"at","level","message", then the pairs}: names and values alternate as C strings, a
 * final NULL ends them: log_write(LOG_INFO, "listening", "port", "8080", NULL). */
void log_write(enum log_level level, const char *message, ...) __attribute__((sentinel));

#endif
