/* SPDX-License-Identifier: MIT */
#include "common/pass/svg.h"

#include <inttypes.h>
#include <string.h>

#include "common/pass/qr.h"

/* Lengths in printer dots, an eighth of a millimetre: whole numbers, so that every machine writes
 * the same bytes and modules fall on whole dots of a 203 dpi printer. */
enum {
    PAGE_WIDTH = 72 * QR_DOTS_PER_MM, /* what an 80 mm printer prints of its paper */
    MARGIN = 24,
    TITLE_Y = 36,
    GATE_Y = 70,
    PLATE_Y = 140,
    CODE_Y = 150,
    ROWS_Y = 44, /* below CODE_Y: level with the first modules */
    ROW_HEIGHT = 52,
    ROW_VALUE_BELOW = 24,
    TITLE_SIZE = 30,
    GATE_SIZE = 26,
    LABEL_SIZE = 18,
    VALUE_SIZE = 21,
    PLATE_SIZE = 64,
    PLATE_SIZE_LONG = 46,
    PLATE_LONG = 13, /* bytes; longer ones are VINs */
};

/* Text content and attribute values (XML 1.0 §2.4); control characters have no place in either. */
static void add_escaped(struct buffer *svg, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.at[i]) {
        case '&':
            buffer_add_text(svg, "&amp;");
            break;
        case '<':
            buffer_add_text(svg, "&lt;");
            break;
        case '>':
            buffer_add_text(svg, "&gt;");
            break;
        case '"':
            buffer_add_text(svg, "&quot;");
            break;
        default:
            if ((unsigned char)text.at[i] >= ' ')
                buffer_add(svg, (struct span){text.at + i, 1});
        }
    }
}

static void add_text(struct buffer *svg, int x, int y, int size, struct span text)
{
    buffer_print(svg, "<text x=\"%d\" y=\"%d\" font-size=\"%d\">", x, y, size);
    add_escaped(svg, text);
    buffer_add_text(svg, "</text>\n");
}

/* Title and description are what a screen reader says; their ids carry the crossing, so that
 * several passes can stand in one page. */
static void add_head(struct buffer *svg, const struct pass_sheet *sheet, int height,
                     const struct sheet_row *rows, size_t count)
{
    uint64_t id = sheet->claims.crossing;
    char plate[PLATE_TEXT_ROOM];

    sheet_plate(sheet, plate);
    buffer_print(svg,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" height=\"%d.%03dmm\" "
                 "viewBox=\"0 0 %d %d\" xml:lang=\"%s\" role=\"img\" "
                 "aria-labelledby=\"title-%" PRIu64 " desc-%" PRIu64 "\">\n",
                 PAGE_WIDTH / QR_DOTS_PER_MM, height / QR_DOTS_PER_MM,
                 height % QR_DOTS_PER_MM * 1000 / QR_DOTS_PER_MM, PAGE_WIDTH, height,
                 language_tag(sheet->language), id, id);
    buffer_print(svg,
                 "<title id=\"title-%" PRIu64 "\">%s %s</title>\n<desc id=\"desc-%" PRIu64 "\">",
                 id, sheet_title(sheet), plate, id);
    add_escaped(svg, sheet->gate_name);
    for (size_t i = 0; i < count; i++) {
        buffer_print(svg, "; %s: ", rows[i].label);
        add_escaped(svg, span_of(rows[i].value));
    }
    buffer_add_text(svg, "</desc>\n");
}

/* Each run of dark modules in a row is one rectangle of the path. */
static void add_code(struct buffer *svg, const struct qr *qr)
{
    buffer_print(svg,
                 "<path transform=\"translate(0 %d) scale(%d) translate(%d %d)\" "
                 "shape-rendering=\"crispEdges\" d=\"",
                 CODE_Y, qr_module_dots(qr), QR_QUIET, QR_QUIET);
    for (int y = 0; y < qr->width; y++)
        for (int x = 0, run; x < qr->width; x += run + 1) {
            for (run = 0; x + run < qr->width && qr->dark[y][x + run]; run++)
                ;
            if (run)
                buffer_print(svg, "M%d %dh%dv1h-%dz", x, y, run, run);
        }
    buffer_add_text(svg, "\"/>\n");
}

static void add_texts(struct buffer *svg, const struct pass_sheet *sheet)
{
    char plate[PLATE_TEXT_ROOM];

    sheet_plate(sheet, plate);
    int size = strlen(plate) > PLATE_LONG ? PLATE_SIZE_LONG : PLATE_SIZE;
    add_text(svg, MARGIN, TITLE_Y, TITLE_SIZE, span_of(sheet_title(sheet)));
    add_text(svg, MARGIN, GATE_Y, GATE_SIZE, sheet->gate_name);
    buffer_add_text(svg, "<g font-weight=\"bold\">");
    add_text(svg, MARGIN, PLATE_Y, size, span_of(plate));
    buffer_add_text(svg, "</g>\n");
}

static void add_rows(struct buffer *svg, int x, const struct sheet_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int y = CODE_Y + ROWS_Y + (int)i * ROW_HEIGHT;
        add_text(svg, x, y, LABEL_SIZE, span_of(rows[i].label));
        add_text(svg, x, y + ROW_VALUE_BELOW, VALUE_SIZE, span_of(rows[i].value));
    }
}

bool pass_svg_write(const struct pass_sheet *sheet, struct buffer *svg)
{
    struct sheet_row rows[SHEET_ROWS_MAX];
    struct qr qr;

    if (!qr_make(sheet->digits, &qr))
        return false;
    int side = (qr.width + 2 * QR_QUIET) * qr_module_dots(&qr);
    size_t count = sheet_rows(sheet, rows);
    add_head(svg, sheet, CODE_Y + side, rows, count);
    buffer_add_text(svg, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    add_code(svg, &qr);
    buffer_add_text(svg, "<g font-family=\"Noto Sans, Noto Sans CJK SC, Arial, sans-serif\">\n");
    add_texts(svg, sheet);
    add_rows(svg, side, rows, count);
    buffer_add_text(svg, "</g>\n</svg>\n");
    return true;
}
