/* SPDX-License-Identifier: MIT
 * The ledger that a gate of the model would have published, one JSON object a line: what --replay
 * reads. So the model is held to the same rule as the server.
 */
#ifndef SIMULATOR_MODEL_LEDGER_H
#define SIMULATOR_MODEL_LEDGER_H

#include "common/base/buffer.h"
#include "simulator/model.h"

struct model_ledger {
    const struct scenario *scenario;
    unsigned gate; /* whose events */
    uint64_t seq;
    struct buffer lines;
};

/* A model_listener; owner: struct model_ledger. */
void model_ledger_note(void *owner, const struct note *note);

#endif
