/* SPDX-License-Identifier: MIT */
#include "tests/client/caller.h"

#include <unistd.h>

#include "common/base/clock.h"

enum { ANSWER_TIMEOUT_MS = 10000, INSIST_MS = 30000, PAUSE_US = 50000 };

void caller_init(struct caller *caller, const char *url, const char *key)
{
    *caller = (struct caller){.url = url, .key = key, .wire = {.socket = -1}};
}

void caller_close(struct caller *caller)
{
    if (caller->wire.socket >= 0)
        wire_close(&caller->wire);
}

static void write_request(const struct caller *caller, const char *method, const char *path,
                          const char *idempotency_key, const char *body, struct buffer *out)
{
    buffer_print(out, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path);
    if (caller->key)
        buffer_print(out, "Authorization: Bearer %s\r\n", caller->key);
    if (idempotency_key)
        buffer_print(out, "Idempotency-Key: %s\r\n", idempotency_key);
    if (body)
        buffer_print(out, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                     strlen(body));
    buffer_print(out, "\r\n%s", body ? body : "");
}

int caller_send(struct caller *caller, const char *method, const char *path,
                const char *idempotency_key, const char *body, json_t **answer)
{
    struct wire_answer said = {0};
    struct buffer request = {0};

    if (answer)
        *answer = NULL;
    if (caller->wire.socket < 0 && !wire_open(&caller->wire, caller->url))
        return 0;
    write_request(caller, method, path, idempotency_key, body, &request);
    bool is_answered = wire_send(&caller->wire, buffer_span(&request)) &&
                       wire_read(&caller->wire, &said, false, ANSWER_TIMEOUT_MS) == WIRE_ANSWER;
    buffer_free(&request);
    if (is_answered && answer && said.body.size)
        *answer = json_loadb(said.body.at, said.body.size, 0, NULL);
    int status = is_answered ? said.status : 0;
    wire_answer_free(&said);
    if (!is_answered)
        wire_close(&caller->wire);
    return status;
}

int caller_insist(struct caller *caller, const char *method, const char *path,
                  const char *idempotency_key, const char *body, json_t **answer)
{
    int64_t until_ms = clock_steady_ms() + INSIST_MS;
    int status;

    while ((status = caller_send(caller, method, path, idempotency_key, body, answer)) == 0 ||
           status >= 500) {
        if (clock_steady_ms() > until_ms)
            break;
        if (answer)
            json_decref(*answer);
        usleep(PAUSE_US);
    }
    return status;
}
