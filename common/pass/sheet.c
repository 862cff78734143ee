/* SPDX-License-Identifier: MIT */
#include "common/pass/sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "common/base/check.h"

enum { HANOI_OFFSET_S = 7 * 3600 };

enum word {
    WORD_TITLE,
    WORD_PLATE,
    WORD_NUMBER,
    WORD_DECLARATION,
    WORD_DIRECTION,
    WORD_IMPORT,
    WORD_EXPORT,
    WORD_WINDOW,
    WORD_LIVE,
    WORD_VERSION,
    WORD_VALID_UNTIL,
    WORD_COUNT
};

static const char *const WORDS[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_TITLE] = {"Giấy qua cửa khẩu", "Gate pass", "过关凭证"},
    [WORD_PLATE] = {"Biển số xe", "Licence plate", "车牌号"},
    [WORD_NUMBER] = {"Số lượt xe", "Crossing", "车次号"},
    [WORD_DECLARATION] = {"Tờ khai", "Declaration", "申报单"},
    [WORD_DIRECTION] = {"Chiều", "Direction", "方向"},
    [WORD_IMPORT] = {"Nhập khẩu", "Import", "进口"},
    [WORD_EXPORT] = {"Xuất khẩu", "Export", "出口"},
    [WORD_WINDOW] = {"Khung giờ", "Window", "预约时段"},
    [WORD_LIVE] = {"Xếp hàng trực tiếp", "Live queue", "现场排队"},
    [WORD_VERSION] = {"Bản số", "Version", "版本"},
    [WORD_VALID_UNTIL] = {"Có giá trị đến", "Valid until", "有效期至"},
};

static const char *word(const struct pass_sheet *sheet, enum word which)
{
    CHECK(sheet->language < LANGUAGE_COUNT);
    return WORDS[which][sheet->language];
}

static struct tm hanoi(int64_t time_s)
{
    time_t shifted = (time_t)(time_s + HANOI_OFFSET_S);
    struct tm tm;

    CHECK(gmtime_r(&shifted, &tm));
    return tm;
}

static struct sheet_row *row_add(struct sheet_row **next, const char *label)
{
    struct sheet_row *row = (*next)++;

    row->label = label;
    return row;
}

/* "08:30–09:00, 23/11": day and month, as tickets have them; the year stands in the validity. */
static void window_print(const struct pass_sheet *sheet, char value[SHEET_VALUE_ROOM])
{
    struct tm from = hanoi(sheet->window_from_s), to = hanoi(sheet->window_to_s);

    if (sheet->window_from_s == 0 && sheet->window_to_s == 0)
        snprintf(value, SHEET_VALUE_ROOM, "%s", word(sheet, WORD_LIVE));
    else
        snprintf(value, SHEET_VALUE_ROOM, "%02d:%02d–%02d:%02d, %02d/%02d", from.tm_hour,
                 from.tm_min, to.tm_hour, to.tm_min, from.tm_mday, from.tm_mon + 1);
}

const char *sheet_title(const struct pass_sheet *sheet)
{
    return word(sheet, WORD_TITLE);
}

const char *sheet_plate_label(const struct pass_sheet *sheet)
{
    return word(sheet, WORD_PLATE);
}

void sheet_plate(const struct pass_sheet *sheet, char plate[PLATE_TEXT_ROOM])
{
    plate_text(sheet->claims.plate, plate);
}

size_t sheet_rows(const struct pass_sheet *sheet, struct sheet_row rows[SHEET_ROWS_MAX])
{
    const struct pass_claims *claims = &sheet->claims;
    enum word direction = claims->direction == PASS_IMPORT ? WORD_IMPORT : WORD_EXPORT;
    struct tm end = hanoi(claims->expires_s);
    struct sheet_row *next = rows;

    snprintf(row_add(&next, word(sheet, WORD_NUMBER))->value, SHEET_VALUE_ROOM, "%0*" PRIu64,
             CROSSING_DIGITS, claims->crossing);
    if (sheet->declaration.size)
        snprintf(row_add(&next, word(sheet, WORD_DECLARATION))->value, SHEET_VALUE_ROOM, "%.*s",
                 SPAN_ARG(sheet->declaration));
    snprintf(row_add(&next, word(sheet, WORD_DIRECTION))->value, SHEET_VALUE_ROOM, "%s",
             word(sheet, direction));
    window_print(sheet, row_add(&next, word(sheet, WORD_WINDOW))->value);
    snprintf(row_add(&next, word(sheet, WORD_VERSION))->value, SHEET_VALUE_ROOM, "%" PRIu32,
             claims->version);
    snprintf(row_add(&next, word(sheet, WORD_VALID_UNTIL))->value, SHEET_VALUE_ROOM,
             "%02d:%02d, %02d/%02d/%04d", end.tm_hour, end.tm_min, end.tm_mday, end.tm_mon + 1,
             end.tm_year + 1900);
    return (size_t)(next - rows);
}
