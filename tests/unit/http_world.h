/* SPDX-License-Identifier: MIT
 * The HTTP layer as a process of its own, echo_server, and one connection to it on which a test
 * asks. What goes wrong on the way ends the test.
 */
#ifndef TESTS_UNIT_HTTP_WORLD_H
#define TESTS_UNIT_HTTP_WORLD_H

#include <sys/types.h>

#include "tests/client/wire.h"

enum { WAIT_MS = 5000 };

struct http_service {
    pid_t pid;
    char address[32];          /* host:port */
    struct wire wire;          /* opened by the first question; socket -1: not open */
    struct wire_answer answer; /* the last one received */
};

/* The path of the program that stands beside this one; valid until the next call. */
const char *beside(const char *name);

/* arguments: what follows the port, see echo_server.c, ended by NULL; may be NULL. */
struct http_service *http_service_start(const char *const *arguments);
/* Ends and frees it; the exit status, 128 + the signal when one killed it. */
int http_service_stop(struct http_service *service);

void send_text(struct http_service *service, const char *text);
/* As many blanks; a refusal may stop them on the way. */
void send_filler(struct http_service *service, size_t size);
enum wire_result receive(struct http_service *service);
/* An answer must come, and with this status. */
void receive_status(struct http_service *service, int status);
/* line: "GET /path"; fields: whole header lines, each with its CRLF. */
void ask(struct http_service *service, int status, const char *line, const char *fields);

/* Whether the body of the last answer holds part. */
bool says(const struct http_service *service, const char *part);
/* The last answer must be a problem (RFC 9457) of that code. */
void assert_problem(struct http_service *service, const char *code);

/* Whether a figure that the server keeps reaches value in time. */
bool http_figure_becomes(struct http_service *service, const char *name, int value, int timeout_ms);
/* Exchanges that are not over, those of the questions left out. */
int http_waiting(struct http_service *service);

#endif
