/* SPDX-License-Identifier: MIT */
#include "services/gated/cursor.h"

#include <sodium.h>

#include "common/base/check.h"

enum {
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
    ENTRY_MAX = 26, /* "99":<18 digits>, with quotes and comma */
};
static const uint64_t SEQ_MAX = 1000000000000000; /* room above it for what is added to a seq */

void cursor_clear(struct cursor *cursor)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        cursor->seqs[i] = -1;
}

/* --- writing --------------------------------------------------------------------------------- */

static void write_vector(const struct cursor *cursor, struct buffer *out)
{
    bool is_first = true;

    buffer_add(out, SPAN("{"));
    for (int i = 0; i < LEDGER_COUNT; i++) {
        if (cursor->seqs[i] < 0)
            continue;
        buffer_print(out, "%s\"%d\":%lld", is_first ? "" : ",", i, (long long)cursor->seqs[i]);
        is_first = false;
    }
    buffer_add(out, SPAN("}"));
}

void cursor_write(const struct cursor *cursor, struct span list, struct buffer *out)
{
    char text[sodium_base64_ENCODED_LEN(CURSOR_LIST_MAX + LEDGER_COUNT * ENTRY_MAX + 8, VARIANT)];
    struct buffer plain = {0};

    CHECK(list.size <= CURSOR_LIST_MAX);
    buffer_add(&plain, list);
    buffer_add(&plain, SPAN(" "));
    write_vector(cursor, &plain);
    sodium_bin2base64(text, sizeof text, (const unsigned char *)plain.at, plain.size, VARIANT);
    buffer_add_text(out, text);
    buffer_free(&plain);
}

/* --- reading --------------------------------------------------------------------------------- */

static void skip_blanks(struct span *s)
{
    while (s->size && *s->at == ' ')
        s->at++, s->size--;
}

static bool take(struct span *s, char wanted)
{
    skip_blanks(s);
    if (!s->size || *s->at != wanted)
        return false;
    s->at++, s->size--;
    return true;
}

static bool take_number(struct span *s, uint64_t maximum, uint64_t *number)
{
    size_t size = 0;

    while (size < s->size && s->at[size] >= '0' && s->at[size] <= '9')
        size++;
    bool is_good = span_to_number((struct span){s->at, size}, maximum, number);
    s->at += size, s->size -= size;
    return is_good;
}

/* "ledger": seq, each ledger once. */
static bool take_entry(struct span *s, struct cursor *cursor)
{
    uint64_t ledger, seq;

    if (!take(s, '"') || !take_number(s, LEDGER_COUNT - 1, &ledger) || !take(s, '"') ||
        !take(s, ':'))
        return false;
    skip_blanks(s);
    if (cursor->seqs[ledger] >= 0 || !take_number(s, SEQ_MAX, &seq))
        return false;
    cursor->seqs[ledger] = (int64_t)seq;
    return true;
}

static bool read_vector(struct span s, struct cursor *cursor)
{
    if (!take(&s, '{'))
        return false;
    if (!take(&s, '}')) {
        do {
            if (!take_entry(&s, cursor))
                return false;
        } while (take(&s, ','));
        if (!take(&s, '}'))
            return false;
    }
    skip_blanks(&s);
    return s.size == 0;
}

bool cursor_read(struct span text, struct span list, struct cursor *cursor)
{
    char plain[CURSOR_TEXT_MAX];
    struct span rest = {.at = plain};

    cursor_clear(cursor);
    if (text.size > CURSOR_TEXT_MAX ||
        sodium_base642bin((unsigned char *)plain, sizeof plain, text.at, text.size, NULL,
                          &rest.size, NULL, VARIANT))
        return false;
    if (!span_starts_with(rest, list))
        return false;
    rest.at += list.size, rest.size -= list.size;
    if (!rest.size || *rest.at != ' ')
        return false;
    return read_vector(rest, cursor);
}
