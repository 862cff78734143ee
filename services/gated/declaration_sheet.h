/* SPDX-License-Identifier: MIT
 * What the parts of the declaration form share: one pass over a declaration, reading members and
 * writing them normalised. Private to declaration_form.c, vehicle_form.c, goods_form.c and
 * swap_form.c.
 */
#ifndef SERVICES_GATED_DECLARATION_SHEET_H
#define SERVICES_GATED_DECLARATION_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/buffer.h"
#include "common/form/customs.h"
#include "common/form/plate.h"
#include "common/json/read.h"
#include "services/gated/declaration_form.h"

/* Values of one kind that must not occur twice in a declaration. */
struct names {
    struct span *items;
    size_t count;
    size_t room;
};

struct sheet {
    struct declaration_form *form;
    struct arena *arena;
    struct buffer out; /* the normalised text */
    bool is_whole;  /* a whole declaration, not an amendment: rules count, defaults are written */
    bool is_stored; /* it is normalised already: instants are members named *_ms */
    size_t vehicle_count; /* without receiving vehicles */
    struct names plates;  /* or VINs, of vehicles and receiving vehicles */
    struct names trailers;
    struct names containers;
    struct names customs;
};

/* Remembers the value; adds the failure at the member when it was there already. */
void sheet_remember(struct sheet *sheet, struct names *names, struct span value,
                    const struct object *object, const char *name, enum message twice);
bool sheet_knows(const struct names *names, struct span value);

/* Adds a rule failure, or a warning, at the member (at the object when name is NULL). */
void sheet_rule(struct sheet *sheet, const struct object *object, const char *name,
                enum message code);
void sheet_warn(struct sheet *sheet, const struct object *object, const char *name,
                enum message code);

/* Each copies an optional member, normalised, and returns true when it was there and good. */
bool copy_text(struct sheet *sheet, struct object *object, const char *name, size_t characters_max);
bool copy_note(struct sheet *sheet, struct object *object, const char *name, size_t characters_max);
bool copy_code(struct sheet *sheet, struct object *object, const char *name, size_t size_max);
bool copy_choice(struct sheet *sheet, struct object *object, const char *name,
                 const char *const *choices);
bool copy_decimal(struct sheet *sheet, struct object *object, const char *name, int decimals,
                  int64_t maximum);
bool copy_integer(struct sheet *sheet, struct object *object, const char *name, int64_t maximum);
bool copy_flag(struct sheet *sheet, struct object *object, const char *name);
/* A plate; *value becomes its normalised text, in the arena. */
bool copy_plate(struct sheet *sheet, struct object *object, const char *name,
                enum nationality nationality, enum plate_kind kind, struct span *value);
/* A text that normalise() of common/form accepts; value (may be NULL) gets what it made of it. */
typedef enum message normaliser(struct span typed, char *text);
bool copy_normal(struct sheet *sheet, struct object *object, const char *name,
                 normaliser *normalise, struct span *value);

/* A driver. A needed one without name and document cannot pass the border guard: rule failures; a
 * companion is taken as given. */
void copy_driver(struct sheet *sheet, struct object *vehicle, const char *name, bool is_needed);

/* The parts, each an array of the body. */
void vehicles_read(struct sheet *sheet, struct object *body);
void receiving_vehicles_read(struct sheet *sheet, struct object *body);
void customs_declarations_read(struct sheet *sheet, struct object *body);
void goods_read(struct sheet *sheet, struct object *body);

/* Reads an array of the body and calls item for each object in it; writes it, or in a whole
 * declaration an empty one, and returns its size. */
size_t copy_array(struct sheet *sheet, struct object *body, const char *name, size_t items_max,
                  void (*item)(struct sheet *sheet, struct object *object));

#endif
