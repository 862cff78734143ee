/* SPDX-License-Identifier: MIT */
#include "common/pass/png.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <png.h>

#include "common/pass/font.h"
#include "common/pass/qr.h"

enum {
    CAPTION_SCALE_MAX = 6, /* dots per point of the font */
    CAPTION_GAP = 16,      /* dots below each line */
    WHITE = 1,
    BLACK = 0,
};

struct picture {
    uint8_t *dots; /* one byte each, row by row */
    int width;
    int height;
};

/* A line of caption, as large as the width allows. */
struct line {
    char text[PLATE_TEXT_ROOM];
    int scale;
};

static void square_fill(struct picture *picture, int x, int y, int side)
{
    CHECK(x >= 0 && y >= 0 && x + side <= picture->width && y + side <= picture->height);
    for (int row = y; row < y + side; row++)
        memset(picture->dots + row * picture->width + x, BLACK, (size_t)side);
}

static void code_draw(struct picture *picture, const struct qr *qr)
{
    int dots = qr_module_dots(qr);

    for (int y = 0; y < qr->width; y++)
        for (int x = 0; x < qr->width; x++)
            if (qr->dark[y][x])
                square_fill(picture, (x + QR_QUIET) * dots, (y + QR_QUIET) * dots, dots);
}

static int line_width(const struct line *line)
{
    return (int)strlen(line->text) * FONT_ADVANCE * line->scale;
}

static int line_height(const struct line *line)
{
    return FONT_HEIGHT * line->scale + CAPTION_GAP;
}

static void glyph_draw(struct picture *picture, char character, int left, int top, int scale)
{
    for (int y = 0; y < FONT_HEIGHT; y++)
        for (int x = 0; x < FONT_WIDTH; x++)
            if (font_is_dark(character, x, y))
                square_fill(picture, left + x * scale, top + y * scale, scale);
}

static void line_draw(struct picture *picture, const struct line *line, int top)
{
    int left = (picture->width - line_width(line)) / 2;

    for (size_t i = 0; line->text[i]; i++)
        glyph_draw(picture, line->text[i], left + (int)i * FONT_ADVANCE * line->scale, top,
                   line->scale);
}

static struct line line_of(const char *text, int width)
{
    struct line line = {.scale = CAPTION_SCALE_MAX};
    size_t size = 0;

    for (; *text; text++)
        if (font_has(*text) && size < sizeof line.text - 1)
            line.text[size++] = *text;
    while (line.scale > 1 && line_width(&line) > width)
        line.scale--;
    return line;
}

static struct picture picture_draw(const struct qr *qr, const struct pass_sheet *sheet)
{
    char number[CROSSING_DIGITS + 8], plate[PLATE_TEXT_ROOM];
    int side = (qr->width + 2 * QR_QUIET) * qr_module_dots(qr);

    sheet_plate(sheet, plate);
    snprintf(number, sizeof number, "%0*" PRIu64, CROSSING_DIGITS, sheet->claims.crossing);
    struct line above = line_of(plate, side), below = line_of(number, side);
    struct picture picture = {.width = side,
                              .height = side + line_height(&above) + line_height(&below)};
    size_t size = (size_t)picture.width * (size_t)picture.height;

    picture.dots = malloc(size);
    CHECK(picture.dots);
    memset(picture.dots, WHITE, size);
    code_draw(&picture, qr);
    line_draw(&picture, &above, side);
    line_draw(&picture, &below, side + line_height(&above));
    return picture;
}

static void on_write(png_structp png, png_bytep bytes, png_size_t size)
{
    buffer_add(png_get_io_ptr(png), (struct span){(const char *)bytes, size});
}

static void on_flush(png_structp png)
{
    (void)png;
}

/* Our pictures are always writable: an error here is a mistake in this file. */
static void on_error(png_structp png, png_const_charp message)
{
    (void)png;
    check_failed(message, __FILE__, __LINE__);
}

static void picture_write(const struct picture *picture, struct buffer *file)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;

    CHECK(png && info);
    png_set_write_fn(png, file, on_write, on_flush);
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, QR_DOTS_PER_MM * 1000, QR_DOTS_PER_MM * 1000, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    png_set_packing(png);
    for (int y = 0; y < picture->height; y++)
        png_write_row(png, picture->dots + y * picture->width);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
}

bool pass_png_write(const struct pass_sheet *sheet, struct buffer *png)
{
    struct qr qr;

    if (!qr_make(sheet->digits, &qr))
        return false;
    struct picture picture = picture_draw(&qr, sheet);
    picture_write(&picture, png);
    free(picture.dots);
    return true;
}
