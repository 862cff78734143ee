/* SPDX-License-Identifier: MIT */
#include "common/form/plate.h"

#include <string.h>

#include "common/form/fold.h"

enum {
    CODES_MAX = 9,    /* 29LD12345 is the longest */
    TRAILER = 0x6302, /* 挂 */
    GUANGXI = 0x6842, /* 桂 */
};

/* Small letters are classes, everything else stands for itself:
 *   z 1-9   d digit   v series letter of a Vietnamese truck   p province   g 挂
 *   c letter without I and O   x the same or a digit   e letter of a new-energy plate */
static const struct {
    enum nationality nationality;
    enum plate_kind kind;
    const char *pattern;
} PATTERNS[] = {
    {NATIONALITY_VN, PLATE_TRUCK, "zdvddddd"},    {NATIONALITY_VN, PLATE_TRUCK, "zdvdddd"},
    {NATIONALITY_VN, PLATE_TRUCK, "zdLDddddd"},   {NATIONALITY_VN, PLATE_TRUCK, "zdLDdddd"},
    {NATIONALITY_VN, PLATE_TRUCK, "zdDAddddd"},   {NATIONALITY_VN, PLATE_TRUCK, "zdDAdddd"},
    {NATIONALITY_VN, PLATE_TRAILER, "zdRMddddd"}, {NATIONALITY_VN, PLATE_TRAILER, "zdRMdddd"},
    {NATIONALITY_VN, PLATE_TRAILER, "zdRddddd"},  {NATIONALITY_VN, PLATE_TRAILER, "zdRdddd"},
    {NATIONALITY_CN, PLATE_TRUCK, "pcxxxxx"},     {NATIONALITY_CN, PLATE_TRUCK, "pcexdddd"},
    {NATIONALITY_CN, PLATE_TRUCK, "pcddddde"},    {NATIONALITY_CN, PLATE_TRAILER, "pcxxxxg"},
};

static bool is_one_of(uint32_t code, const char *ascii)
{
    return code > 0 && code < 0x80 && strchr(ascii, (int)code) != NULL;
}

static bool is_province(uint32_t code)
{
    struct span rest = SPAN("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼");
    uint32_t province;

    while (utf8_take(&rest, &province))
        if (province == code)
            return true;
    return false;
}

static bool fits_class(uint32_t code, char class)
{
    switch (class) {
    case 'z':
        return code >= '1' && code <= '9';
    case 'd':
        return code >= '0' && code <= '9';
    case 'v':
        return is_one_of(code, "ABCDEFGHKLMNPSTUVXYZ");
    case 'c':
        return code >= 'A' && code <= 'Z' && code != 'I' && code != 'O';
    case 'x':
        return fits_class(code, 'c') || fits_class(code, 'd');
    case 'e':
        return is_one_of(code, "ABCDEFGHJK");
    case 'p':
        return is_province(code);
    case 'g':
        return code == TRAILER;
    default:
        return code == (uint32_t)(unsigned char)class;
    }
}

static bool fits(const uint32_t *codes, size_t count, const char *pattern)
{
    if (strlen(pattern) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!fits_class(codes[i], pattern[i]))
            return false;
    return true;
}

/* Fills nationality and kind when the codes are a whole plate of the wanted kind. */
static bool find_pattern(const uint32_t *codes, size_t count, enum plate_kind kind,
                         struct plate *plate)
{
    for (size_t i = 0; i < COUNT_OF(PATTERNS); i++)
        if ((kind == PLATE_ANY || kind == PATTERNS[i].kind) &&
            fits(codes, count, PATTERNS[i].pattern)) {
            plate->nationality = PATTERNS[i].nationality;
            plate->kind = PATTERNS[i].kind;
            return true;
        }
    return false;
}

/* A Chinese plate as Vietnamese keyboards write it: no province, and in the field of the trailer no
 * 挂 either. Writes what it stands for; false when there is nothing to complete. */
static bool complete(uint32_t *codes, size_t *count, enum plate_kind kind)
{
    bool lacks_province = *count > 0 && fits_class(codes[0], 'c');
    bool lacks_trailer = kind == PLATE_TRAILER && *count > 0 && codes[*count - 1] != TRAILER;

    if ((!lacks_province && !lacks_trailer) || *count + lacks_province + lacks_trailer > CODES_MAX)
        return false;
    if (lacks_province) {
        memmove(codes + 1, codes, *count * sizeof *codes);
        codes[0] = GUANGXI;
        *count += 1;
    }
    if (lacks_trailer)
        codes[(*count)++] = TRAILER;
    return true;
}

/* No plate has the letters O and I: typed, they stand for the digits that look like them. */
static void read_lookalikes(uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        codes[i] = codes[i] == 'O' ? '0' : codes[i] == 'I' ? '1' : codes[i];
}

static void write_codes(const uint32_t *codes, size_t count, struct plate *plate)
{
    plate->size = 0;
    for (size_t i = 0; i < count; i++)
        plate->size += utf8_put(codes[i], plate->text + plate->size);
    plate->text[plate->size] = '\0';
}

enum message plate_read(struct span typed, enum nationality nationality, enum plate_kind kind,
                        struct plate *plate)
{
    uint32_t codes[CODES_MAX];
    size_t count;

    *plate = (struct plate){0};
    if (!fold_codes(typed, codes, CODES_MAX, &count))
        return MESSAGE_PLATE_FORMAT;
    read_lookalikes(codes, count);
    if (!find_pattern(codes, count, kind, plate)) {
        plate->is_province_assumed = count > 0 && fits_class(codes[0], 'c');
        if (!complete(codes, &count, kind) || !find_pattern(codes, count, kind, plate))
            return MESSAGE_PLATE_FORMAT;
    }
    write_codes(codes, count, plate);
    return nationality == NATIONALITY_ANY || nationality == plate->nationality
               ? MESSAGE_NONE
               : MESSAGE_PLATE_NATIONALITY;
}

struct span plate_span(const struct plate *plate)
{
    return (struct span){.at = plate->text, .size = plate->size};
}

enum message vin_read(struct span typed, char vin[VIN_SIZE + 1])
{
    uint32_t codes[VIN_SIZE];
    size_t count;

    if (!fold_codes(typed, codes, VIN_SIZE, &count) || count != VIN_SIZE)
        return MESSAGE_VIN_FORMAT;
    for (size_t i = 0; i < VIN_SIZE; i++) {
        if (!fits_class(codes[i], 'x') || codes[i] == 'Q')
            return MESSAGE_VIN_FORMAT;
        vin[i] = (char)codes[i];
    }
    vin[VIN_SIZE] = '\0';
    return MESSAGE_NONE;
}

const char *nationality_code(enum nationality nationality)
{
    CHECK(nationality != NATIONALITY_ANY);
    return nationality == NATIONALITY_VN ? "VN" : "CN";
}
