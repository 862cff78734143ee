/* SPDX-License-Identifier: MIT */
#include "tests/client/person.h"

#include <jansson.h>
#include <stdlib.h>

#include "tests/client/wire.h"

enum { TIMEOUT_MS = 10000 };

static void write_request(const char *login, struct buffer *out)
{
    struct span password = span_of(login), user = span_take(&password, ':');
    json_t *body = json_pack("{s:s%,s:s%}", "user", user.at, user.size, "password", password.at,
                             password.size);
    char *text = json_dumps(body, JSON_COMPACT);

    buffer_print(out,
                 "POST /v1/sessions HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 span_of(text).size, text);
    free(text);
    json_decref(body);
}

static bool take_answer(const struct wire_answer *answer, struct buffer *headers)
{
    struct buffer cookie = {0};
    json_t *body = json_loadb(answer->body.at, answer->body.size, 0, NULL);
    const char *csrf = json_string_value(json_object_get(body, "csrf"));
    bool is_in = answer->status == 201 && csrf && wire_header(answer, "Set-Cookie", &cookie);

    if (is_in) {
        struct span rest = buffer_span(&cookie), pair = span_take(&rest, ';');
        buffer_print(headers, "Cookie: %.*s\r\nX-CSRF-Token: %s\r\n", SPAN_ARG(pair), csrf);
    }
    buffer_free(&cookie);
    json_decref(body);
    return is_in;
}

bool person_sign_in(const char *host_port, const char *login, struct buffer *headers)
{
    struct wire wire = {0};
    struct wire_answer answer = {0};
    struct buffer request = {0};

    if (!wire_open(&wire, host_port))
        return false;
    write_request(login, &request);
    bool is_in = wire_send(&wire, buffer_span(&request)) &&
                 wire_read(&wire, &answer, false, TIMEOUT_MS) == WIRE_ANSWER &&
                 take_answer(&answer, headers);
    buffer_free(&request);
    wire_answer_free(&answer);
    wire_close(&wire);
    return is_in;
}
