/* SPDX-License-Identifier: MIT
 * Members of a body, checked and copied into the arguments of a command. Each adds its own failure
 * and goes on (common/json/read.h); each returns true when the member was there and good.
 */
#ifndef SERVICES_GATED_ARGS_H
#define SERVICES_GATED_ARGS_H

#include "common/base/buffer.h"
#include "common/json/read.h"
#include "services/gated/request.h"

enum { ARGS_REASON_MAX = 500 };

/* NULL-terminated lists of what SQL calls these things. */
extern const char *const ARGS_DIRECTIONS[];
extern const char *const ARGS_CLASSES[];
extern const char *const ARGS_STAFF[]; /* roles of all but firms; the first two have an agency */
extern const char *const ARGS_AGENCIES[];

/* Each copies a member of the body, when it is there and good, to the arguments under its name, and
 * returns whether it did; what is wrong is a failure of the body. The bounds are those of
 * common/json/read.h. */
bool args_choice(struct object *body, const char *name, enum presence presence,
                 const char *const *choices, struct buffer *args);
bool args_text(struct object *body, const char *name, enum presence presence, size_t characters_max,
               struct buffer *args);
/* Text with line feeds. */
bool args_note(struct object *body, const char *name, enum presence presence, size_t characters_max,
               struct buffer *args);
bool args_code(struct object *body, const char *name, enum presence presence, size_t size_max,
               struct buffer *args);
bool args_number(struct object *body, const char *name, enum presence presence, int64_t minimum,
                 int64_t maximum, struct buffer *args);
bool args_flag(struct object *body, const char *name, struct buffer *args);
/* An instant, as milliseconds under the name as. */
bool args_instant(struct object *body, const char *name, enum presence presence, const char *as,
                  struct buffer *args);
/* A date YYYY-MM-DD. */
bool args_date(struct object *body, const char *name, struct buffer *args);
/* tax_code, normalised. */
bool args_tax_code(struct object *body, enum presence presence, struct buffer *args);
/* Who is meant: principal or tax_code, one of them. */
void args_holder(struct object *body, struct buffer *args);
/* A list of some of the choices, each at most once. An empty or absent one is not copied. */
bool args_list(struct object *body, const char *name, const char *const *choices,
               struct buffer *args);

/* The body of the request as one object; an absent one is {}. Begins the arguments. */
MUST_USE enum fault args_begin(struct request *r, struct object *body, struct buffer *args);
/* Closes both. The failures of the form, or the arguments' text in the request's arena. */
MUST_USE enum fault args_end(struct request *r, struct object *body, struct buffer *args,
                             struct span *text);

/* The same for commands of the platform's ledger, whose time r->now_ms is from then on. */
MUST_USE enum fault args_platform(struct request *r, struct object *body, struct buffer *args);
/* And about the {id} of the path, which becomes a number under the name what; with a reason, if one
 * is given. */
MUST_USE enum fault args_about(struct request *r, const char *what, struct object *body,
                               struct buffer *args);
/* Closes both; the command is that verb. */
MUST_USE enum fault args_write(struct request *r, const char *verb, struct object *body,
                               struct buffer *args);

#endif
