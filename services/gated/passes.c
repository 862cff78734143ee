/* SPDX-License-Identifier: MIT
 * The pass of a crossing as an image or a text. The database tells the claims, the signature is
 * made here; both are deterministic, so the same version always looks the same.
 */
#include <jansson.h>

#include "common/form/instant.h"
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

/* An end of the window, in seconds; 0: there is no window. */
static int64_t window_s(const json_t *root, const char *end)
{
    int64_t ms;
    struct span text = text_of(json_object_get(root, "window"), end);

    return text.size && instant_read(text, &ms) == MESSAGE_NONE ? ms / 1000 : 0;
}

/* Makes the reply; root is the answer of api.pass(). */
static enum fault draw(struct request *r, const json_t *root, struct span version)
{
    const struct format *format = r->context;
    struct span promise = text_of(json_object_get(root, "pass"), "@pass");
    char digits[PASS_DIGITS_ROOM];
    struct buffer image = {0};
    struct pass_sheet sheet = {
        .language = r->language,
        .gate_name = text_of(json_object_get(root, "gate_names"), language_tag(r->language)),
        .declaration = text_of(root, "declaration"),
        .window_from_s = window_s(root, "from"),
        .window_to_s = window_s(root, "to"),
    };

    if (json_is_true(json_object_get(root, "revoked")))
        return FAULT_PASS_REVOKED;
    if (!pass_promise_sign(promise, &r->server->pass_keys, &sheet.claims, digits))
        return FAULT_INTERNAL;
    sheet.digits = span_of(digits);
    bool is_drawn = format->write(&sheet, &image);
    struct span etag =
        arena_print(r->arena, "%.*s-%s", SPAN_ARG(version), language_tag(r->language));
    if (is_drawn)
        reply_content(r, format->type, buffer_span(&image), etag.at);
    buffer_free(&image);
    return is_drawn ? OK : FAULT_INTERNAL;
}

static void on_pass(struct request *r, const struct answer *answer)
{
    enum fault fault = answer->fault;

    if (!fault) {
        json_t *root = json_loadb(answer->body.at, answer->body.size, 0, NULL);
        fault = draw(r, root, answer->etag);
        json_decref(root);
    }
    if (fault)
        reply_fault(r, fault);
    request_end(r);
}

static enum fault pass_ask(struct request *r, const struct format *format)
{
    TRY(r->route->roles == MAY_ANYBODY ? link_read_ask(r) : crossing_read_ask(r));
    r->context = (void *)(uintptr_t)format;
    r->on_read = on_pass;
    return OK;
}

enum fault pass_svg_ask(struct request *r)
{
    return pass_ask(r, &SVG);
}

/* The drawing for who has the link. */
enum fault link_pass_ask(struct request *r)
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
