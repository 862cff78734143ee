/* SPDX-License-Identifier: MIT
 * What is wrong with a request: a list of {JSON pointer, code}, so that all failures go into one
 * answer. The same list serves rule failures of drafts and warnings. Bounded; lives in an arena.
 */
#ifndef COMMON_FORM_FAILURES_H
#define COMMON_FORM_FAILURES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum { FAILURES_MAX = 100 }; /* further ones are counted, not kept */

struct failure {
    struct failure *next;
    struct span pointer; /* RFC 6901; empty: the whole body */
    enum message code;
    struct span detail; /* language-free, such as "max 40"; empty: none */
};

struct failures {
    struct arena *arena;
    struct failure *first; /* in the order found */
    struct failure *last;
    size_t count; /* of all, also of those not kept */
};

/* An empty list whose items live in the arena. */
struct failures failures_new(struct arena *arena);
/* Copies pointer. */
void failures_add(struct failures *failures, struct span pointer, enum message code);
/* The same with a detail in the manner of printf. */
void failures_add_detail(struct failures *failures, struct span pointer, enum message code,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
/* FAULT_INVALID_FIELDS when there is at least one, else OK. */
MUST_USE enum fault failures_fault(const struct failures *failures);
/* The list as a JSON array:
 * [{"pointer":"/vehicles/0/plate","code":"plate_format","@text":"plate_format"}]; a detail is one
 * more member. "@text" is fulfilled when the reply is written. */
void failures_write(const struct failures *failures, struct buffer *out);

#endif
