/* SPDX-License-Identifier: MIT */
#include "tests/api/player/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/api/player/match.h"

enum { TIMEOUT_MS = 10000, RETRY_MS = 100, SHOWN_BYTES = 2000 };

/* ---- the request as bytes ---- */

static bool is_write(const char *method)
{
    return !strcmp(method, "POST") || !strcmp(method, "PUT") || !strcmp(method, "PATCH") ||
           !strcmp(method, "DELETE");
}

static bool has_field(const struct step *step, const char *name)
{
    for (int i = 0; i < step->header_count; i++)
        if (strcasecmp(step->headers[i].name, name) == 0)
            return true;
    return false;
}

/* \n \r \t \\ and \xHH in place. */
static void unescape(struct buffer *text)
{
    static const char NAMES[] = "nrt\\", VALUES[] = "\n\r\t\\";
    size_t size = 0;

    for (size_t i = 0; i < text->size; i++, size++) {
        const char *known =
            text->at[i] == '\\' && i + 1 < text->size ? strchr(NAMES, text->at[i + 1]) : NULL;
        unsigned byte;
        text->at[size] = text->at[i];
        if (known && *known) {
            text->at[size] = VALUES[known - NAMES];
            i++;
        } else if (text->at[i] == '\\' && sscanf(text->at + i, "\\x%2x", &byte) == 1) {
            text->at[size] = (char)byte;
            i += 3;
        }
    }
    text->size = size;
}

/* A key, or "user:password": whoever that is signs in once, with their first request. */
static bool add_who(struct player *player, const struct step *step, struct buffer *to)
{
    const char *token = player->token ? variable_get(&player->variables, player->token) : NULL;
    const char *address = variable_get(&player->variables, player->address);

    if (player->token && !token)
        printf("# no such key: %s\n", player->token);
    if (!token)
        return !player->token;
    if (!strchr(token, ':')) {
        if (!has_field(step, "Authorization"))
            buffer_print(to, "Authorization: Bearer %s\r\n", token);
        return true;
    }
    if (!player->person.size && !person_sign_in(address, token, &player->person)) {
        printf("# could not sign in: %s\n", player->token);
        return false;
    }
    buffer_add(to, buffer_span(&player->person));
    return true;
}

static bool add_fields(struct player *player, const struct step *step, struct buffer *to)
{
    bool is_known = add_who(player, step, to);

    if (is_write(step->method) && !step->is_keyless && !has_field(step, "Idempotency-Key"))
        fill(&player->variables, "Idempotency-Key: ${uuid}\r\n", to);
    for (int i = 0; i < step->header_count; i++) {
        buffer_print(to, "%s: ", step->headers[i].name);
        if (!fill(&player->variables, step->headers[i].text, to))
            return false;
        buffer_add_text(to, "\r\n");
    }
    return is_known;
}

static bool request_print(struct player *player, const struct step *step, struct buffer *label,
                          struct buffer *to)
{
    struct buffer target = {0}, body = {0};
    bool is_good = fill(&player->variables, step->target, &target) &&
                   (!step->body || fill(&player->variables, step->body, &body));

    if (step->is_raw)
        unescape(&body);
    buffer_print(to, "%s %s HTTP/1.1\r\nHost: gate\r\n", step->method, buffer_span(&target).at);
    buffer_print(label, "%s %s", step->method, buffer_span(&target).at);
    is_good = is_good && add_fields(player, step, to);
    if (step->body && !has_field(step, "Content-Type"))
        buffer_add_text(to, "Content-Type: application/json\r\n");
    if ((step->body || is_write(step->method)) && !has_field(step, "Content-Length"))
        buffer_print(to, "Content-Length: %zu\r\n", body.size);
    buffer_add_text(to, "\r\n");
    buffer_add(to, buffer_span(&body));
    buffer_free(&target);
    buffer_free(&body);
    return is_good;
}

/* ---- over the wire ---- */

void player_rest(struct player *player)
{
    if (player->is_open)
        wire_close(&player->wire);
    player->is_open = false;
}

static bool connect_to(struct player *player)
{
    const char *address = variable_get(&player->variables, player->address);

    if (!player->is_open)
        player->is_open = address && wire_open(&player->wire, address);
    return player->is_open;
}

/* A connection that was kept may have been closed meanwhile: then once more on a new one. */
static enum wire_result ask(struct player *player, struct span request, bool is_head,
                            struct wire_answer *answer)
{
    bool was_open = player->is_open;
    enum wire_result result = WIRE_CLOSED;

    *answer = (struct wire_answer){0};
    if (connect_to(player)) {
        wire_send(&player->wire, request);
        do {
            wire_answer_free(answer);
            result = wire_read(&player->wire, answer, is_head, TIMEOUT_MS);
        } while (result == WIRE_ANSWER && answer->status < 200);
    }
    if (result == WIRE_ANSWER)
        return result;
    player_rest(player);
    if (!was_open || result != WIRE_CLOSED || answer->head.size)
        return result;
    wire_answer_free(answer);
    return ask(player, request, is_head, answer);
}

/* ---- server-sent events ---- */

/* One block of lines as {"event", "id", "data"}; NULL for a comment alone. */
static json_t *event_read(struct span block)
{
    json_t *event = json_object();

    while (block.size) {
        struct span line = span_take(&block, '\n');
        struct span name = span_take(&line, ':');
        if (line.size && *line.at == ' ')
            line.at++, line.size--;
        if (!name.size)
            continue;
        json_t *value =
            span_is(name, "data") ? json_loadb(line.at, line.size, JSON_DECODE_ANY, NULL) : NULL;
        char field[32];
        snprintf(field, sizeof field, "%.*s", SPAN_ARG(name));
        json_object_set_new(event, field, value ? value : json_stringn(line.at, line.size));
    }
    if (json_object_size(event))
        return event;
    json_decref(event);
    return NULL;
}

static void events_collect(struct buffer *text, json_t *events)
{
    char *end;

    while (text->size && (end = strstr(text->at, "\n\n"))) {
        json_t *event = event_read((struct span){text->at, (size_t)(end - text->at)});
        size_t size = (size_t)(end - text->at) + 2;
        if (event)
            json_array_append_new(events, event);
        memmove(text->at, text->at + size, text->size - size + 1);
        text->size -= size;
    }
}

/* The events that came in time become the answer's body, an array. */
static enum wire_result ask_events(struct player *player, struct span request, size_t count,
                                   struct wire_answer *answer)
{
    int64_t until_ms = clock_steady_ms() + TIMEOUT_MS;
    struct buffer text = {0};
    json_t *events = json_array();

    player_rest(player);
    enum wire_result result = WIRE_CLOSED;
    *answer = (struct wire_answer){0};
    if (connect_to(player) && wire_send(&player->wire, request))
        result = wire_read_head(&player->wire, answer, TIMEOUT_MS);
    while (result == WIRE_ANSWER && answer->status == 200 && json_array_size(events) < count) {
        int left_ms = (int)(until_ms - clock_steady_ms());
        if (wire_read_chunk(&player->wire, &text, left_ms > 0 ? left_ms : 0) != WIRE_ANSWER)
            break;
        events_collect(&text, events);
    }
    player_rest(player);
    char *body = json_dumps(events, JSON_COMPACT);
    buffer_add_text(&answer->body, body);
    free(body);
    json_decref(events);
    buffer_free(&text);
    return result;
}

/* ---- judging ---- */

static bool complain(struct buffer *differences, const char *what)
{
    buffer_print(differences, "#   %s\n", what);
    return false;
}

static bool is_status_wanted(const char *statuses, int status)
{
    struct span rest = span_of(statuses);
    uint64_t number;

    while (rest.size)
        if (span_to_number(span_take(&rest, '|'), 999, &number) && (int)number == status)
            return true;
    return false;
}

/* Every problem document has these members, whatever the story asks (RFC 9457 and ours). */
static bool check_problem(int status, const json_t *body, const char *type,
                          struct buffer *differences)
{
    static const char *const TEXTS[] = {"type", "title", "code", "instance"};
    bool is_good = true;

    if (strncmp(type, "application/problem+json", 24) != 0)
        return complain(differences, "a refusal that is not application/problem+json");
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        if (json_string_length(json_object_get(body, TEXTS[i])) == 0)
            is_good =
                complain(differences, "a problem document lacks type, title, code or instance");
    if (json_integer_value(json_object_get(body, "status")) != status)
        is_good = complain(differences, "a problem document has another status than its answer");
    return is_good;
}

static bool check_form(const struct wire_answer *answer, const json_t *body,
                       struct buffer *differences)
{
    struct buffer type = {0};
    bool has_type = wire_header(answer, "Content-Type", &type), is_good = true;
    const char *text = has_type ? type.at : "";

    if (answer->body.size && !has_type)
        is_good = complain(differences, "a body without Content-Type");
    if (strstr(text, "json") && answer->body.size && !body)
        is_good = complain(differences, "a body that is not JSON as its type says");
    if ((answer->status >= 400 && answer->body.size) || strstr(text, "problem+json"))
        is_good &= check_problem(answer->status, body, text, differences);
    buffer_free(&type);
    return is_good;
}

static bool check_fields(struct player *player, const struct step *step,
                         const struct wire_answer *answer, struct buffer *differences)
{
    bool is_good = true;

    for (int i = 0; i < step->wanted_count; i++) {
        struct buffer wanted = {0}, got = {0};
        const char *name = step->wanted[i].name;
        bool is_there = wire_header(answer, name, &got);
        is_good &= fill(&player->variables, step->wanted[i].text, &wanted) &&
                   match_text(name, buffer_span(&wanted).at, is_there ? buffer_span(&got).at : NULL,
                              differences);
        buffer_free(&wanted);
        buffer_free(&got);
    }
    return is_good;
}

static bool check_body(struct player *player, const struct step *step, const json_t *body,
                       struct buffer *differences)
{
    struct buffer text = {0};
    json_error_t error = {0};

    if (!step->wanted_body)
        return true;
    bool is_good = fill(&player->variables, step->wanted_body, &text);
    json_t *wanted = json_loadb(text.at, text.size, 0, &error);
    if (!wanted)
        is_good = complain(differences, error.text);
    else
        is_good = match_json(wanted, body, differences) && is_good;
    json_decref(wanted);
    buffer_free(&text);
    return is_good;
}

static bool capture(struct player *player, const struct field *field,
                    const struct wire_answer *answer, json_t *body, struct buffer *differences)
{
    struct buffer text = {0};
    bool is_found;

    if (strncmp(field->text, "header ", 7) == 0)
        is_found = wire_header(answer, field->text + 7, &text);
    else {
        const json_t *value = json_at(body, field->text);
        is_found = value != NULL;
        char *dump = is_found ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
        buffer_add_text(&text, json_is_string(value) ? json_string_value(value) : dump);
        free(dump);
    }
    if (is_found)
        variable_set(&player->variables, field->name, buffer_span(&text));
    else
        buffer_print(differences, "#   nothing to capture at %s\n", field->text);
    buffer_free(&text);
    return is_found;
}

static bool judge(struct player *player, const struct step *step, const struct wire_answer *answer,
                  struct buffer *differences)
{
    json_t *body = answer->body.size ? json_loadb(answer->body.at, answer->body.size,
                                                  JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL)
                                     : NULL;
    bool is_good = is_status_wanted(step->statuses, answer->status);

    if (!is_good)
        buffer_print(differences, "#   status: expected %s, got %d\n", step->statuses,
                     answer->status);
    is_good &= step->events || check_form(answer, body, differences);
    is_good &= check_fields(player, step, answer, differences);
    is_good &= check_body(player, step, body, differences);
    for (int i = 0; i < step->capture_count && is_good; i++)
        is_good = capture(player, &step->captures[i], answer, body, differences);
    json_decref(body);
    return is_good;
}

/* Every line as a comment, so that it stays TAP. */
static void show(struct buffer *to, struct span text)
{
    struct span rest = {text.at, text.size < SHOWN_BYTES ? text.size : SHOWN_BYTES};

    while (rest.size) {
        struct span line = span_take(&rest, '\n');
        buffer_print(to, "#   | %.*s\n", SPAN_ARG(line));
    }
}

static bool try_once(struct player *player, const struct step *step, struct span request,
                     struct buffer *label, struct buffer *differences)
{
    static const char *const ENDS[] = {"", "the connection was closed", "no answer in 10 s",
                                       "what came is not HTTP/1.1"};
    bool is_head = strcmp(step->method, "HEAD") == 0;
    struct wire_answer answer;
    enum wire_result result =
        step->events ? ask_events(player, request, strtoul(step->events, NULL, 10), &answer)
                     : ask(player, request, is_head, &answer);

    bool is_good = result == WIRE_ANSWER ? judge(player, step, &answer, differences)
                                         : complain(differences, ENDS[result]);
    buffer_print(label, " -> %d", answer.status);
    if (!is_good) {
        show(differences, buffer_span(&answer.head));
        show(differences, buffer_span(&answer.body));
    }
    wire_answer_free(&answer);
    return is_good;
}

bool play(struct player *player, const struct step *step, struct buffer *label,
          struct buffer *differences)
{
    int64_t until_ms = clock_steady_ms() + (step->within ? duration_read(step->within) : 0);
    struct buffer request = {0};
    bool is_good = request_print(player, step, label, &request);
    size_t label_size = label->size;

    while (is_good) {
        label->size = label_size;
        differences->size = 0;
        is_good = try_once(player, step, buffer_span(&request), label, differences);
        if (is_good || clock_steady_ms() >= until_ms)
            break;
        is_good = true; /* once more, with the same key */
        usleep(RETRY_MS * 1000);
    }
    buffer_free(&request);
    return is_good;
}
