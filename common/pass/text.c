/* SPDX-License-Identifier: MIT */
#include "common/pass/text.h"

#include "common/pass/numeric.h"

/* Cuts the first size digits off into a line of their own. */
static void add_group(struct buffer *text, struct span *digits, size_t size)
{
    struct span group = {digits->at, digits->size < size ? digits->size : size};

    buffer_add(text, group);
    buffer_add_text(text, "\n");
    digits->at += group.size;
    digits->size -= group.size;
}

void pass_text_write(const struct pass_sheet *sheet, struct buffer *text)
{
    struct sheet_row rows[SHEET_ROWS_MAX];
    size_t count = sheet_rows(sheet, rows);
    struct span digits = sheet->digits;
    char plate[PLATE_TEXT_ROOM];

    sheet_plate(sheet, plate);
    buffer_print(text, "%s\n%.*s\n%s: %s\n", sheet_title(sheet), SPAN_ARG(sheet->gate_name),
                 sheet_plate_label(sheet), plate);
    for (size_t i = 0; i < count; i++)
        buffer_print(text, "%s: %s\n", rows[i].label, rows[i].value);
    buffer_add_text(text, "\n");
    add_group(text, &digits, CROSSING_DIGITS);
    while (digits.size)
        add_group(text, &digits, NUMERIC_GROUP_DIGITS);
}
