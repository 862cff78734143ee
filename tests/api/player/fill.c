/* SPDX-License-Identifier: MIT */
#include "tests/api/player/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/form/container.h"
#include "common/form/instant.h"

enum { NAME_MAX_SIZE = 128 };

/* ---- variables ---- */

void variable_set(struct variables *variables, const char *name, struct span text)
{
    struct variable *variable = arena_alloc(variables->arena, sizeof *variable);

    variable->name = arena_copy(variables->arena, span_of(name)).at;
    variable->text = arena_copy(variables->arena, text).at;
    variable->next = variables->first;
    variables->first = variable; /* hides the one before */
}

const char *variable_get(const struct variables *variables, const char *name)
{
    for (const struct variable *variable = variables->first; variable; variable = variable->next)
        if (strcmp(variable->name, name) == 0)
            return variable->text;
    return getenv(name);
}

/* ---- fresh values: none is dealt twice in a run, hardly ever in two ---- */

static uint64_t fresh(void)
{
    static uint64_t last;

    if (!last) {
        CHECK(getrandom(&last, sizeof last, 0) == sizeof last);
        last >>= 24; /* so that what is counted from here stays far from overflowing */
    }
    return ++last;
}

static void add_uuid(struct buffer *to)
{
    unsigned char b[16];

    CHECK(getrandom(b, sizeof b, 0) == sizeof b);
    b[6] = (unsigned char)(0x40 | (b[6] & 15));
    b[8] = (unsigned char)(0x80 | (b[8] & 63));
    for (int i = 0; i < 16; i++)
        buffer_print(to, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
}

static void add_plate_vn(struct buffer *to)
{
    uint64_t n = fresh();

    buffer_print(to, "%d%c%05d", 11 + (int)(n / 2000000 % 89),
                 "ABCDEFGHKLMNPSTUVXYZ"[n / 100000 % 20], (int)(n % 100000));
}

static void add_plate_cn(struct buffer *to)
{
    uint64_t n = fresh();

    buffer_print(to, "桂%c%05d", "ABCDEFGHJKLMNPQRSTUVWXYZ"[n / 100000 % 24], (int)(n % 100000));
}

static void add_trailer(struct buffer *to)
{
    uint64_t n = fresh();

    buffer_print(to, "%dR%05d", 11 + (int)(n / 100000 % 89), (int)(n % 100000));
}

static void add_vin(struct buffer *to)
{
    buffer_print(to, "LZZ5ELND%09d", (int)(fresh() % 1000000000));
}

static void add_container(struct buffer *to)
{
    struct container container = {0};
    uint64_t serial = fresh() % 1000000;
    char text[CONTAINER_SIZE + 1];

    for (int digit = 0; digit < 10 && !container.is_check_right; digit++) {
        snprintf(text, sizeof text, "CSQU%06d%d", (int)serial, digit);
        CHECK(container_read(span_of(text), &container) == MESSAGE_NONE);
    }
    buffer_add_text(to, container.text);
}

static void add_customs_export(struct buffer *to)
{
    buffer_print(to, "30%09d0", (int)(fresh() % 1000000000));
}

static void add_customs_import(struct buffer *to)
{
    buffer_print(to, "10%09d0", (int)(fresh() % 1000000000));
}

static void add_number(struct buffer *to)
{
    buffer_print(to, "%09d", (int)(fresh() % 1000000000));
}

static const struct {
    const char *name;
    void (*add)(struct buffer *to);
} FRESH[] = {
    {"uuid", add_uuid},
    {"plate:vn", add_plate_vn},
    {"plate:cn", add_plate_cn},
    {"plate:trailer", add_trailer},
    {"vin", add_vin},
    {"container", add_container},
    {"customs:export", add_customs_export},
    {"customs:import", add_customs_import},
    {"number", add_number},
};

/* "uuid" is new each time, "uuid:NAME" the first time only. */
static bool add_fresh(struct variables *variables, const char *name, struct buffer *to)
{
    for (size_t i = 0; i < COUNT_OF(FRESH); i++) {
        size_t length = strlen(FRESH[i].name);
        struct buffer value = {0};
        if (strncmp(name, FRESH[i].name, length) != 0 || (name[length] && name[length] != ':'))
            continue;
        FRESH[i].add(&value);
        buffer_add(to, buffer_span(&value));
        if (name[length])
            variable_set(variables, name, buffer_span(&value));
        buffer_free(&value);
        return true;
    }
    return false;
}

/* ---- the others ---- */

int64_t duration_read(const char *text)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } UNITS[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    char *end;
    int64_t count = strtoll(text, &end, 10);

    for (size_t i = 0; end > text && i < COUNT_OF(UNITS); i++)
        if (strcmp(end, UNITS[i].unit) == 0)
            return count * UNITS[i].ms;
    return -1;
}

/* now, now+30m, now-1d */
static bool add_now(const char *name, struct buffer *to)
{
    char text[INSTANT_ROOM];
    int64_t shift_ms = 0;

    if (strncmp(name, "now", 3) != 0)
        return false;
    if (name[3]) {
        shift_ms = duration_read(name + 4);
        if ((name[3] != '+' && name[3] != '-') || shift_ms < 0)
            return false;
        shift_ms = name[3] == '-' ? -shift_ms : shift_ms;
    }
    buffer_add(to, instant_print((clock_wall_ms() + shift_ms) / 1000 * 1000, text));
    return true;
}

/* repeat:N:text */
static bool add_repeated(const char *name, struct buffer *to)
{
    const char *colon = strncmp(name, "repeat:", 7) == 0 ? strchr(name + 7, ':') : NULL;

    if (!colon)
        return false;
    for (int64_t left = strtoll(name + 7, NULL, 10); left > 0; left--)
        buffer_add_text(to, colon + 1);
    return true;
}

static bool add_named(struct variables *variables, const char *name, struct buffer *to)
{
    const char *text = variable_get(variables, name);

    if (text)
        buffer_add_text(to, text);
    return text || add_fresh(variables, name, to) || add_now(name, to) || add_repeated(name, to);
}

bool fill(struct variables *variables, const char *text, struct buffer *to)
{
    char name[NAME_MAX_SIZE];

    for (;;) {
        const char *from = strstr(text, "${");
        const char *end = from ? strchr(from, '}') : NULL;
        if (!end) {
            buffer_add_text(to, text);
            return true;
        }
        size_t size = (size_t)(end - from) - 2;
        snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : 0), from + 2);
        buffer_add(to, (struct span){text, (size_t)(from - text)});
        if (!add_named(variables, name, to)) {
            printf("# unknown: ${%s}\n", name);
            return false;
        }
        text = end + 1;
    }
}
