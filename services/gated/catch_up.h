/* SPDX-License-Identifier: MIT
 * One stream on its way from where its client was to where the feed is: from the ring while that
 * holds what is missing, else by pages of api.events(). It sends only when all before is sent, so a
 * slow reader holds up nobody and fills no queue.
 */
#ifndef SERVICES_GATED_CATCH_UP_H
#define SERVICES_GATED_CATCH_UP_H

#include "services/gated/audience.h"
#include "services/gated/watch.h"

struct catch_up;

/* audience, list and watch must live as long; done is called once nothing is missing, from inside
 * run or retry, and frees it. */
struct catch_up *catch_up_new(struct server *server, const struct audience *audience,
                              struct span list, const struct cursor *at, struct watch *watch,
                              void (*done)(void *owner), void *owner);
void catch_up_free(struct catch_up *catch_up); /* NULL is fine */
/* The stream has room: goes on. */
void catch_up_run(struct catch_up *catch_up);
/* The feed went on, or a second passed: goes on if it was waiting for that. */
void catch_up_retry(struct catch_up *catch_up);

#endif
