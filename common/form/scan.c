/* SPDX-License-Identifier: MIT */
#include "common/form/scan.h"

#include "common/form/fold.h"
#include "common/form/instant.h"

enum { MANGLED_MIN = 10 }; /* digits that show that a number was meant */

static bool are_digits(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.size > 0;
}

static int64_t part(struct span digits, size_t from, size_t size)
{
    uint64_t number = 0;

    return span_to_number((struct span){digits.at + from, size}, 9999, &number) ? (int64_t)number
                                                                                : 0;
}

/* No crossing begins like a date of this century: its serial would have to pass 10^11. */
bool scan_is_declaration(struct span digits)
{
    return digits.size >= DECLARATION_DIGITS_MIN && digits.size <= DECLARATION_DIGITS_MAX &&
           are_digits(digits) && part(digits, 0, 2) == 20 && part(digits, 8, 2) > 0 &&
           date_exists(part(digits, 0, 4), part(digits, 4, 2), part(digits, 6, 2));
}

bool scan_is_crossing(struct span digits)
{
    return digits.size == CROSSING_DIGITS && are_digits(digits) && part(digits, 0, 2) > 0 &&
           !scan_is_declaration(digits);
}

/* Copies the digits that are left after folding and counts what is none. False when it is not UTF-8
 * or too long. */
static bool collect(struct span typed, struct scan *scan, size_t *others)
{
    uint32_t code;

    *others = 0;
    while (typed.size) {
        if (!utf8_take(&typed, &code))
            return false;
        code = fold_code(code);
        if (code >= '0' && code <= '9') {
            if (scan->size == SCAN_DIGITS_MAX)
                return false;
            scan->digits[scan->size++] = (char)code;
        } else if (code != 0) {
            ++*others;
        }
    }
    return true;
}

static enum scan_kind kind_of_digits(struct span digits)
{
    if (scan_is_declaration(digits))
        return SCAN_DECLARATION;
    if (digits.size == CROSSING_DIGITS)
        return SCAN_CROSSING;
    return digits.size > CROSSING_DIGITS ? SCAN_PASS : SCAN_UNREADABLE;
}

/* One of digits only is taken for a pass that was cut: none is known. */
static bool take_vin(struct span typed, struct scan *scan)
{
    char vin[VIN_SIZE + 1];

    if (vin_read(typed, vin) != MESSAGE_NONE || are_digits((struct span){vin, VIN_SIZE}))
        return false;
    memcpy(scan->digits, vin, sizeof vin);
    scan->size = VIN_SIZE;
    return true;
}

void scan_read(struct span typed, struct scan *scan)
{
    size_t others;

    *scan = (struct scan){.kind = SCAN_UNREADABLE};
    if (plate_read(typed, NATIONALITY_ANY, PLATE_ANY, &scan->plate) == MESSAGE_NONE) {
        scan->kind = SCAN_PLATE;
        return;
    }
    if (take_vin(typed, scan)) {
        scan->kind = SCAN_VIN;
        return;
    }
    if (!collect(typed, scan, &others))
        scan->kind = scan->size >= MANGLED_MIN ? SCAN_MANGLED : SCAN_UNREADABLE;
    else if (others == 0)
        scan->kind = kind_of_digits((struct span){scan->digits, scan->size});
    else if (scan->size >= MANGLED_MIN)
        scan->kind = SCAN_MANGLED;
}
