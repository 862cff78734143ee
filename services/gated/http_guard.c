/* SPDX-License-Identifier: MIT
 * What the library lets pass and we do not: whatever another reader of the same bytes could
 * understand as the end of this request elsewhere (RFC 9112 §6.3, §11.2).
 */
#include <strings.h>

#include "services/gated/http_parts.h"

/* Fields that may stand once only: two of them mean two things. */
static const char *const ONCE[] = {"Content-Length", "Transfer-Encoding", "Host",   "Authorization",
                                   "Content-Type",   "Idempotency-Key",   "Expect", "Cookie",
                                   "Origin",         "X-CSRF-Token"};
enum {
    ONCE_COUNT = sizeof ONCE / sizeof ONCE[0],
    ONCE_LENGTH = 0,
    ONCE_ENCODING = 1,
    ONCE_HOST = 2
};

struct head {
    int counts[ONCE_COUNT];
    const char *encoding;
    const char *cursor; /* behind what was read so far */
    bool is_clean;
};

static bool is_token_byte(unsigned char byte)
{
    return byte > 0x20 && byte < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", byte);
}

static bool is_token(const char *text)
{
    const char *at = text;

    while (*at && is_token_byte((unsigned char)*at))
        at++;
    return at > text && !*at;
}

static bool is_field_value(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
            return false;
    return true;
}

#if MHD_VERSION < 0x01000000
/* 0.9.x keeps the head where it arrived and gives pointers into it. When every part begins where
 * the one before it ended, plus one CRLF, nothing was skipped: no NUL, no folded line (which that
 * version appends to the field's name), no bare LF, no blank too many in the request line. */
static void tile(struct head *head, const char *key, const char *value)
{
    head->is_clean = head->is_clean && key == head->cursor + 2;
    head->cursor = value + strlen(value);
}

static const char *tile_line(struct head *head, struct span target, const char *method,
                             const char *version)
{
    const char *expected = method + strlen(method) + 1 + target.size + 1;

    head->is_clean = head->is_clean && version == expected;
    return version + strlen(version);
}

static void tile_end(struct head *head, struct MHD_Connection *library, const char *method)
{
    size_t size =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;

    head->is_clean = head->is_clean && head->cursor + 4 == method + size;
}
#else
/* From 1.0 on the strict mode refuses all of that itself. */
static void tile(struct head *head, const char *key, const char *value)
{
    (void)head, (void)key, (void)value;
}

static const char *tile_line(struct head *head, struct span target, const char *method,
                             const char *version)
{
    (void)head, (void)target, (void)method;
    return version;
}

static void tile_end(struct head *head, struct MHD_Connection *library, const char *method)
{
    (void)head, (void)library, (void)method;
}
#endif

static enum MHD_Result visit(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct head *head = cls;

    (void)kind;
    value = value ? value : "";
    tile(head, key, value);
    head->is_clean = head->is_clean && is_token(key) && is_field_value(value);
    for (int i = 0; i < ONCE_COUNT; i++)
        if (strcasecmp(key, ONCE[i]) == 0) {
            head->counts[i]++;
            if (i == ONCE_ENCODING)
                head->encoding = value;
        }
    return MHD_YES;
}

static bool is_framed(const struct head *head, bool is_1_0)
{
    for (int i = 0; i < ONCE_COUNT; i++)
        if (head->counts[i] > 1)
            return false;
    if (head->counts[ONCE_ENCODING] &&
        (head->counts[ONCE_LENGTH] || is_1_0 || strcasecmp(head->encoding, "chunked") != 0))
        return false;
    return is_1_0 || head->counts[ONCE_HOST];
}

/* Whether the head is within its bound and leaves room for the answer's. */
static bool is_roomy(struct MHD_Connection *library)
{
    const int all = MHD_HEADER_KIND | MHD_COOKIE_KIND | MHD_GET_ARGUMENT_KIND;
    int records = MHD_get_connection_values(library, (enum MHD_ValueKind)all, NULL, NULL);
    const char *cookie = MHD_lookup_connection_value(library, MHD_HEADER_KIND, "Cookie");
    size_t size =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;

    return size <= HTTP_HEAD_MAX && size + (size_t)records * RECORD_BYTES +
                                            (cookie ? strlen(cookie) : 0) + ANSWER_HEAD_BYTES <=
                                        POOL_BYTES;
}

enum fault guard_frame(struct MHD_Connection *library, struct span target, const char *method,
                       const char *version)
{
    struct head head = {.is_clean = true};
    bool is_1_0 = strcmp(version, "HTTP/1.0") == 0;

    if (!is_1_0 && strcmp(version, "HTTP/1.1") != 0)
        return FAULT_HTTP_VERSION;
    head.cursor = tile_line(&head, target, method, version);
    MHD_get_connection_values(library, MHD_HEADER_KIND, visit, &head);
    tile_end(&head, library, method);
    if (!head.is_clean || !is_token(method) || !is_framed(&head, is_1_0))
        return FAULT_BAD_REQUEST;
    return is_roomy(library) ? OK : FAULT_HEADER_TOO_LARGE;
}

static struct span strip_origin(struct span target)
{
    static const char SCHEMES[][9] = {"http://", "https://"};

    for (int i = 0; i < 2; i++) {
        struct span scheme = span_of(SCHEMES[i]);
        if (target.size < scheme.size || strncasecmp(target.at, scheme.at, scheme.size) != 0)
            continue;
        const char *slash = memchr(target.at + scheme.size, '/', target.size - scheme.size);
        if (slash)
            return (struct span){slash, target.size - (size_t)(slash - target.at)};
    }
    return target;
}

enum fault guard_path(struct span target, struct span *path)
{
    struct span rest = strip_origin(target);

    *path = span_take(&rest, '?');
    if (path->size > HTTP_PATH_MAX)
        return FAULT_URI_TOO_LONG;
    if (path->size == 0 || path->at[0] != '/')
        return FAULT_BAD_REQUEST;
    for (size_t i = 0; i < path->size; i++) {
        unsigned char byte = (unsigned char)path->at[i];
        if (byte <= 0x20 || byte >= 0x7f || strchr("%\"<>\\^`{|}#", byte))
            return FAULT_BAD_REQUEST;
    }
    return OK;
}
