/* SPDX-License-Identifier: MIT
 * Whether the service does what its description says:
 *
 *   tests/with-service -- build/bin/openapi_check [--record FILE]
 *
 * Reads /openapi.json, plays every step of its x-story in order against the service, and holds each
 * answer to the description: status, content type, body against its schema, members that are not
 * described included. Also that every operation is in the story, that reads refuse parameters that
 * are not described, and that the examples shown are as their schemas. Needs a service on which
 * nothing has happened yet. Prints TAP.
 * --record writes the answers as they came, for services/gated/openapi/answers.json: long lists
 * are cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "tests/client/cast.h"
#include "tests/client/json_schema.h"
#include "tests/client/person.h"
#include "tests/client/wire.h"

enum { TIMEOUT_MS = 30000, NAME_ROOM = 120, RECORDED_ITEMS = 3 };

struct world {
    const char *url;
    json_t *root;     /* the description */
    json_t *recorded; /* answers by the step's name */
    json_t *sessions; /* header fields of those who signed in, by name */
    const char *time; /* Gate-Time */
    int cases;
    int failed;
};

/* An operation, and where it stands. */
struct operation {
    const char *path;
    char method[8]; /* "GET" */
    json_t *json;
};

static void report(struct world *w, const char *name, struct buffer *differences)
{
    struct span rest = buffer_span(differences);

    printf("%sok %d - %s\n", rest.size ? "not " : "", ++w->cases, name);
    w->failed += rest.size > 0;
    while (rest.size) {
        struct span line = span_take(&rest, '\n');
        printf("# %.*s\n", SPAN_ARG(line));
    }
    buffer_free(differences);
}

static const char *text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool find_operation(json_t *root, const char *id, struct operation *operation)
{
    json_t *item, *candidate;
    const char *path, *method;

    json_object_foreach (json_object_get(root, "paths"), path, item)
        json_object_foreach (item, method, candidate) {
            const char *its = text_at(candidate, "operationId");
            if (!its || strcmp(its, id))
                continue;
            operation->path = path;
            operation->json = candidate;
            CHECK(strlen(method) < sizeof operation->method);
            memset(operation->method, 0, sizeof operation->method);
            for (size_t i = 0; method[i]; i++)
                operation->method[i] = (char)(method[i] & ~0x20);
            return true;
        }
    return false;
}

/* --- asking ---------------------------------------------------------------------------------- */

/* What stands for a parameter: a text, or "$step/pointer", out of the answer to an earlier step. */
static const char *filled_in(const struct world *w, const json_t *step, const char *parameter)
{
    const char *text = text_at(json_object_get(step, "path"), parameter);
    const char *pointer = text && *text == '$' ? strchr(text, '/') : NULL;
    char name[NAME_ROOM];

    if (!pointer)
        return text;
    snprintf(name, sizeof name, "%.*s", (int)(pointer - text) - 1, text + 1);
    return json_string_value(schema_at(json_object_get(w->recorded, name), pointer));
}

/* "/v1/gates/{gate}/queue?limit=2" */
static void write_target(const struct world *w, const struct operation *operation,
                         const json_t *step, struct buffer *out)
{
    struct span rest = span_of(operation->path);
    const char *name, *separator = "?";
    char parameter[NAME_ROOM];
    json_t *value;

    while (rest.size) {
        struct span plain = span_take(&rest, '{');
        buffer_add(out, plain);
        if (!rest.size)
            break;
        struct span hole = span_take(&rest, '}');
        snprintf(parameter, sizeof parameter, "%.*s", SPAN_ARG(hole));
        const char *filled = filled_in(w, step, parameter);
        buffer_add_text(out, filled ? filled : "MISSING");
    }
    json_object_foreach (json_object_get(step, "query"), name, value) {
        buffer_print(out, "%s%s=", separator, name);
        for (const char *c = json_string_value(value); *c; c++)
            buffer_print(out, (*c & 0x80) ? "%%%02X" : "%c", (unsigned char)*c);
        separator = "&";
    }
}

/* "session:firm" signs in the first time. */
static void write_session(struct world *w, const char *who, struct buffer *out)
{
    const char *known = text_at(w->sessions, who), *login = known ? NULL : cast_login(who);
    size_t begin = out->size;

    if (known)
        buffer_add_text(out, known);
    else if (login && person_sign_in(w->url, login, out))
        json_object_set_new(w->sessions, who, json_string(out->at + begin));
}

static void write_headers(struct world *w, const json_t *step, struct buffer *out)
{
    static const char SESSION[] = "session:";
    const char *who = text_at(step, "as"), *name;
    bool is_session = !strncmp(who, SESSION, sizeof SESSION - 1);
    const char *token = is_session ? NULL : cast_token(who);
    json_t *value;

    buffer_print(out, "Host: gate\r\nAccept-Language: en\r\nIdempotency-Key: example-%s\r\n",
                 text_at(step, "name"));
    if (token)
        buffer_print(out, "Authorization: Bearer %s\r\n", token);
    if (is_session)
        write_session(w, who + sizeof SESSION - 1, out);
    if ((token || is_session) && w->time)
        buffer_print(out, "Gate-Time: %s\r\n", w->time);
    json_object_foreach (json_object_get(step, "headers"), name, value)
        if (json_is_string(value))
            buffer_print(out, "%s: %s\r\n", name, json_string_value(value));
}

/* The body that the description shows for this step; NULL: none. */
static json_t *body_of(const struct operation *operation, const json_t *step)
{
    json_t *body = json_object_get(operation->json, "requestBody");
    json_t *media = schema_at(body, "/content/application~1json");
    const char *name = text_at(step, "example");

    return name ? schema_at(json_object_get(json_object_get(media, "examples"), name), "/value")
                : NULL;
}

static void write_request(struct world *w, const struct operation *operation, const json_t *step,
                          struct buffer *out)
{
    json_t *shown = body_of(operation, step);
    json_t *body = shown ? cast_passwords(step, shown) : NULL;
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;

    buffer_print(out, "%s ", operation->method);
    write_target(w, operation, step, out);
    buffer_add(out, SPAN(" HTTP/1.1\r\n"));
    write_headers(w, step, out);
    if (text)
        buffer_print(out, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                     strlen(text));
    else if (strcmp(operation->method, "GET"))
        buffer_add(out, SPAN("Content-Length: 0\r\n"));
    buffer_add(out, SPAN("\r\n"));
    buffer_add_text(out, text ? text : "");
    free(text);
    json_decref(body);
}

/* A stream is cut off after its first piece. */
static bool exchange(struct world *w, struct span request, bool is_stream,
                     struct wire_answer *answer)
{
    struct wire wire = {0};
    enum wire_result result = WIRE_CLOSED;

    if (!wire_open(&wire, w->url))
        return false;
    if (!wire_send(&wire, request))
        result = WIRE_CLOSED;
    else if (!is_stream)
        result = wire_read(&wire, answer, false, TIMEOUT_MS);
    else if ((result = wire_read_head(&wire, answer, TIMEOUT_MS)) == WIRE_ANSWER)
        result = wire_read_chunk(&wire, &answer->body, TIMEOUT_MS);
    wire_close(&wire);
    return result == WIRE_ANSWER;
}

/* --- judging --------------------------------------------------------------------------------- */

/* The response that is described for a status, with its reference followed. */
static json_t *described(struct world *w, const struct operation *operation, int status)
{
    char text[12];

    snprintf(text, sizeof text, "%d", status);
    json_t *response = json_object_get(json_object_get(operation->json, "responses"), text);
    const char *reference = text_at(response, "$ref");
    return reference ? schema_at(w->root, reference) : response;
}

static void judge_headers(struct world *w, json_t *response, const struct wire_answer *answer,
                          struct buffer *differences)
{
    struct buffer value = {0};
    json_t *headers = json_object_get(response, "headers");

    (void)w;
    if (!wire_header(answer, "X-Request-Id", &value))
        buffer_add(differences, SPAN("there is no X-Request-Id\n"));
    bool has_etag = wire_header(answer, "ETag", &value);
    if (has_etag && !json_object_get(headers, "ETag"))
        buffer_add(differences, SPAN("an ETag is not described\n"));
    if (!has_etag && json_object_get(headers, "ETag") && answer->status < 300)
        buffer_add(differences, SPAN("the ETag is missing\n"));
    buffer_free(&value);
}

static void record(struct world *w, const json_t *step, json_t *json, const char *type,
                   const struct wire_answer *answer)
{
    if (json)
        json_object_set(w->recorded, text_at(step, "name"), json);
    else if (!strncmp(type, "text/plain; charset", 19))
        json_object_set_new(w->recorded, text_at(step, "name"),
                            json_stringn(answer->body.at, answer->body.size));
}

static void judge_body(struct world *w, json_t *response, const json_t *step,
                       const struct wire_answer *answer, struct buffer *differences)
{
    struct buffer type = {0};

    if (!wire_header(answer, "Content-Type", &type))
        buffer_add(&type, SPAN("none"));
    json_t *media = json_object_get(json_object_get(response, "content"), type.at);
    bool is_json = strstr(type.at, "json");
    json_t *json =
        is_json ? json_loadb(answer->body.at, answer->body.size, JSON_REJECT_DUPLICATES, NULL)
                : NULL;
    if (!media)
        buffer_print(differences, "the content type %s is not described\n", type.at);
    else if (is_json && !json)
        buffer_add(differences, SPAN("the body is not JSON\n"));
    else if (json && !schema_check(w->root, json_object_get(media, "schema"), json, differences))
        buffer_print(differences, "%.*s\n", (int)answer->body.size, answer->body.at);
    record(w, step, json, type.at, answer);
    json_decref(json);
    buffer_free(&type);
}

static void judge(struct world *w, const struct operation *operation, const json_t *step,
                  const struct wire_answer *answer, struct buffer *differences)
{
    json_int_t wanted = json_integer_value(json_object_get(step, "status"));
    json_t *response = described(w, operation, answer->status);

    if (answer->status != wanted)
        buffer_print(differences, "%d instead of %lld: %.*s\n", answer->status, (long long)wanted,
                     (int)answer->body.size, answer->body.at);
    if (!response) {
        buffer_print(differences, "the status %d is not described\n", answer->status);
        return;
    }
    judge_headers(w, response, answer, differences);
    judge_body(w, response, step, answer, differences);
}

/* The body sent must be as its schema, unless it is sent to be refused for its form. */
static void judge_request(struct world *w, const struct operation *operation, const json_t *step,
                          struct buffer *differences)
{
    json_t *body = body_of(operation, step);
    json_t *schema = schema_at(operation->json, "/requestBody/content/application~1json/schema");

    if (body && json_integer_value(json_object_get(step, "status")) < 300)
        schema_check(w->root, schema, body, differences);
    if (text_at(step, "example") && !body)
        buffer_add(differences, SPAN("its example is missing\n"));
}

/* --- the story ------------------------------------------------------------------------------- */

static void play(struct world *w, const json_t *step)
{
    struct buffer differences = {0}, request = {0};
    struct wire_answer answer = {0};
    struct operation operation;
    char label[2 * NAME_ROOM];

    snprintf(label, sizeof label, "%s: %s", text_at(step, "operation"), text_at(step, "name"));
    if (text_at(step, "time"))
        w->time = text_at(step, "time");
    if (!find_operation(w->root, text_at(step, "operation"), &operation)) {
        buffer_add(&differences, SPAN("there is no such operation\n"));
        report(w, label, &differences);
        return;
    }
    write_request(w, &operation, step, &request);
    judge_request(w, &operation, step, &differences);
    if (exchange(w, buffer_span(&request), strstr(operation.path, "stream"), &answer))
        judge(w, &operation, step, &answer, &differences);
    else
        buffer_add(&differences, SPAN("there was no answer\n"));
    report(w, label, &differences);
    buffer_free(&request);
    wire_answer_free(&answer);
}

/* What a read may be asked for is described: it refuses a parameter that nobody has heard of. */
static void play_strange(struct world *w, const json_t *step)
{
    struct buffer differences = {0}, request = {0};
    struct wire_answer answer = {0};
    struct operation operation;
    char label[2 * NAME_ROOM];

    if (!find_operation(w->root, text_at(step, "operation"), &operation) ||
        strncmp(operation.path, "/v1/", 4) || strcmp(operation.method, "GET") ||
        json_integer_value(json_object_get(step, "status")) != 200)
        return;
    json_t *strange = json_deep_copy(step);
    json_object_set_new(strange, "query", json_pack("{s:s}", "unheard_of", "1"));
    write_request(w, &operation, strange, &request);
    if (!exchange(w, buffer_span(&request), false, &answer) || answer.status != 400)
        buffer_print(&differences, "%d instead of 400\n", answer.status);
    snprintf(label, sizeof label, "%s: refuses a strange parameter", text_at(step, "operation"));
    report(w, label, &differences);
    json_decref(strange);
    buffer_free(&request);
    wire_answer_free(&answer);
}

static bool is_played(json_t *story, const char *id)
{
    json_t *step;
    size_t i;

    json_array_foreach (story, i, step)
        if (!strcmp(text_at(step, "operation"), id))
            return true;
    return false;
}

static void check_coverage(struct world *w)
{
    struct buffer differences = {0};
    json_t *item, *operation;
    const char *path, *method;

    json_object_foreach (json_object_get(w->root, "paths"), path, item)
        json_object_foreach (item, method, operation) {
            const char *id = text_at(operation, "operationId");
            if (id && !is_played(json_object_get(w->root, "x-story"), id))
                buffer_print(&differences, "%s is not in the story\n", id);
        }
    report(w, "every operation is in the story", &differences);
}

/* --- the examples shown ---------------------------------------------------------------------- */

static void check_examples(struct world *w, const char *where, json_t *media,
                           struct buffer *differences)
{
    json_t *schema = json_object_get(media, "schema"), *example;
    struct buffer some = {0};
    const char *name;

    json_object_foreach (json_object_get(media, "examples"), name, example)
        if (!schema_check(w->root, schema, json_object_get(example, "value"), &some)) {
            buffer_print(differences, "%s, example %s:\n", where, name);
            buffer_add(differences, buffer_span(&some));
            some.size = 0;
        }
    buffer_free(&some);
}

static void check_responses(struct world *w, const char *where, json_t *responses,
                            struct buffer *differences)
{
    const char *status, *type;
    json_t *response, *media;

    json_object_foreach (responses, status, response)
        json_object_foreach (json_object_get(response, "content"), type, media)
            check_examples(w, where, media, differences);
}

static void check_all_examples(struct world *w)
{
    struct buffer differences = {0};
    json_t *item, *operation;
    const char *path, *method;

    json_object_foreach (json_object_get(w->root, "paths"), path, item)
        json_object_foreach (item, method, operation)
            check_responses(w, path, json_object_get(operation, "responses"), &differences);
    check_responses(w, "components", schema_at(w->root, "/components/responses"), &differences);
    report(w, "every example of an answer is as its schema", &differences);
}

/* --- beginning and end ----------------------------------------------------------------------- */

static bool read_description(struct world *w)
{
    struct wire_answer answer = {0};
    struct span ask = SPAN("GET /openapi.json HTTP/1.1\r\nHost: gate\r\n\r\n");

    if (exchange(w, ask, false, &answer) && answer.status == 200)
        w->root = json_loadb(answer.body.at, answer.body.size, JSON_REJECT_DUPLICATES, NULL);
    wire_answer_free(&answer);
    return w->root;
}

static void cut_lists(json_t *json)
{
    const char *name;
    json_t *value;
    size_t i;

    while (json_array_size(json) > RECORDED_ITEMS)
        json_array_remove(json, RECORDED_ITEMS);
    json_array_foreach (json, i, value)
        cut_lists(value);
    if (json_is_object(json))
        json_object_foreach (json, name, value)
            cut_lists(value);
}

/* A line for each answer. */
static bool write_record(const struct world *w, const char *path)
{
    FILE *out = fopen(path, "w");
    const char *name, *separator = "{";
    json_t *answer;

    if (!out)
        return false;
    json_object_del(w->recorded, "this_document");
    cut_lists(w->recorded);
    json_object_foreach (w->recorded, name, answer) {
        char *text = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY);
        fprintf(out, "%s\n\"%s\":%s", separator, name, text);
        separator = ",";
        free(text);
    }
    fputs("\n}\n", out);
    return fclose(out) == 0;
}

int main(int argc, char **argv)
{
    struct world w = {
        .url = getenv("GATE_URL"), .recorded = json_object(), .sessions = json_object()};
    const char *record_path = argc == 3 && !strcmp(argv[1], "--record") ? argv[2] : NULL;
    json_t *step;
    size_t i;

    if (!w.url || (argc > 1 && !record_path)) {
        fprintf(stderr, "usage: tests/with-service -- openapi_check [--record FILE]\n");
        return 2;
    }
    if (!read_description(&w)) {
        printf("Bail out! There is no /openapi.json.\n");
        return 1;
    }
    json_array_foreach (json_object_get(w.root, "x-story"), i, step)
        play(&w, step);
    json_object_clear(w.sessions); /* the story ended some */
    json_array_foreach (json_object_get(w.root, "x-story"), i, step)
        play_strange(&w, step);
    check_coverage(&w);
    check_all_examples(&w);
    printf("1..%d\n", w.cases);
    bool is_recorded = !record_path || write_record(&w, record_path);
    json_decref(w.root);
    json_decref(w.recorded);
    json_decref(w.sessions);
    return w.failed || !is_recorded;
}
