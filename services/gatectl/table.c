/* SPDX-License-Identifier: MIT */
#include "services/gatectl/table.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/buffer.h"
#include "common/base/check.h"

static void add_value(struct buffer *cell, const json_t *value)
{
    const json_t *item;
    size_t index;

    if (json_is_string(value))
        buffer_add_text(cell, json_string_value(value));
    else if (json_is_integer(value))
        buffer_print(cell, "%lld", (long long)json_integer_value(value));
    else if (json_is_true(value))
        buffer_add_text(cell, "yes");
    else if (json_is_array(value) && json_array_size(value) > 0)
        json_array_foreach (value, index, item) {
            if (index > 0)
                buffer_add_text(cell, ",");
            add_value(cell, item);
        }
    else
        buffer_add_text(cell, "-");
}

static char *cell_text(const json_t *item, const struct column *column)
{
    struct buffer cell = {0};

    add_value(&cell, json_object_get(item, column->member));
    return buffer_steal(&cell, NULL);
}

/* How many columns of a terminal the UTF-8 text takes; East Asian wide letters take two. */
static size_t text_width(const char *text)
{
    size_t width = 0;

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        width += (byte & 0xc0) != 0x80;
        width += byte >= 0xe3 && byte <= 0xed;
    }
    return width;
}

static void print_cell(const char *text, size_t width, bool is_last)
{
    size_t taken = text_width(text);

    fputs(text, stdout);
    if (is_last)
        putchar('\n');
    else
        printf("%*s", (int)(width > taken ? width - taken + 2 : 2), "");
}

static void measure(const json_t *items, const struct column *columns, size_t *widths)
{
    const json_t *item;
    size_t index;

    for (size_t c = 0; columns[c].title; c++) {
        widths[c] = text_width(columns[c].title);
        json_array_foreach (items, index, item) {
            char *text = cell_text(item, &columns[c]);
            size_t width = text_width(text);

            widths[c] = width > widths[c] ? width : widths[c];
            free(text);
        }
    }
}

void table_print(const json_t *items, const struct column *columns)
{
    size_t widths[TABLE_COLUMNS_MAX];
    const json_t *item;
    size_t index;

    measure(items, columns, widths);
    for (size_t c = 0; columns[c].title; c++)
        print_cell(columns[c].title, widths[c], !columns[c + 1].title);
    json_array_foreach (items, index, item)
        for (size_t c = 0; columns[c].title; c++) {
            char *text = cell_text(item, &columns[c]);

            print_cell(text, widths[c], !columns[c + 1].title);
            free(text);
        }
}
