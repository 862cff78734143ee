/* SPDX-License-Identifier: MIT
 * The form of a scan: body of POST /v1/scans. Pure.
 *
 * code: what the scanner typed, in whatever state it arrived. number: a crossing or declaration
 * number typed by hand. plate: alone, what is looked for; beside code or number, the plate seen on
 * the vehicle, to be compared. trailer_plate: the trailer seen. One of code, number and plate must
 * be there, code and number not both. An unreadable code is no failure: the verdict says so.
 */
#ifndef SERVICES_GATED_SCAN_FORM_H
#define SERVICES_GATED_SCAN_FORM_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/span.h"
#include "common/form/failures.h"
#include "common/form/scan.h"

struct scan_form {
    struct scan scan;  /* of code or number, else of the plate */
    struct span plate; /* seen, normalised; empty: not given. The key when scan is SCAN_PLATE */
    struct span trailer_plate; /* seen, normalised; empty: not given */
    struct span gate;          /* code; empty: not given */
    int64_t lane;              /* 0: not given */
    int64_t occurred_ms;       /* since 1970, by the device's clock; -1: not given */
    struct span device;        /* empty: not given */
    struct failures failures;
};

/* FAULT_BAD_JSON or FAULT_INVALID_FIELDS, with form->failures. */
MUST_USE enum fault scan_form_read(struct span body, struct arena *arena, struct scan_form *form);

#endif
