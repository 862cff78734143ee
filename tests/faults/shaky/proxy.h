/* SPDX-License-Identifier: MIT
 * The proxy: lines of two flows each, and the ways they can be made to fail.
 */
#ifndef TESTS_FAULTS_SHAKY_PROXY_H
#define TESTS_FAULTS_SHAKY_PROXY_H

#include <uv.h>

#include "tests/faults/shaky/place.h"

/* UP is from the client to the server. */
enum way { UP, DOWN, WAYS };
enum { RATE_UNLIMITED = -1, RATE_STALLED = 0 };

/* Listens and prints "listening PLACE"; ends the program when it cannot. */
void proxy_open(uv_loop_t *loop, const struct place *listen, const struct place *to);
/* Bytes per second of each connection, or one of the two special rates. */
void proxy_set_rate(enum way way, int rate);
/* The next bytes down, on any connection, end that connection instead of arriving. */
void proxy_swallow(bool swallows);
/* Resets all connections. */
void proxy_cut(void);
/* Stops and begins again to take new ones. */
void proxy_refuse(void);
void proxy_accept(void);

#endif
