/* SPDX-License-Identifier: MIT
 * Any bytes as any single value. What a validator accepts, it must accept again unchanged.
 */
#include <stdint.h>
#include <string.h>

#include "common/form/container.h"
#include "common/form/customs.h"
#include "common/form/document.h"
#include "common/form/hs.h"
#include "common/form/instant.h"
#include "common/form/phone.h"
#include "common/form/scan.h"
#include "common/form/taxcode.h"
#include "common/form/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum message container_text(struct span typed, char *text)
{
    struct container container;
    enum message wrong = container_read(typed, &container);

    memcpy(text, container.text, sizeof container.text);
    return wrong;
}

static enum message plate_text(struct span typed, char *text)
{
    struct plate plate;
    enum message wrong = plate_read(typed, NATIONALITY_ANY, PLATE_ANY, &plate);

    memcpy(text, plate.text, sizeof plate.text);
    return wrong;
}

static enum message trailer_text(struct span typed, char *text)
{
    struct plate plate;
    enum message wrong = plate_read(typed, NATIONALITY_ANY, PLATE_TRAILER, &plate);

    memcpy(text, plate.text, sizeof plate.text);
    return wrong;
}

static enum message passport_text(struct span typed, char *text)
{
    return document_read(typed, DOCUMENT_PASSPORT, text);
}

static enum message cn_id_text(struct span typed, char *text)
{
    return document_read(typed, DOCUMENT_CN_ID, text);
}

static enum message border_pass_text(struct span typed, char *text)
{
    return document_read(typed, DOCUMENT_BORDER_PASS, text);
}

static enum message export_text(struct span typed, char *text)
{
    return customs_number_read(typed, DIRECTION_EXPORT, text);
}

static enum message instant_text(struct span typed, char *text)
{
    int64_t ms;
    enum message wrong = instant_read(typed, &ms);

    if (wrong == MESSAGE_NONE)
        instant_print(ms, text);
    return wrong;
}

static void try_normaliser(enum message (*normalise)(struct span typed, char *text),
                           struct span typed)
{
    char once[128] = "", twice[128] = "";

    if (normalise(typed, once) != MESSAGE_NONE)
        return;
    if (normalise == instant_text && !strncmp(once, "2200", 4))
        return; /* the last hours of 2199 are printed as Hanoi's 2200 */
    CHECK(normalise(span_of(once), twice) == MESSAGE_NONE);
    CHECK(!strcmp(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span typed = {.at = (const char *)data, .size = size};
    struct span clean, again;
    struct scan scan;

    try_normaliser(plate_text, typed);
    try_normaliser(trailer_text, typed);
    try_normaliser(vin_read, typed);
    try_normaliser(container_text, typed);
    try_normaliser(taxcode_read, typed);
    try_normaliser(phone_read, typed);
    try_normaliser(passport_text, typed);
    try_normaliser(cn_id_text, typed);
    try_normaliser(border_pass_text, typed);
    try_normaliser(hs_read, typed);
    try_normaliser(export_text, typed);
    try_normaliser(customs_type_read, typed);
    try_normaliser(border_guard_number_read, typed);
    try_normaliser(instant_text, typed);
    scan_read(typed, &scan);
    CHECK(scan.size <= SCAN_DIGITS_MAX);
    if (text_read(typed, TEXT_LINE, 100, &clean) == MESSAGE_NONE) {
        CHECK(text_read(clean, TEXT_LINE, 100, &again) == MESSAGE_NONE);
        CHECK(span_is_equal(clean, again));
    }
    return 0;
}
