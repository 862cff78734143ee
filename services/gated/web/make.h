/* SPDX-License-Identifier: MIT
 * web_make: puts the files of services/web into one C file, when the service is built.
 */
#ifndef SERVICES_GATED_WEB_MAKE_H
#define SERVICES_GATED_WEB_MAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/buffer.h"
#include "common/base/span.h"

enum { WEB_DIGEST_SIZE = 2 * 8 + 1, WEB_PATH_ROOM = 4096 };

struct item {
    char *name;          /* "kiosk/scan.js", "vendor/uplot.js" */
    struct buffer plain; /* as it is served */
};

struct items {
    struct item *at; /* in the order of their names */
    size_t count;
    char digest[WEB_DIGEST_SIZE]; /* hexadecimal, of all names and contents */
};

/* gather.c */
/* Reads FOLDER/<part>/<file> and what FOLDER/vendor.txt names of MODULES. False after a line on
 * standard error. */
bool items_gather(struct items *items, const char *folder, const char *modules);
void items_free(struct items *items);

/* place.c */
/* Where the item is served. Pages, workers and manifests have a path of their own; all else is
 * below /assets/<digest>/. False for an asset. */
bool item_place(const struct item *item, const char *digest, char path[WEB_PATH_ROOM]);
/* NULL for a kind of file that is not served. */
const char *item_type(const char *name);
/* Writes the text wherever the item says the mark. */
void item_fill(struct item *item, const char *mark, struct span text);

/* pack.c */
/* As gzip (RFC 1952), smallest; the same bytes for the same text. */
void pack(struct span plain, struct buffer *packed);

#endif
