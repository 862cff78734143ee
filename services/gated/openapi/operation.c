/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "services/gated/openapi/make.h"

/* The operation that is being expanded. */
struct work {
    struct book *book;
    json_t *operation;
    const char *id;
    bool is_api; /* below /v1 */
    bool is_get;
    bool is_write;   /* needs an Idempotency-Key */
    bool has_key;    /* somebody must be signed in, or have a key */
    bool is_session; /* a key will not do */
    bool has_etag;
};

static json_t *wish(const struct work *w, const char *name)
{
    return json_object_get(w->operation, name);
}

/* --- who ------------------------------------------------------------------------------------- */

static void expand_roles(struct work *w)
{
    json_t *sets = json_object_get(w->book->root, "x-role-sets"), *item;
    json_t *roles = json_array();
    size_t i;

    json_array_foreach (wish(w, "x-roles"), i, item) {
        json_t *set = json_object_get(sets, json_string_value(item));
        if (set)
            json_array_extend(roles, set);
        else
            json_array_append(roles, item);
    }
    w->has_key = json_array_size(roles) > 0;
    json_object_set_new(w->operation, "x-roles", roles);
    json_t *security = json_array();
    if (w->has_key && !w->is_session)
        json_array_append_new(security, json_pack("{s:[]}", "key"));
    if (w->has_key)
        json_array_append_new(security, json_pack("{s:[]}", "session"));
    json_object_set_new(w->operation, "security", security);
}

/* --- what is given --------------------------------------------------------------------------- */

static void add_parameter(struct work *w, json_t *parameters, const char *name)
{
    json_array_append_new(parameters, book_reference(w->book, "parameters", name));
}

static void expand_parameters(struct work *w)
{
    json_t *parameters = json_array();
    const json_t *item;
    size_t i;

    json_array_foreach (wish(w, "x-query"), i, item)
        add_parameter(w, parameters, json_string_value(item));
    if (w->is_write)
        add_parameter(w, parameters, "Idempotency-Key");
    if (!w->is_get && w->has_key)
        add_parameter(w, parameters, "X-CSRF-Token");
    if (wish(w, "x-if-match"))
        add_parameter(w, parameters, "If-Match");
    if (w->is_get && w->has_etag)
        add_parameter(w, parameters, "If-None-Match");
    if (wish(w, "x-stream"))
        add_parameter(w, parameters, "Last-Event-ID");
    if (w->is_api)
        add_parameter(w, parameters, "Accept-Language");
    if (w->is_api && w->has_key)
        add_parameter(w, parameters, "Gate-Time");
    if (json_array_size(parameters))
        json_object_set(w->operation, "parameters", parameters);
    json_decref(parameters);
}

/* Bodies that the story sends in vain are shown with their refusal, too. */
static json_t *body_examples(const struct work *w)
{
    json_t *examples = json_object(), *step, *body;
    size_t i;

    json_array_foreach (w->book->story, i, step) {
        const char *id = json_string_value(json_object_get(step, "operation"));
        if (strcmp(id, w->id) || !(body = json_object_get(step, "body")))
            continue;
        json_t *example = json_pack("{s:O}", "value", body);
        if (json_object_get(step, "summary"))
            json_object_set(example, "summary", json_object_get(step, "summary"));
        json_object_set_new(examples, json_string_value(json_object_get(step, "name")), example);
    }
    if (!json_object_size(examples))
        book_mistake(w->book, w->id, "has a body and no example");
    return examples;
}

static void expand_body(struct work *w)
{
    const char *name = json_string_value(wish(w, "x-body"));

    if (!name)
        return;
    json_object_set_new(w->operation, "requestBody",
                        json_pack("{s:b,s:{s:{s:o,s:o}}}", "required", !wish(w, "x-body-optional"),
                                  "content", "application/json", "schema",
                                  book_reference(w->book, "schemas", name), "examples",
                                  body_examples(w)));
}

/* --- what comes back ------------------------------------------------------------------------- */

static json_t *answer_headers(const struct work *w, const json_t *answer)
{
    json_t *headers = json_object();

    book_header(w->book, headers, "X-Request-Id");
    book_header(w->book, headers, "RateLimit-Policy");
    book_header(w->book, headers, "RateLimit");
    if (json_is_true(json_object_get(answer, "etag")))
        book_header(w->book, headers, "ETag");
    if (w->is_write)
        book_header(w->book, headers, "Idempotent-Replayed");
    return headers;
}

/* What the story got with this status. */
static json_t *answer_examples(const struct work *w, const char *status)
{
    json_t *examples = json_object(), *step;
    size_t i;

    json_array_foreach (w->book->story, i, step) {
        const char *name = json_string_value(json_object_get(step, "name"));
        json_t *answer = json_object_get(w->book->answers, name);
        char its_status[24];
        snprintf(its_status, sizeof its_status, "%lld",
                 (long long)json_integer_value(json_object_get(step, "status")));
        if (answer && !strcmp(its_status, status) &&
            !strcmp(json_string_value(json_object_get(step, "operation")), w->id))
            json_object_set_new(examples, name, json_pack("{s:O}", "value", answer));
    }
    return examples;
}

static json_t *answer_content(const struct work *w, const json_t *answer, const char *status)
{
    const char *type = json_string_value(json_object_get(answer, "type"));
    const char *schema = json_string_value(json_object_get(answer, "schema"));
    json_t *examples = answer_examples(w, status);
    json_t *media = json_object();

    json_object_set_new(media, "schema",
                        schema ? book_reference(w->book, "schemas", schema)
                               : json_pack("{s:s}", "type", "string"));
    if (json_object_size(examples))
        json_object_set(media, "examples", examples);
    json_decref(examples);
    return json_pack("{s:o}", type ? type : "application/json", media);
}

static void expand_answers(struct work *w)
{
    json_t *responses = json_object();
    const char *status;
    json_t *answer;

    json_object_foreach (wish(w, "x-answers"), status, answer) {
        json_object_set_new(responses, status,
                            json_pack("{s:s,s:o,s:o}", "description",
                                      *status == '2' ? "Done." : "Not now.", "headers",
                                      answer_headers(w, answer), "content",
                                      answer_content(w, answer, status)));
        w->has_etag = w->has_etag || json_is_true(json_object_get(answer, "etag"));
    }
    if (w->is_get && w->has_etag)
        json_object_set_new(responses, "304",
                            json_pack("{s:s}", "description", "The client has it already."));
    json_object_set_new(w->operation, "responses", responses);
}

/* --- what is refused ------------------------------------------------------------------------- */

static void add_set(const struct work *w, json_t *codes, const char *name, bool is_wanted)
{
    const json_t *sets = json_object_get(w->book->root, "x-problem-sets");

    if (is_wanted)
        json_array_extend(codes, json_object_get(sets, name));
}

static void expand_problems(struct work *w)
{
    json_t *codes = json_array();

    json_array_extend(codes, json_object_get(w->operation, "x-problems"));
    add_set(w, codes, "always", true);
    add_set(w, codes, "key", w->has_key);
    add_set(w, codes, "change", w->has_key && !w->is_get);
    add_set(w, codes, "session", w->is_session);
    add_set(w, codes, "body", wish(w, "x-body"));
    add_set(w, codes, "write", w->is_write);
    add_set(w, codes, "database", w->is_api);
    problems_add(w->book, w->operation, codes);
    json_decref(codes);
}

void operation_expand(struct book *book, const char *path, const char *method, json_t *operation)
{
    static const char *const SHORT[] = {"x-query",   "x-if-match", "x-body", "x-body-optional",
                                        "x-answers", "x-problems", "x-safe", "x-stream"};
    struct work w = {
        .book = book,
        .operation = operation,
        .id = json_string_value(json_object_get(operation, "operationId")),
        .is_api = !strncmp(path, "/v1/", 4),
        .is_get = !strcmp(method, "get"),
        .is_session = json_is_true(json_object_get(operation, "x-session")),
    };

    w.is_write = !w.is_get && !wish(&w, "x-safe");
    expand_roles(&w);
    expand_answers(&w);
    expand_parameters(&w);
    expand_body(&w);
    expand_problems(&w);
    for (size_t i = 0; i < sizeof SHORT / sizeof *SHORT; i++)
        json_object_del(operation, SHORT[i]);
}
