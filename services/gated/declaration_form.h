/* SPDX-License-Identifier: MIT
 * The form of a declaration: what POST and PATCH /v1/declarations may say, checked and normalised.
 * Pure: no clock, no state. What depends on state (live plates, windows, routes) is SQL's.
 *
 * In (domain B1; everything is optional but gate and direction, nothing else may stand in it):
 *   gate, direction (export, import), on_behalf_of (tax code, officers only), route,
 * planned_arrival, border_guard_number, regime (ordinary, temporary, transit, bonded), yard,
 * unloading_place, fee_payer {name, tax_code, address, phone}, fee_payer_cn {name, address, phone},
 * reference, note, vehicles[] and receiving_vehicles[] {nationality (VN, CN), plate, vin,
 * specialised_plate, trailer_plate, class (VT1 to VT6), body, container, seal, own_weight_kg,
 * goods_weight_kg, licence, customs_vehicle_number, insurance, unloading_place, driver, co_driver}
 *     driver {name, document {type, number}, phone, licence, specialised}
 *   customs_declarations[] {number, type, office, place, date},
 *   goods[] {hs, description, origin, quantity, unit, packages, net_weight_kg, gross_weight_kg,
 * value, currency, file, plates[], customs_declaration}
 *
 * Out: the normalised document, JSON text of the same shape and names: texts trimmed, plates,
 * numbers and phones in their one writing, nationality always there, the four arrays always there,
 * no nulls, nothing unknown; planned_arrival became planned_arrival_ms (milliseconds since 1970);
 * on_behalf_of is not in it. Reading a normalised document again gives the same text.
 */
#ifndef SERVICES_GATED_DECLARATION_FORM_H
#define SERVICES_GATED_DECLARATION_FORM_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/fault.h"
#include "common/base/span.h"
#include "common/form/customs.h"
#include "common/form/failures.h"

enum {
    DECLARATION_VEHICLES_MAX = 100,
    DECLARATION_RECEIVING_MAX = 20,
    DECLARATION_CUSTOMS_MAX = 50,
    DECLARATION_GOODS_MAX = 200,
    DECLARATION_PLATES_MAX = DECLARATION_VEHICLES_MAX + DECLARATION_RECEIVING_MAX,
};

struct declaration_form {
    struct span document; /* normalised; empty when there are failures */
    struct span members;  /* of an amendment: those it changes, null removes one */
    struct span gate;     /* its code, as in CKHN; whether it exists is not checked */
    enum direction direction;
    struct span on_behalf_of;      /* tax code, normalised; empty: the caller's own firm */
    struct failures failures;      /* malformed: nothing is stored */
    struct failures rule_failures; /* absent: it stays a draft */
    struct failures warnings;      /* suspicious, found without looking at any state */
    struct span plates[DECLARATION_PLATES_MAX]; /* the plate, else the VIN, of every vehicle */
    size_t plate_count;
};

/* Reads the body of POST /v1/declarations. FAULT_BAD_JSON or FAULT_INVALID_FIELDS with all
 * failures. */
MUST_USE enum fault declaration_form_file(struct span body, struct arena *arena,
                                          struct declaration_form *form);
/* Reads the body of PATCH: top-level members replace those of stored, a normalised document; null
 * removes one. gate, direction and on_behalf_of cannot be amended. document, rule_failures,
 * warnings and plates then describe the whole amended document. */
MUST_USE enum fault declaration_form_amend(struct span body, struct span stored,
                                           struct arena *arena, struct declaration_form *form);
/* Judges a normalised document again: all but members and on_behalf_of are filled. */
void declaration_form_rules(struct span stored, struct arena *arena, struct declaration_form *form);

#endif
