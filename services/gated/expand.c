/* SPDX-License-Identifier: MIT */
#include "services/gated/expand.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/message.h"
#include "services/gated/link_token.h"

static bool take_number(struct span *rest, uint64_t maximum, uint64_t *number)
{
    return span_to_number(span_take(rest, ','), maximum, number);
}

static bool take_direction(struct span *rest, enum pass_direction *direction)
{
    struct span name = span_take(rest, ',');

    *direction = span_is(name, "1") ? PASS_EXPORT : PASS_IMPORT;
    return *direction == PASS_EXPORT || span_is(name, "0");
}

static bool take_plate(struct span *rest, struct pass_claims *claims)
{
    struct span plate = span_take(rest, ',');

    if (plate.size == 0 || plate.size > PASS_PLATE_BYTES)
        return false;
    memcpy(claims->plate, plate.at, plate.size);
    return true;
}

/* "<crossing>,<version>,<plate>,<gate>,<direction: 0 import, 1 export>,<class>,<nbf s>,<exp
 * s>,<kid>" */
static bool promise_read(struct span text, struct pass_claims *claims, struct span *kid)
{
    uint64_t version = 0, gate = 0, class = 0, from = 0, to = 0;

    *claims = (struct pass_claims){0};
    bool is_good =
        take_number(&text, CROSSING_MAX, &claims->crossing) &&
        take_number(&text, PASS_VERSION_MAX, &version) && take_plate(&text, claims) &&
        take_number(&text, PASS_GATE_MAX, &gate) && take_direction(&text, &claims->direction) &&
        take_number(&text, PASS_CLASS_MAX, &class) && take_number(&text, PASS_TIME_MAX, &from) &&
        take_number(&text, PASS_TIME_MAX, &to);
    claims->version = (uint32_t)version;
    claims->gate = (uint8_t)gate;
    claims->class = (uint8_t) class;
    claims->not_before_s = (int64_t)from;
    claims->expires_s = (int64_t)to;
    *kid = text;
    return is_good && claims_are_possible(claims);
}

static const struct pass_key *find_key(const struct pass_keys *keys, struct span kid)
{
    static const uint8_t NOTHING[COSE_SECRET_BYTES];

    for (size_t i = 0; i < keys->count; i++)
        if (span_is(kid, keys->items[i].kid) &&
            memcmp(keys->items[i].secret, NOTHING, sizeof NOTHING))
            return &keys->items[i];
    return NULL;
}

bool pass_promise_sign(struct span promise, const struct pass_keys *keys,
                       struct pass_claims *claims, char digits[PASS_DIGITS_ROOM])
{
    struct span kid;

    if (!promise_read(promise, claims, &kid))
        return false;
    const struct pass_key *key = find_key(keys, kid);
    return key && pass_sign(claims, key, digits);
}

static void add_pass(struct span promise, const struct pass_keys *keys, struct buffer *out)
{
    char digits[PASS_DIGITS_ROOM];
    struct pass_claims claims;

    if (pass_promise_sign(promise, keys, &claims, digits)) {
        buffer_print(out, "\"digits\":\"%s\"", digits);
        return;
    }
    log_write(LOG_ERROR, "a pass could not be signed", NULL);
    buffer_add(out, SPAN("\"digits\":null"));
}

static void add_link(struct span promise, const struct pass_keys *keys, struct buffer *out)
{
    char token[LINK_TOKEN_ROOM];

    if (link_promise_token(promise, keys, token)) {
        buffer_print(out, "\"token\":\"%s\",\"path\":\"/d/%s\"", token, token);
        return;
    }
    log_write(LOG_ERROR, "a link could not be shown", NULL);
    buffer_add(out, SPAN("\"token\":null,\"path\":null"));
}

static void add_text(struct span code, enum language language, struct buffer *out)
{
    buffer_add(out, SPAN("\"text\":"));
    buffer_add_json(out, message_text(code, language));
}

static struct span skip(struct span text, size_t count)
{
    return (struct span){text.at + count, text.size - count};
}

/* Passes over what stands before a promise's value. */
static bool take_start(struct span *text, const char *name)
{
    struct span start = span_of(name);

    if (!span_starts_with(*text, start))
        return false;
    *text = skip(*text, start.size);
    while (text->size && *text->at == ' ')
        *text = skip(*text, 1);
    return true;
}

/* A string without escapes; text then goes on behind it. */
static bool take_string(struct span *text, struct span *value)
{
    const char *end = text->size > 1 ? memchr(text->at + 1, '"', text->size - 1) : NULL;

    if (!end || *text->at != '"')
        return false;
    *value = (struct span){text->at + 1, (size_t)(end - text->at) - 1};
    *text = skip(*text, value->size + 2);
    return true;
}

static bool take_mask(struct span *text, uint32_t *mask)
{
    struct span digits = {text->at, 0};
    uint64_t number;

    while (digits.size < text->size && text->at[digits.size] >= '0' && text->at[digits.size] <= '9')
        digits.size++;
    if (!span_to_number(digits, UINT32_MAX, &number))
        return false;
    *mask = (uint32_t)number;
    *text = skip(*text, digits.size);
    return true;
}

/* Fulfils the promise that text begins with; false, and text as it was, when it begins with none.
 */
static bool take_promise(struct span *text, const struct expansion *from, struct buffer *out)
{
    struct span rest = *text, value;
    uint32_t mask;

    if (take_start(&rest, "\"@text\":") && take_string(&rest, &value)) {
        add_text(value, from->language, out);
    } else if (take_start(&rest, "\"@pass\":") && take_string(&rest, &value)) {
        add_pass(value, from->keys, out);
    } else if (take_start(&rest, "\"@link\":") && take_string(&rest, &value)) {
        add_link(value, from->keys, out);
    } else if (take_start(&rest, "\"@open\":") && take_mask(&rest, &mask)) {
        buffer_add(out, SPAN("\"open\":"));
        step_names_write(from->steps, mask, out);
    } else {
        return false;
    }
    *text = rest;
    return true;
}

void reply_expand(struct span json, const struct expansion *from, struct buffer *out)
{
    while (json.size) {
        const char *at = memmem(json.at, json.size, "\"@", 2);
        size_t plain = at ? (size_t)(at - json.at) : json.size;
        /* A quote behind a backslash is within a string. */
        bool is_escaped = at && at > json.at && at[-1] == '\\';

        buffer_add(out, (struct span){json.at, plain});
        json = skip(json, plain);
        if (json.size && (is_escaped || !take_promise(&json, from, out))) {
            buffer_add(out, (struct span){json.at, 1});
            json = skip(json, 1);
        }
    }
}
