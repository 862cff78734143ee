/* SPDX-License-Identifier: MIT */
#include "services/gated/step_names.h"

#include <stdio.h>

static bool read_row(const json_t *row, struct step_names *names)
{
    const char *step = json_string_value(json_object_get(row, "step"));
    const char *agency = json_string_value(json_object_get(row, "agency"));
    const json_t *bit = json_object_get(row, "bit");
    json_int_t number = json_integer_value(bit);

    if (!step || !agency || !json_is_integer(bit) || number < 0 || number >= STEP_BITS)
        return false;
    int size = snprintf(names->items[number], STEP_NAME_ROOM, "{\"step\":\"%s\",\"agency\":\"%s\"}",
                        step, agency);
    return size < STEP_NAME_ROOM;
}

bool step_names_read(const json_t *rows, struct step_names *names)
{
    size_t i;
    json_t *row;

    *names = (struct step_names){0};
    if (!json_is_array(rows))
        return false;
    json_array_foreach (rows, i, row)
        if (!read_row(row, names))
            return false;
    return true;
}

int step_names_find(const struct step_names *names, struct span code)
{
    static const char START[] = "{\"step\":\"";

    for (int bit = 0; bit < STEP_BITS; bit++) {
        struct span rest = span_of(names->items[bit]);
        if (!span_starts_with(rest, SPAN(START)))
            continue;
        rest.at += sizeof START - 1, rest.size -= sizeof START - 1;
        if (span_is_equal(span_take(&rest, '"'), code))
            return bit;
    }
    return -1;
}

void step_names_write(const struct step_names *names, uint32_t mask, struct buffer *out)
{
    const char *separator = "[";

    for (int bit = 0; bit < STEP_BITS; bit++) {
        if (!(mask & UINT32_C(1) << bit) || !*names->items[bit])
            continue;
        buffer_add_text(out, separator);
        buffer_add_text(out, names->items[bit]);
        separator = ",";
    }
    buffer_add_text(out, *separator == '[' ? "[]" : "]");
}
