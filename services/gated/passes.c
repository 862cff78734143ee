/* SPDX-License-Identifier: MIT
 * The pass of a crossing as an image or a text. The database tells the claims, the signature is
 * made here; both are deterministic, so the same version always looks the same.
 */
#include <jansson.h>
#include <stdio.h>

#include "common/pass/png.h"
#include "common/pass/svg.h"
#include "common/pass/text.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/expand.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"

struct format {
    const char *type;
    bool (*write)(const struct pass_sheet *sheet, struct buffer *out);
};

static bool write_plain(const struct pass_sheet *sheet, struct buffer *out)
{
    pass_text_write(sheet, out);
    return true;
}

static const struct format SVG = {"image/svg+xml", pass_svg_write};
static const struct format PNG = {"image/png", pass_png_write};
static const struct format TEXT = {"text/plain; charset=utf-8", write_plain};

static struct span text_of(const json_t *object, const char *name)
{
    return span_of(json_string_value(json_object_get(object, name)));
}

/* Makes the reply; crossing is the answer of api.crossing(). */
static enum fault draw(struct request *r, const json_t *crossing)
{
    const struct format *format = r->context;
    const json_t *pass = json_object_get(crossing, "pass");
    char digits[PASS_DIGITS_ROOM], etag[32];
    struct buffer image = {0};
    struct pass_sheet sheet = {
        .language = r->language,
        .gate_name = text_of(crossing, "gate"),
        .declaration = text_of(crossing, "declaration"),
    };

    if (json_is_true(json_object_get(pass, "revoked")))
        return FAULT_PASS_REVOKED;
    if (!json_is_object(pass))
        return FAULT_CROSSING_DRAFT;
    if (!pass_promise_sign(text_of(pass, "@pass"), &r->server->pass_keys, &sheet.claims, digits))
        return FAULT_INTERNAL;
    sheet.digits = span_of(digits);
    bool is_drawn = format->write(&sheet, &image);
    snprintf(etag, sizeof etag, "%u-%s", sheet.claims.version, language_tag(r->language));
    if (is_drawn)
        reply_content(r, format->type, buffer_span(&image), etag);
    buffer_free(&image);
    return is_drawn ? OK : FAULT_INTERNAL;
}

static void on_crossing(struct request *r, const struct answer *answer)
{
    enum fault fault = answer->fault;

    if (!fault) {
        json_t *crossing = json_loadb(answer->body.at, answer->body.size, 0, NULL);
        fault = draw(r, crossing);
        json_decref(crossing);
    }
    if (fault)
        reply_fault(r, fault);
    request_end(r);
}

static enum fault pass_ask(struct request *r, const struct format *format)
{
    TRY(crossing_read_ask(r));
    r->context = (void *)(uintptr_t)format;
    r->on_read = on_crossing;
    return OK;
}

enum fault pass_svg_ask(struct request *r)
{
    return pass_ask(r, &SVG);
}

enum fault pass_png_ask(struct request *r)
{
    return pass_ask(r, &PNG);
}

enum fault pass_text_ask(struct request *r)
{
    return pass_ask(r, &TEXT);
}
