/* SPDX-License-Identifier: MIT
 * The form of a swap: body of POST /v1/crossings/{id}/swap. Another driver, another tractor, or
 * both, with the reason. Pure.
 */
#ifndef SERVICES_GATED_SWAP_FORM_H
#define SERVICES_GATED_SWAP_FORM_H

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/span.h"
#include "common/form/failures.h"

struct swap_form {
    struct span document; /* JSON text {"plate","nationality","driver","reason"}: what was given,
                             normalised as in a declaration; nationality stands with every plate */
    struct span plate;    /* normalised; empty: the tractor stays */
    struct failures failures;
    struct failures warnings;
};

/* FAULT_BAD_JSON or FAULT_INVALID_FIELDS, with form->failures. A new driver must have name and
 * document. */
MUST_USE enum fault swap_form_read(struct span body, struct arena *arena, struct swap_form *form);

#endif
