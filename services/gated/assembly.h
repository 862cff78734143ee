/* SPDX-License-Identifier: MIT
 * The running server: opens its parts in the order in which they need each other, runs the loop,
 * and on a stop closes them in the other order once nothing is in flight.
 */
#ifndef SERVICES_GATED_ASSEMBLY_H
#define SERVICES_GATED_ASSEMBLY_H

struct config;

/* The exit status of the process. */
int assembly_run(const struct config *config);

#endif
