/* SPDX-License-Identifier: MIT
 * What most verbs are: ask the platform, print its answer as a list.
 */
#ifndef SERVICES_GATECTL_LISTING_H
#define SERVICES_GATECTL_LISTING_H

#include "services/gatectl/platform.h"
#include "services/gatectl/table.h"

/* Prints all of the list that api.<name> reads; args is taken over (NULL: none). */
MUST_USE enum exit_code listing_read(struct call *call, const char *name, json_t *args,
                                     const struct column *columns);
/* Applies a command and prints the object that its answer holds under that member; args is taken
 * over. */
MUST_USE enum exit_code listing_apply(struct call *call, const char *verb, json_t *args,
                                      const char *member, const struct column *columns);
/* Applies {<member>: ID, "reason": TEXT?}, from the first operand and --reason, and prints
 * likewise; a wrong id is told as not being one of what ("a key's id"). */
MUST_USE enum exit_code listing_end(struct call *call, const char *verb, const char *member,
                                    const char *what, const struct column *columns);

#endif
