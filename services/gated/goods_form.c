/* SPDX-License-Identifier: MIT
 * The customs declarations and goods of a declaration, domain B1 and B2. Vehicles and customs
 * declarations are read before the goods, which may name them.
 */
#include "common/form/digits.h"
#include "common/form/hs.h"
#include "common/form/instant.h"
#include "common/json/write.h"
#include "services/gated/declaration_sheet.h"

enum {
    OFFICE_MAX = 8,
    DESCRIPTION_MAX_CHARACTERS = 500,
    FILE_MAX_CHARACTERS = 128,
    TYPED_MAX_CHARACTERS = 64,
    PACKAGES_MAX = 10000000,
    QUANTITY_MAX = 1000000000,
    QUANTITY_DECIMALS = 3,
    WEIGHT_MAX_KG = 1000000,
    WEIGHT_DECIMALS = 3,
    VALUE_DECIMALS = 2,
};

static const int64_t VALUE_MAX = 10000000000000; /* in VND that is a ship full */

static bool is_upper_code(struct span typed, char *text, size_t least, size_t most, bool has_digits)
{
    size_t size = digits_fold(typed, text, most + 1);

    for (size_t i = 0; i < size; i++)
        if (!(text[i] >= 'A' && text[i] <= 'Z') &&
            !(has_digits && text[i] >= '0' && text[i] <= '9'))
            return false;
    return size >= least;
}

static enum message country_read(struct span typed, char *text)
{
    return is_upper_code(typed, text, 2, 2, false) ? MESSAGE_NONE : MESSAGE_COUNTRY_FORMAT;
}

static enum message unit_read(struct span typed, char *text)
{
    return is_upper_code(typed, text, 2, 3, true) ? MESSAGE_NONE : MESSAGE_UNIT_FORMAT;
}

static enum message currency_read(struct span typed, char *text)
{
    return is_upper_code(typed, text, 3, 3, false) ? MESSAGE_NONE : MESSAGE_CURRENCY_FORMAT;
}

static enum message day_read(struct span typed, char *text)
{
    enum message wrong = date_read(typed);

    if (wrong == MESSAGE_NONE) {
        memcpy(text, typed.at, typed.size);
        text[typed.size] = '\0';
    }
    return wrong;
}

static enum message export_number_read(struct span typed, char *text)
{
    return customs_number_read(typed, DIRECTION_EXPORT, text);
}

static enum message import_number_read(struct span typed, char *text)
{
    return customs_number_read(typed, DIRECTION_IMPORT, text);
}

/* The first digit of a customs number must agree with the direction of the declaration. */
static normaliser *number_read(const struct sheet *sheet)
{
    return sheet->form->direction == DIRECTION_EXPORT ? export_number_read : import_number_read;
}

/* --- customs declarations --------------------------------------------------------------------- */

static void customs_item(struct sheet *sheet, struct object *customs)
{
    struct span number;

    if (copy_normal(sheet, customs, "number", number_read(sheet), &number))
        sheet_remember(sheet, &sheet->customs, number, customs, "number",
                       MESSAGE_DUPLICATE_CUSTOMS_NUMBER);
    else if (!object_has(customs, "number"))
        sheet_rule(sheet, customs, "number", MESSAGE_MISSING_CUSTOMS_NUMBER);
    copy_normal(sheet, customs, "type", customs_type_read, NULL);
    copy_code(sheet, customs, "office", OFFICE_MAX);
    copy_code(sheet, customs, "place", OFFICE_MAX);
    copy_normal(sheet, customs, "date", day_read, NULL);
}

void customs_declarations_read(struct sheet *sheet, struct object *body)
{
    copy_array(sheet, body, "customs_declarations", DECLARATION_CUSTOMS_MAX, customs_item);
}

/* --- goods ------------------------------------------------------------------------------------ */

/* A plate of either country, or the VIN of a vehicle that has none. */
static bool vehicle_name(struct sheet *sheet, struct span typed, struct span *name)
{
    struct plate plate;
    char vin[VIN_SIZE + 1];

    if (plate_read(typed, NATIONALITY_ANY, PLATE_TRUCK, &plate) == MESSAGE_NONE)
        *name = arena_copy(sheet->arena, plate_span(&plate));
    else if (vin_read(typed, vin) == MESSAGE_NONE)
        *name = arena_copy(sheet->arena, span_of(vin));
    else
        return false;
    return true;
}

static void copy_plates(struct sheet *sheet, struct object *goods)
{
    struct array plates;
    struct span typed, name;

    if (!read_array(goods, "plates", OPTIONAL, DECLARATION_PLATES_MAX, &plates) ||
        plates.size == 0) {
        if (sheet->vehicle_count > 1)
            sheet_warn(sheet, goods, NULL, MESSAGE_GOODS_PLATES_UNNAMED);
        return;
    }
    write_array(&sheet->out, "plates");
    for (size_t i = 0; i < plates.size; i++) {
        if (!array_text(&plates, i, TYPED_MAX_CHARACTERS, &typed))
            continue;
        if (!vehicle_name(sheet, typed, &name)) {
            failures_add(plates.failures, array_pointer(&plates, i), MESSAGE_PLATE_FORMAT);
            continue;
        }
        write_text(&sheet->out, NULL, name);
        if (sheet->is_whole && !sheet_knows(&sheet->plates, name))
            failures_add(&sheet->form->rule_failures, array_pointer(&plates, i),
                         MESSAGE_GOODS_PLATE_UNKNOWN);
    }
    write_array_end(&sheet->out);
}

static void copy_customs(struct sheet *sheet, struct object *goods)
{
    struct span number;

    if (copy_normal(sheet, goods, "customs_declaration", number_read(sheet), &number)) {
        if (!sheet_knows(&sheet->customs, number))
            sheet_rule(sheet, goods, "customs_declaration", MESSAGE_GOODS_CUSTOMS_UNKNOWN);
    } else if (!object_has(goods, "customs_declaration") && sheet->customs.count > 1) {
        sheet_warn(sheet, goods, NULL, MESSAGE_GOODS_CUSTOMS_UNNAMED);
    }
}

static void copy_weights(struct sheet *sheet, struct object *goods)
{
    int64_t net = 0, gross = 0;
    bool has_net =
        read_decimal(goods, "net_weight_kg", OPTIONAL, WEIGHT_DECIMALS, WEIGHT_MAX_KG, &net);
    bool has_gross =
        read_decimal(goods, "gross_weight_kg", OPTIONAL, WEIGHT_DECIMALS, WEIGHT_MAX_KG, &gross);

    if (has_net)
        write_decimal(&sheet->out, "net_weight_kg", net, WEIGHT_DECIMALS);
    if (has_gross)
        write_decimal(&sheet->out, "gross_weight_kg", gross, WEIGHT_DECIMALS);
    if (has_net && has_gross && net > gross)
        object_fail(goods, "net_weight_kg", MESSAGE_WEIGHT_ORDER);
}

static void goods_item(struct sheet *sheet, struct object *goods)
{
    if (!copy_normal(sheet, goods, "hs", hs_read, NULL) && !object_has(goods, "hs"))
        sheet_rule(sheet, goods, "hs", MESSAGE_MISSING_HS);
    if (!copy_text(sheet, goods, "description", DESCRIPTION_MAX_CHARACTERS) &&
        !object_has(goods, "description"))
        sheet_rule(sheet, goods, "description", MESSAGE_MISSING_DESCRIPTION);
    copy_normal(sheet, goods, "origin", country_read, NULL);
    copy_decimal(sheet, goods, "quantity", QUANTITY_DECIMALS, QUANTITY_MAX);
    copy_normal(sheet, goods, "unit", unit_read, NULL);
    copy_integer(sheet, goods, "packages", PACKAGES_MAX);
    copy_weights(sheet, goods);
    copy_decimal(sheet, goods, "value", VALUE_DECIMALS, VALUE_MAX);
    copy_normal(sheet, goods, "currency", currency_read, NULL);
    copy_text(sheet, goods, "file", FILE_MAX_CHARACTERS);
    copy_plates(sheet, goods);
    copy_customs(sheet, goods);
}

/* Goods and their customs declaration come together; a declaration with neither is an empty
 * vehicle. */
void goods_read(struct sheet *sheet, struct object *body)
{
    size_t count = copy_array(sheet, body, "goods", DECLARATION_GOODS_MAX, goods_item);
    size_t customs = json_array_size(json_object_get(body->json, "customs_declarations"));

    if (count == 0 && customs > 0)
        sheet_rule(sheet, body, "goods", MESSAGE_MISSING_GOODS);
    if (count > 0 && customs == 0)
        sheet_rule(sheet, body, "customs_declarations", MESSAGE_MISSING_CUSTOMS_DECLARATION);
}
