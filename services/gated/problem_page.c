/* SPDX-License-Identifier: MIT
 * GET /problems/{code}: what the type of a problem document (RFC 9457 §3.1.1) leads to.
 */
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/reply.h"

static void write_titles(enum fault fault, struct buffer *out)
{
    write_object(out, "title");
    for (enum language language = 0; language < LANGUAGE_COUNT; language++)
        write_text(out, language_tag(language), span_of(fault_text(fault, language)));
    write_object_end(out);
}

static struct span write_page(struct request *r, enum fault fault)
{
    struct buffer out = {0};

    write_object(&out, NULL);
    write_text(&out, "type", arena_print(r->arena, "/problems/%s", fault_code(fault)));
    write_text(&out, "code", span_of(fault_code(fault)));
    write_integer(&out, "status", fault_status(fault));
    write_titles(fault, &out);
    write_text(&out, "reference", SPAN("/docs"));
    write_object_end(&out);
    return ask_text(r, &out);
}

enum fault problem_page_ask(struct request *r)
{
    struct span code = request_parameter(r, "code");
    enum fault fault = fault_of_code(code);

    TRY(ask_query_unread(r));
    if (fault == OK || !span_is(code, fault_code(fault)))
        return FAULT_NOT_FOUND;
    reply_json(r, 200, write_page(r, fault));
    request_end(r);
    return OK;
}
