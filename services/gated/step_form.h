/* SPDX-License-Identifier: MIT
 * The form of a confirmation: body of POST /v1/crossings/{id}/steps, and of one item of POST
 * /v1/steps. Pure. Which steps there are is the procedure's data, so a step is only a code here.
 */
#ifndef SERVICES_GATED_STEP_FORM_H
#define SERVICES_GATED_STEP_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/span.h"
#include "common/form/failures.h"

enum {
    STEP_ITEMS_MAX = 500, /* of one POST /v1/steps */
    STEP_NOTE_MAX = 500,  /* characters */
};

struct step_form {
    struct span crossing; /* items only: 14 digits */
    struct span step;     /* a code */
    const char *result;   /* "pass", "hold" or "reject" */
    struct span note;     /* empty: none */
    const char *channel;  /* "green", "yellow", "red"; NULL: not given */
    int64_t lane;         /* 0: not given */
    int64_t occurred_ms;  /* since 1970, by the device's clock; -1: not given */
    struct span nonce;    /* items only: what makes a retry the same item */
    bool is_offline;      /* items only: it happened already, at occurred_ms, and is recorded so */
    bool is_override;     /* not in items: a supervisor's, against the order; SQL asks for a note */
    struct failures failures; /* of this form alone; pointers begin at the body */
};

/* FAULT_BAD_JSON or FAULT_INVALID_FIELDS, with form->failures. */
MUST_USE enum fault step_form_read(struct span body, struct arena *arena, struct step_form *form);

/* The items of {"items":[…]}, each judged by itself: look at failures of every one. A fault, with
 * failures, only when the list as a whole cannot be read. */
MUST_USE enum fault step_form_items(struct span body, struct arena *arena,
                                    struct failures *failures, struct step_form **items,
                                    size_t *count);

#endif
