/* SPDX-License-Identifier: MIT
 * A private PostgreSQL cluster for one test program, on a Unix socket in a directory of its own. A
 * keeper process stops it and removes the directory when this process ends, however it ends.
 * As root the server runs as the user postgres.
 */
#ifndef TESTS_UNIT_CLUSTER_H
#define TESTS_UNIT_CLUSTER_H

/* Makes and starts it (initdb, fsync off, user gate, trust); ends the program when it cannot. */
void cluster_open(void);
/* Stops and removes it. */
void cluster_close(void);
/* The same as what a group of cmocka's tests begins and ends with. */
int cluster_for_all(void **state);
int cluster_after_all(void **state);
/* The directory of its socket; the port is 5432. */
const char *cluster_directory(void);
/* A libpq connection string. */
const char *cluster_url(void);

/* Stops (mode immediate) and starts the server. */
void cluster_stop_server(void);
void cluster_start_server(void);

#endif
