/* SPDX-License-Identifier: MIT
 * Free text from outside: trimmed, printable, counted in characters. Unicode normalisation (NFC) is
 * PostgreSQL's.
 */
#ifndef COMMON_FORM_TEXT_H
#define COMMON_FORM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/check.h"
#include "common/base/message.h"
#include "common/base/span.h"

enum text_kind {
    TEXT_LINE, /* no control characters at all */
    TEXT_NOTE, /* line feeds and tabs may stand in it */
};

/* Without spaces, tabs, line ends and no-break spaces at both ends (tax codes arrive with stray
 * tabs, domain B6). */
struct span text_trim(struct span text);
/* Code points of valid UTF-8; -1 when it is not. */
long text_length(struct span text);
/* False for control characters, for marks that turn the direction of what follows (a plate could be
 * made to read otherwise on the officer's screen), for noncharacters and for broken UTF-8. */
bool text_is_printable(struct span text, enum text_kind kind);
/* Trims and checks: MESSAGE_NONE, BAD_UTF8, NOT_PRINTABLE or TOO_LONG. *clean points into text. */
MUST_USE enum message text_read(struct span text, enum text_kind kind, size_t characters_max,
                                struct span *clean);
/* True when text is 1 to size_max ASCII letters, digits and . _ / - : codes of routes, yards,
 * offices, licences. */
bool text_is_code(struct span text, size_t size_max);

#endif
