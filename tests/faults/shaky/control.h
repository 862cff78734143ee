/* SPDX-License-Identifier: MIT
 * The commands, one per line; main.c lists them.
 */
#ifndef TESTS_FAULTS_SHAKY_CONTROL_H
#define TESTS_FAULTS_SHAKY_CONTROL_H

#include <uv.h>

/* Takes commands on that Unix socket, answering each with "ok" or "unknown", and on standard input,
 * silently. */
void control_open(uv_loop_t *loop, const char *path);

#endif
