/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/scenario_key.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

struct span value_trim(struct span s)
{
    while (s.size && is_blank(s.at[0]))
        s = (struct span){s.at + 1, s.size - 1};
    while (s.size && is_blank(s.at[s.size - 1]))
        s.size--;
    return s;
}

struct span value_word(struct span *s)
{
    size_t size = 0;

    *s = value_trim(*s);
    while (size < s->size && !is_blank(s->at[size]))
        size++;
    struct span word = {s->at, size};
    *s = value_trim((struct span){s->at ? s->at + size : NULL, s->size - size});
    return word;
}

/* Digits with at most one point: no signs, exponents, hexadecimals. The unit may follow at once. */
bool value_number(struct span *s, double *number)
{
    char text[24];
    size_t size = 0, points = 0;

    *s = value_trim(*s);
    for (; size < s->size && size < sizeof text - 1; size++) {
        char c = s->at[size];
        if (c == '.' && points == 0 && size > 0)
            points++;
        else if (c < '0' || c > '9')
            break;
        text[size] = c;
    }
    if (size == 0 || s->at[size - 1] == '.' || size == sizeof text - 1)
        return false;
    text[size] = '\0';
    *number = strtod(text, NULL);
    *s = value_trim((struct span){s->at + size, s->size - size});
    return true;
}

bool value_duration(struct span *s, double *ms)
{
    double number;

    if (!value_number(s, &number))
        return false;
    struct span unit = value_word(s);
    double scale = span_is(unit, "s")     ? SECOND_MS
                   : span_is(unit, "min") ? MINUTE_MS
                   : span_is(unit, "h")   ? HOUR_MS
                                          : 0;
    *ms = number * scale;
    return scale > 0;
}

bool value_clock(struct span *s, int32_t *ms)
{
    struct span word = value_word(s);
    uint64_t hour, minute;
    struct span hours = span_take(&word, ':');

    if (hours.size != 2 || word.size != 2 || !span_to_number(hours, 24, &hour) ||
        !span_to_number(word, hour == 24 ? 0 : 59, &minute))
        return false;
    *ms = (int32_t)(hour * HOUR_MS + minute * MINUTE_MS);
    return true;
}

static bool read_law(struct span value, struct law *law)
{
    double ms;

    if (!value_duration(&value, &ms))
        return false;
    law->middle_s = ms / SECOND_MS;
    struct span word = value_word(&value);
    if (span_is(word, "exponential")) {
        law->kind = LAW_EXPONENTIAL;
        law->sigma = 0;
        return value.size == 0;
    }
    law->kind = LAW_LOG_NORMAL;
    return span_is(word, "sigma") && value_number(&value, &law->sigma) && value.size == 0;
}

static bool read_hourly(struct span value, double *hourly)
{
    for (int h = 0; h < 24; h++) {
        if (!value_number(&value, &hourly[h]))
            return false;
        hourly[h] /= 100;
    }
    return span_is(value, "%");
}

static bool read_delays(struct span value, struct scenario *scenario)
{
    double ms;

    scenario->return_delays = 0;
    if (span_is(value, "none"))
        return true;
    while (value.size && scenario->return_delays < DELAYS_MAX) {
        if (!value_duration(&value, &ms) || ms > DAY_MS)
            return false;
        scenario->return_delay_ms[scenario->return_delays++] = (int32_t)ms;
    }
    return value.size == 0 && scenario->return_delays > 0;
}

static bool read_text(struct span value, char *text, size_t room)
{
    if (value.size == 0 || value.size >= room)
        return false;
    memcpy(text, value.at, value.size);
    text[value.size] = '\0';
    return true;
}

/* "days", and "day" where there is one. */
static bool is_unit(struct span word, const char *unit, double number)
{
    struct span plural = span_of(unit);

    if (number == 1 && plural.size > 1 && plural.at[plural.size - 1] == 's' &&
        span_is_equal(word, (struct span){plural.at, plural.size - 1}))
        return true;
    return span_is_equal(word, plural);
}

/* A number, its unit, nothing else; within bounds. */
static bool read_number(const struct key *key, struct span value, double *number)
{
    if (key->kind == VALUE_DURATION || key->kind == VALUE_CREDIT || key->kind == VALUE_SPREAD) {
        if (!value_duration(&value, number) || value.size)
            return false;
    } else if (!value_number(&value, number) || !is_unit(value, key->unit, *number)) {
        return false;
    }
    return *number >= key->minimum && *number <= key->maximum;
}

static bool is_whole(double number)
{
    return number == (double)(int64_t)number;
}

static bool read_scalar(const struct key *key, struct span value, void *place)
{
    double number;

    if (key->kind == VALUE_LIMIT && span_is(value, "unlimited")) {
        *(int32_t *)place = 0;
        return true;
    }
    if (!read_number(key, value, &number))
        return false;
    switch (key->kind) {
    case VALUE_COUNT:
    case VALUE_LIMIT:
        *(int32_t *)place = (int32_t)number;
        return is_whole(number);
    case VALUE_DURATION:
        *(int32_t *)place = (int32_t)number;
        return true;
    case VALUE_CREDIT:
        *(int64_t *)place = (int64_t)number;
        return true;
    case VALUE_SHARE:
        *(double *)place = number / 100;
        return true;
    default:
        *(double *)place = number;
        return true;
    }
}

static bool read_value(const struct key *key, struct span value, void *base)
{
    void *place = (char *)base + key->offset;

    switch (key->kind) {
    case VALUE_CLOCK:
        return value_clock(&value, place) && value.size == 0;
    case VALUE_LAW:
        return read_law(value, place) && ((struct law *)place)->middle_s <= key->maximum &&
               ((struct law *)place)->sigma <= 3;
    case VALUE_HOURLY:
        return read_hourly(value, place);
    case VALUE_DELAYS:
        return read_delays(value, base);
    case VALUE_TEXT:
        return read_text(value, place, sizeof((struct scenario *)NULL)->title);
    default:
        return read_scalar(key, value, place);
    }
}

static double duration_scale(double ms)
{
    return ms >= HOUR_MS ? HOUR_MS : ms >= MINUTE_MS ? MINUTE_MS : SECOND_MS;
}

void key_expects(const struct key *key, char *text, size_t room)
{
    const char *unit = key->unit;

    switch (key->kind) {
    case VALUE_COUNT:
        snprintf(text, room, "a whole number from %.0f to %.0f and '%s'", key->minimum,
                 key->maximum, unit);
        break;
    case VALUE_LIMIT:
        snprintf(text, room, "'unlimited' or a whole number from %.0f to %.0f and '%s'",
                 key->minimum, key->maximum, unit);
        break;
    case VALUE_CLOCK:
        snprintf(text, room, "a time of the day as HH:MM, 00:00 to 24:00");
        break;
    case VALUE_LAW:
        snprintf(text, room,
                 "a law such as '60 s sigma 0.5' (sigma at most 3) or "
                 "'60 s exponential', at most %.0f h",
                 key->maximum / 3600);
        break;
    case VALUE_HOURLY:
        snprintf(text, room, "24 numbers and '%%'");
        break;
    case VALUE_DELAYS:
        snprintf(text, room, "up to %d durations such as '15 min 60 min', or 'none'", DELAYS_MAX);
        break;
    case VALUE_TEXT:
        snprintf(text, room, "a text of at most 127 bytes");
        break;
    case VALUE_DURATION:
    case VALUE_CREDIT:
    case VALUE_SPREAD: {
        double scale = duration_scale(key->maximum);
        snprintf(text, room, "a duration in s, min or h, at most %.0f %s", key->maximum / scale,
                 scale == HOUR_MS     ? "h"
                 : scale == MINUTE_MS ? "min"
                                      : "s");
        break;
    }
    default:
        snprintf(text, room, "a number from %g to %g and '%s'", key->minimum, key->maximum, unit);
    }
}

bool key_read(const struct key *key, struct span value, void *base, char *expected, size_t room)
{
    if (read_value(key, value, base))
        return true;
    key_expects(key, expected, room);
    return false;
}
