/* SPDX-License-Identifier: MIT
 * Makes the API's description out of the files of this folder, when the service is built. The files
 * hold what differs from operation to operation; what follows from the rest is written here once:
 * headers, security, problem documents and their codes, examples. See README.md.
 */
#ifndef SERVICES_GATED_OPENAPI_MAKE_H
#define SERVICES_GATED_OPENAPI_MAKE_H

#include <jansson.h>

/* What is being made. */
struct book {
    json_t *root;    /* the document */
    json_t *story;   /* the steps, in order, out of story.json */
    json_t *answers; /* by the step's name, out of answers.json */
    int mistakes;    /* each with a line on standard error */
};

/* Says what is wrong in the files. */
void book_mistake(struct book *book, const char *where, const char *what);

/* Turns the short form of an operation into OpenAPI's. path: as "/v1/gates/{gate}"; method: in
 * lower case. */
void operation_expand(struct book *book, const char *path, const char *method, json_t *operation);
/* Adds the problem documents of these codes (an array of texts) to the operation's responses, one
 * component for each different set of codes with one status. */
void problems_add(struct book *book, json_t *operation, json_t *codes);

/* {"$ref": "#/components/<kind>/<name>"}; a mistake when there is none. */
json_t *book_reference(struct book *book, const char *kind, const char *name);
/* The value at root.components.<kind>, made when it is absent. */
json_t *book_components(struct book *book, const char *kind);
/* The headers of that name, as references, into headers. */
void book_header(struct book *book, json_t *headers, const char *name);

#endif
