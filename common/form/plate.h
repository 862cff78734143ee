/* SPDX-License-Identifier: MIT
 * Licence plates of Vietnamese and Chinese trucks and trailers, and the VIN of a new vehicle that
 * has no plate yet. Domain B3 (patterns checked there on real series); VIN: ISO 3779.
 *
 * The two countries' plates never look alike: a Vietnamese one begins with a digit, a Chinese one
 * with its province or, as it is typed in Vietnam, with a letter. Not here: which plate is live.
 */
#ifndef COMMON_FORM_PLATE_H
#define COMMON_FORM_PLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum nationality { NATIONALITY_VN, NATIONALITY_CN, NATIONALITY_ANY };
enum plate_kind { PLATE_TRUCK, PLATE_TRAILER, PLATE_ANY };

enum {
    PLATE_BYTES = 16, /* 桂F1234挂 needs 11 */
    VIN_SIZE = 17,
};

struct plate {
    char text[PLATE_BYTES]; /* normalised, UTF-8, NUL-terminated: 29C12345, 桂F12345, 桂F1234挂 */
    size_t size;
    enum nationality nationality;
    enum plate_kind kind;
    bool is_province_assumed; /* typed without its province: 桂 until an officer corrects it */
};

/* Normalises and checks. nationality and kind narrow what is accepted.
 * MESSAGE_NONE, MESSAGE_PLATE_FORMAT, or MESSAGE_PLATE_NATIONALITY for a good plate of the other
 * country. */
MUST_USE enum message plate_read(struct span typed, enum nationality nationality,
                                 enum plate_kind kind, struct plate *plate);
/* Its text; borrowed from the plate. */
struct span plate_span(const struct plate *plate);

/* A VIN, normalised. MESSAGE_NONE or MESSAGE_VIN_FORMAT. */
MUST_USE enum message vin_read(struct span typed, char vin[VIN_SIZE + 1]);

/* "VN", "CN". */
const char *nationality_code(enum nationality nationality);

#endif
