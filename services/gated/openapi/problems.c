/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/fault.h"
#include "services/gated/openapi/make.h"

static bool array_has(const json_t *array, const char *text)
{
    const json_t *item;
    size_t i;

    json_array_foreach (array, i, item)
        if (!strcmp(json_string_value(item), text))
            return true;
    return false;
}

/* The codes that have this status, in the order of the table. */
static json_t *codes_of(const json_t *codes, int status)
{
    json_t *some = json_array();

    for (int fault = 1; fault < FAULT_COUNT; fault++)
        if (fault_status((enum fault)fault) == status &&
            array_has(codes, fault_code((enum fault)fault)))
            json_array_append_new(some, json_string(fault_code((enum fault)fault)));
    return some;
}

static json_t *describe(const json_t *codes)
{
    struct buffer text = {0};
    const json_t *item;
    size_t i;

    json_array_foreach (codes, i, item) {
        const char *code = json_string_value(item);
        buffer_print(&text, "%s- `%s`: %s", i ? "\n" : "", code,
                     fault_text(fault_of_code(span_of(code)), LANGUAGE_EN));
    }
    json_t *string = json_string(text.at);
    buffer_free(&text);
    return string;
}

static json_t *headers_of(struct book *book, const json_t *codes, int status)
{
    json_t *headers = json_object();

    book_header(book, headers, "X-Request-Id");
    book_header(book, headers, "RateLimit-Policy");
    book_header(book, headers, "RateLimit");
    book_header(book, headers, "Content-Language");
    if (status == 429 || status == 503)
        book_header(book, headers, "Retry-After");
    if (status == 401)
        book_header(book, headers, "WWW-Authenticate");
    if (array_has(codes, "idempotency_key_missing"))
        book_header(book, headers, "Link");
    if (status == 405)
        book_header(book, headers, "Allow");
    if (status == 412)
        book_header(book, headers, "ETag");
    if (status == 404 || status == 409 || status == 412 || status == 422)
        book_header(book, headers, "Idempotent-Replayed");
    return headers;
}

static json_t *example_of(const char *code, int status)
{
    char type[80];

    snprintf(type, sizeof type, "/problems/%s", code);
    return json_pack("{s:{s:{s:s,s:s,s:i,s:s,s:s}}}", code, "value", "type", type, "title",
                     fault_text(fault_of_code(span_of(code)), LANGUAGE_EN), "status", status,
                     "code", code, "instance", "3f9c0a7be2d14c58");
}

static json_t *response_of(struct book *book, json_t *codes, int status)
{
    json_t *schema = book_reference(book, "schemas", "Problem");

    json_object_set_new(schema, "properties", json_pack("{s:{s:O}}", "code", "enum", codes));
    return json_pack("{s:o,s:o,s:{s:{s:o,s:o}}}", "description", describe(codes), "headers",
                     headers_of(book, codes, status), "content", "application/problem+json",
                     "schema", schema, "examples",
                     example_of(json_string_value(json_array_get(codes, 0)), status));
}

/* The name of the component with these codes: the first that has them, or a new one. */
static void name_component(struct book *book, json_t *codes, int status, char name[40])
{
    json_t *responses = book_components(book, "responses");

    for (int i = 1;; i++) {
        snprintf(name, 40, "problem_%d_%d", status, i);
        json_t *there = json_object_get(responses, name), *its_codes = NULL;
        if (!there) {
            json_object_set_new(responses, name, response_of(book, codes, status));
            return;
        }
        json_unpack(there, "{s:{s:{s:{s:{s:{s:o}}}}}}", "content", "application/problem+json",
                    "schema", "properties", "code", "enum", &its_codes);
        if (json_equal(its_codes, codes))
            return;
    }
}

/* A status that has an answer of its own keeps it beside the problem. */
static void put(struct book *book, json_t *responses, int status, const char *name)
{
    char text[8];

    snprintf(text, sizeof text, "%d", status);
    json_t *answer = json_object_get(responses, text);
    if (!answer) {
        json_object_set_new(responses, text, book_reference(book, "responses", name));
        return;
    }
    json_t *problem = json_object_get(book_components(book, "responses"), name);
    json_object_update_missing(json_object_get(answer, "content"),
                               json_object_get(problem, "content"));
    json_object_update_missing(json_object_get(answer, "headers"),
                               json_object_get(problem, "headers"));
}

static void check_codes(struct book *book, const char *where, const json_t *codes)
{
    const json_t *item;
    size_t i;

    json_array_foreach (codes, i, item) {
        const char *code = json_string_value(item);
        if (strcmp(fault_code(fault_of_code(span_of(code))), code))
            book_mistake(book, where, code);
    }
}

void problems_add(struct book *book, json_t *operation, json_t *codes)
{
    json_t *responses = json_object_get(operation, "responses");
    char name[40];

    check_codes(book, json_string_value(json_object_get(operation, "operationId")), codes);
    for (int status = 400; status < 600; status++) {
        json_t *some = codes_of(codes, status);
        if (json_array_size(some)) {
            name_component(book, some, status, name);
            put(book, responses, status, name);
        }
        json_decref(some);
    }
}
