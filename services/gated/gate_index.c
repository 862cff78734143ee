/* SPDX-License-Identifier: MIT */
#include "services/gated/gate_index.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "services/gated/request.h"
#include "services/gated/step_names.h"

struct gate_index {
    char codes[LEDGER_COUNT][GATE_CODE_MAX + 1]; /* by number; "" where there is no gate */
    struct step_names steps;
};

static bool read_gate(struct gate_index *index, const json_t *row)
{
    json_int_t number = json_integer_value(json_object_get(row, "number"));
    const char *code = json_string_value(json_object_get(row, "code"));

    if (number <= LEDGER_PLATFORM || number >= LEDGER_COUNT || !code || !*code)
        return false;
    if (strlen(code) > GATE_CODE_MAX)
        return false;
    strcpy(index->codes[number], code);
    return true;
}

struct gate_index *gate_index_read(struct span json)
{
    struct gate_index *index = calloc(1, sizeof *index);
    json_t *root = json_loadb(json.at, json.size, 0, NULL);
    json_t *rows = json_object_get(root, "gates"), *row;
    size_t i;

    CHECK(index);
    bool is_good =
        json_is_array(rows) && step_names_read(json_object_get(root, "steps"), &index->steps);
    json_array_foreach (rows, i, row)
        is_good = is_good && read_gate(index, row);
    json_decref(root);
    if (is_good)
        return index;
    free(index);
    return NULL;
}

void gate_index_free(struct gate_index *index)
{
    free(index);
}

int gate_index_find(const struct gate_index *index, struct span code)
{
    uint64_t number;

    if (!index || code.size == 0)
        return -1;
    for (int i = 1; i < LEDGER_COUNT; i++)
        if (span_is(code, index->codes[i]))
            return i;
    bool is_number = span_to_number(code, LEDGER_COUNT - 1, &number);
    return is_number && gate_index_has(index, (int)number) ? (int)number : -1;
}

bool gate_index_has(const struct gate_index *index, int number)
{
    return index && number > LEDGER_PLATFORM && number < LEDGER_COUNT && *index->codes[number];
}

const char *gate_index_code(const struct gate_index *index, int number)
{
    return gate_index_has(index, number) ? index->codes[number] : NULL;
}

const struct step_names *gate_index_steps(const struct gate_index *index)
{
    static const struct step_names NONE;

    return index ? &index->steps : &NONE;
}

void gate_index_each(const struct gate_index *index, void (*visit)(void *context, int number),
                     void *context)
{
    for (int i = 1; index && i < LEDGER_COUNT; i++)
        if (*index->codes[i])
            visit(context, i);
}
