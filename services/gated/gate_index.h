/* SPDX-License-Identifier: MIT
 * The gates by code and number, as last read from api.gates_index(). Replaced as a whole.
 */
#ifndef SERVICES_GATED_GATE_INDEX_H
#define SERVICES_GATED_GATE_INDEX_H

#include <stdbool.h>

#include "common/base/span.h"

enum { GATE_CODE_MAX = 10 };

struct gate_index;
struct step_names;

/* NULL when the text does not read as an index. */
struct gate_index *gate_index_read(struct span json);
/* NULL is fine. */
void gate_index_free(struct gate_index *index);

/* The number of the gate with that code or with that number in decimal; -1 when there is none.
 * index may be NULL: there is none. */
int gate_index_find(const struct gate_index *index, struct span code);
/* True when there is a gate of that number. */
bool gate_index_has(const struct gate_index *index, int number);
/* NULL when there is none. */
const char *gate_index_code(const struct gate_index *index, int number);
/* The steps' names; none of them when index is NULL. */
const struct step_names *gate_index_steps(const struct gate_index *index);
/* Visits the numbers in order. */
void gate_index_each(const struct gate_index *index, void (*visit)(void *context, int number),
                     void *context);

#endif
