/* SPDX-License-Identifier: MIT
 * The screens: the files of services/web, put into the program when it is built. Pages are asked
 * again each time (their ETag says whether they changed); all else lies in a folder that is called
 * after the digest of all files, and is kept for a year.
 */
#ifndef SERVICES_GATED_WEB_H
#define SERVICES_GATED_WEB_H

#include "services/gated/request.h"

struct web_file {
    const char *path; /* its last part may be '*': any one segment */
    const char *type;
    const char *etag; /* of the plain text, without quotes */
    struct span plain;
    struct span packed; /* gzip; empty when that is not smaller */
    bool is_asset;
};

/* Written by web_make. */
extern const struct web_file WEB_FILES[];
extern const size_t WEB_FILE_COUNT;

/* The route of all screens, for the log and the metrics; not a row of the API. */
extern const struct route WEB_ROUTE;

/* NULL when no screen has the path. */
const struct web_file *web_find(struct span path);
/* Whether a client that sends this Accept-Encoding (NULL: none) takes gzip (RFC 9110 §12.5.3). */
bool web_takes_gzip(const char *accept_encoding);
/* Answers a GET or HEAD of a screen's file and ends the request; false when it is none. */
bool web_serve(struct request *r);

#endif
