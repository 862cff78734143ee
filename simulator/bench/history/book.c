/* SPDX-License-Identifier: MIT */
#include "simulator/bench/history/book.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/check.h"

enum { BODY_MAX = 8192, SALT_BYTES = 16, HANOI_MS = 7 * 3600000, DAY_MS = 86400000 };

static struct tm day_of(int64_t local_ms)
{
    time_t seconds = (time_t)(local_ms / 1000);
    struct tm day;

    gmtime_r(&seconds, &day);
    return day;
}

const char *instant(int64_t ms, char text[INSTANT_ROOM])
{
    static int64_t known_day = -1; /* events come in order: a day is spelt once */
    static char spelt[16];
    int64_t local_ms = ms + HANOI_MS, of_day = local_ms % DAY_MS;

    if (!ms)
        return "null";
    if (local_ms / DAY_MS != known_day) {
        struct tm day = day_of(local_ms);
        snprintf(spelt, sizeof spelt, "%04d-%02d-%02d", (day.tm_year + 1900) % 10000,
                 (day.tm_mon + 1) % 100, day.tm_mday % 100);
        known_day = local_ms / DAY_MS;
    }
    snprintf(text, INSTANT_ROOM, "\"%sT%02d:%02d:%02d.%03d+07:00\"", spelt, (int)(of_day / 3600000),
             (int)(of_day / 60000 % 60), (int)(of_day / 1000 % 60), (int)(of_day % 1000));
    return text;
}

int64_t hanoi_day(int64_t ms)
{
    struct tm day = day_of(ms + HANOI_MS);

    return (day.tm_year + 1900) * 10000LL + (day.tm_mon + 1) * 100 + day.tm_mday;
}

void book_init(struct book *book, int number, const char *code, uint64_t seed)
{
    *book = (struct book){.number = number, .code = code};
    book->salts = random_stream(seed, 1, (uint64_t)number);
    crypto_hash_sha256(book->hash, (const unsigned char *)code, strlen(code));
}

static void digest_pair(const void *first, size_t first_size, const void *second,
                        size_t second_size, unsigned char digest[BOOK_HASH_BYTES])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, first, first_size);
    crypto_hash_sha256_update(&state, second, second_size);
    crypto_hash_sha256_final(&state, digest);
}

static void write_hidden(struct copy *copy, const struct book *book, const struct event *event,
                         const uint64_t salt[2], const char *body, size_t size)
{
    copy_row(copy, 5);
    copy_int16(copy, book->number);
    copy_int64(copy, book->seq);
    copy_int32(copy, event->firm);
    copy_bytes(copy, salt, SALT_BYTES);
    copy_bytes(copy, body, size);
}

static void write_shown(struct copy *copy, const struct book *book, const struct event *event,
                        const char *body, size_t size)
{
    copy_row(copy, 7);
    copy_int16(copy, book->number);
    copy_int64(copy, book->seq);
    copy_time(copy, event->at_ms);
    copy_text(copy, event->type);
    copy_int64(copy, event->crossing);
    copy_bytes(copy, body, size);
    copy_bytes(copy, book->hash, sizeof book->hash);
}

int64_t book_append(struct book *book, struct tables *tables, const struct event *event)
{
    unsigned char digest[BOOK_HASH_BYTES];
    uint64_t salt[2] = {random_next(&book->salts), random_next(&book->salts)};
    char at[INSTANT_ROOM], hex[2 * BOOK_HASH_BYTES + 1], hidden[BODY_MAX], shown[BODY_MAX];
    int hidden_size = snprintf(hidden, sizeof hidden, "{%s}", event->hidden);

    CHECK(hidden_size > 0 && hidden_size < BODY_MAX);
    book->seq++;
    book->clock_ms = event->at_ms;
    digest_pair(salt, sizeof salt, hidden, (size_t)hidden_size, digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    int size = snprintf(shown, sizeof shown,
                        "{\"ledger\":\"%s\",\"seq\":%" PRId64 ",\"at\":%s,\"type\":\"%s\","
                        "\"crossing\":\"%014" PRId64 "\",%s,\"private\":\"%s\"}",
                        book->code, book->seq, instant(event->at_ms, at), event->type,
                        event->crossing, event->shown, hex);
    CHECK(size > 0 && size < BODY_MAX);
    digest_pair(book->hash, sizeof book->hash, shown, (size_t)size, book->hash);
    write_hidden(&tables->secret, book, event, salt, hidden, (size_t)hidden_size);
    write_shown(&tables->event, book, event, shown, (size_t)size);
    return book->seq;
}
