/* SPDX-License-Identifier: MIT
 * The vehicles and drivers of a declaration, domain B1, B3 to B5 and B7.
 */
#include "common/form/container.h"
#include "common/form/digits.h"
#include "common/form/document.h"
#include "common/form/phone.h"
#include "common/json/write.h"
#include "services/gated/declaration_sheet.h"

enum {
    NAME_MAX_CHARACTERS = 100,
    NUMBER_MAX_CHARACTERS = 40, /* licences, insurance: their forms are the agencies' own */
    PLACE_MAX_CHARACTERS = 128,
    SEAL_ROOM = 33,
    WEIGHT_MAX_KG = 200000,
    WEIGHT_DECIMALS = 3,
};

static const char *const NATIONALITIES[] = {"VN", "CN", NULL};
static const char *const CLASSES[] = {"VT1", "VT2", "VT3", "VT4", "VT5", "VT6", NULL};
static const char *const BODIES[] = {"truck", "tractor", "tank", "flatbed", "other", NULL};

static enum message seal_read(struct span typed, char *seal)
{
    size_t size = digits_fold(typed, seal, SEAL_ROOM);

    for (size_t i = 0; i < size; i++)
        if (!((seal[i] >= 'A' && seal[i] <= 'Z') || (seal[i] >= '0' && seal[i] <= '9') ||
              seal[i] == '/'))
            return MESSAGE_SEAL_FORMAT;
    return size ? MESSAGE_NONE : MESSAGE_SEAL_FORMAT;
}

/* --- drivers ---------------------------------------------------------------------------------- */

static bool copy_document(struct sheet *sheet, struct object *driver)
{
    struct object document;
    struct span typed;
    char number[DOCUMENT_ROOM];
    int type;

    if (!read_object(driver, "document", OPTIONAL, &document))
        return false;
    write_object(&sheet->out, "document");
    bool has_number = read_text(&document, "number", OPTIONAL, NUMBER_MAX_CHARACTERS, &typed);
    bool has_type =
        read_choice(&document, "type", has_number ? REQUIRED : OPTIONAL, DOCUMENT_TYPES, &type);
    if (has_type)
        write_text(&sheet->out, "type", span_of(DOCUMENT_TYPES[type]));
    if (has_type && has_number) {
        enum message wrong = document_read(typed, (enum document_type)type, number);
        if (wrong != MESSAGE_NONE)
            object_fail(&document, "number", wrong);
        write_text(&sheet->out, "number", span_of(number));
    }
    write_object_end(&sheet->out);
    object_close(&document);
    return has_number;
}

void copy_driver(struct sheet *sheet, struct object *vehicle, const char *name, bool is_needed)
{
    struct object driver;

    if (!read_object(vehicle, name, OPTIONAL, &driver)) {
        if (is_needed && !object_has(vehicle, name))
            sheet_rule(sheet, vehicle, name, MESSAGE_MISSING_DRIVER);
        return;
    }
    write_object(&sheet->out, name);
    bool has_name = copy_text(sheet, &driver, "name", NAME_MAX_CHARACTERS);
    bool has_document = copy_document(sheet, &driver);
    copy_normal(sheet, &driver, "phone", phone_read, NULL);
    copy_text(sheet, &driver, "licence", NUMBER_MAX_CHARACTERS);
    copy_flag(sheet, &driver, "specialised");
    write_object_end(&sheet->out);
    if (is_needed && !has_name)
        sheet_rule(sheet, &driver, "name", MESSAGE_MISSING_DRIVER_NAME);
    if (is_needed && !has_document)
        sheet_rule(sheet, &driver, "document", MESSAGE_MISSING_DRIVER_DOCUMENT);
    object_close(&driver);
}

/* --- vehicles --------------------------------------------------------------------------------- */

/* Plates of the two countries never look alike, so the plate tells when nobody said it; a vehicle
 * without a plate is one of the country it starts from. */
static enum nationality guess_nationality(const struct sheet *sheet, struct object *vehicle,
                                          bool is_receiving)
{
    bool is_from_vn = is_receiving || sheet->form->direction == DIRECTION_EXPORT;
    const json_t *typed = json_object_get(vehicle->json, "plate");
    struct span text = {json_string_value(typed), json_string_length(typed)};
    struct plate plate;

    if (plate_read(text, NATIONALITY_ANY, PLATE_TRUCK, &plate) == MESSAGE_NONE)
        return plate.nationality;
    return is_from_vn ? NATIONALITY_VN : NATIONALITY_CN;
}

static enum nationality copy_nationality(struct sheet *sheet, struct object *vehicle,
                                         bool is_receiving)
{
    enum nationality nationality = guess_nationality(sheet, vehicle, is_receiving);
    int given;

    if (read_choice(vehicle, "nationality", OPTIONAL, NATIONALITIES, &given))
        nationality = given == 0 ? NATIONALITY_VN : NATIONALITY_CN;
    write_text(&sheet->out, "nationality", span_of(nationality_code(nationality)));
    return nationality;
}

/* The plate, or the VIN of a new vehicle, is what the vehicle is known by. */
static void copy_identity(struct sheet *sheet, struct object *vehicle, bool is_receiving)
{
    enum nationality nationality = copy_nationality(sheet, vehicle, is_receiving);
    struct declaration_form *form = sheet->form;
    struct span plate = {0}, vin = {0};

    copy_plate(sheet, vehicle, "plate", nationality, PLATE_TRUCK, &plate);
    copy_normal(sheet, vehicle, "vin", vin_read, &vin);
    if (plate.size)
        sheet_remember(sheet, &sheet->plates, plate, vehicle, "plate", MESSAGE_DUPLICATE_PLATE);
    if (vin.size)
        sheet_remember(sheet, &sheet->plates, vin, vehicle, "vin", MESSAGE_DUPLICATE_PLATE);
    if (!object_has(vehicle, "plate") && !object_has(vehicle, "vin"))
        sheet_rule(sheet, vehicle, "plate", MESSAGE_MISSING_PLATE);
    else if ((plate.size || vin.size) && form->plate_count < DECLARATION_PLATES_MAX)
        form->plates[form->plate_count++] = plate.size ? plate : vin;
}

static void copy_container(struct sheet *sheet, struct object *vehicle)
{
    struct container container;
    struct span typed;

    if (!read_text(vehicle, "container", OPTIONAL, NUMBER_MAX_CHARACTERS, &typed))
        return;
    enum message wrong = container_read(typed, &container);
    if (wrong != MESSAGE_NONE) {
        object_fail(vehicle, "container", wrong);
        return;
    }
    struct span number = arena_copy(sheet->arena, span_of(container.text));
    write_text(&sheet->out, "container", number);
    sheet_remember(sheet, &sheet->containers, number, vehicle, "container",
                   MESSAGE_DUPLICATE_CONTAINER);
    if (!container.is_check_right)
        sheet_warn(sheet, vehicle, "container", MESSAGE_CONTAINER_CHECK_DIGIT);
}

static void copy_equipment(struct sheet *sheet, struct object *vehicle)
{
    struct span trailer, specialised;

    copy_plate(sheet, vehicle, "specialised_plate", NATIONALITY_ANY, PLATE_TRUCK, &specialised);
    if (copy_plate(sheet, vehicle, "trailer_plate", NATIONALITY_ANY, PLATE_TRAILER, &trailer))
        sheet_remember(sheet, &sheet->trailers, trailer, vehicle, "trailer_plate",
                       MESSAGE_DUPLICATE_TRAILER);
    copy_choice(sheet, vehicle, "class", CLASSES);
    copy_choice(sheet, vehicle, "body", BODIES);
    copy_container(sheet, vehicle);
    copy_normal(sheet, vehicle, "seal", seal_read, NULL);
    copy_decimal(sheet, vehicle, "own_weight_kg", WEIGHT_DECIMALS, WEIGHT_MAX_KG);
    copy_decimal(sheet, vehicle, "goods_weight_kg", WEIGHT_DECIMALS, WEIGHT_MAX_KG);
}

static void copy_vehicle(struct sheet *sheet, struct object *vehicle, bool is_receiving)
{
    copy_identity(sheet, vehicle, is_receiving);
    copy_equipment(sheet, vehicle);
    copy_text(sheet, vehicle, "licence", NUMBER_MAX_CHARACTERS);
    copy_text(sheet, vehicle, "customs_vehicle_number", NUMBER_MAX_CHARACTERS);
    copy_text(sheet, vehicle, "insurance", NUMBER_MAX_CHARACTERS);
    copy_text(sheet, vehicle, "unloading_place", PLACE_MAX_CHARACTERS);
    copy_driver(sheet, vehicle, "driver", true);
    copy_driver(sheet, vehicle, "co_driver", false);
}

static void main_item(struct sheet *sheet, struct object *vehicle)
{
    copy_vehicle(sheet, vehicle, false);
}

static void receiving_item(struct sheet *sheet, struct object *vehicle)
{
    copy_vehicle(sheet, vehicle, true);
}

void vehicles_read(struct sheet *sheet, struct object *body)
{
    sheet->vehicle_count = copy_array(sheet, body, "vehicles", DECLARATION_VEHICLES_MAX, main_item);
    if (sheet->vehicle_count == 0)
        sheet_rule(sheet, body, "vehicles", MESSAGE_MISSING_VEHICLE);
}

/* What is lifted or hitched from a vehicle onto a receiving one stands in both lists. */
void receiving_vehicles_read(struct sheet *sheet, struct object *body)
{
    sheet->containers = sheet->trailers = (struct names){0};
    size_t count =
        copy_array(sheet, body, "receiving_vehicles", DECLARATION_RECEIVING_MAX, receiving_item);

    if (count > 0 && sheet->form->direction == DIRECTION_EXPORT)
        object_fail(body, "receiving_vehicles", MESSAGE_RECEIVING_EXPORT);
}
