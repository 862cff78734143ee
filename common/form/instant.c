/* SPDX-License-Identifier: MIT */
#include "common/form/instant.h"

#include <stdio.h>

enum {
    FIRST_YEAR = 1970,
    LAST_YEAR = 2199,
    DAY_SECONDS = 86400,
    HANOI_SECONDS = 7 * 3600,
};

struct civil {
    int64_t year, month, day;
};

/* Days since 1970-01-01 of a date: years counted from March, 400 of them as one cycle. */
static int64_t days_of(struct civil date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t cycle = year / 400;
    int64_t year_of_cycle = year % 400;
    int64_t month = (date.month + 9) % 12; /* March is 0 */
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;

    return cycle * 146097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 +
           day_of_year - 719468;
}

/* The inverse, for days from 1970 on. */
static struct civil civil_of(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t cycle = shifted / 146097;
    int64_t day = shifted % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153;

    return (struct civil){
        .year = year + cycle * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
}

bool date_exists(int64_t year, int64_t month, int64_t day)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= DAYS[month - 1] + (month == 2 && is_leap);
}

/* Takes size digits off the front. */
static bool take_number(struct span *text, size_t size, int64_t *number)
{
    uint64_t value;

    if (text->size < size || !span_to_number((struct span){text->at, size}, 9999, &value))
        return false;
    *text = (struct span){text->at + size, text->size - size};
    *number = (int64_t)value;
    return true;
}

/* Takes one of the characters of set. */
static bool take_one(struct span *text, const char *set)
{
    if (text->size == 0 || *text->at == '\0' || !strchr(set, *text->at))
        return false;
    *text = (struct span){text->at + 1, text->size - 1};
    return true;
}

static bool take_date(struct span *text, struct civil *date)
{
    return take_number(text, 4, &date->year) && take_one(text, "-") &&
           take_number(text, 2, &date->month) && take_one(text, "-") &&
           take_number(text, 2, &date->day) && date_exists(date->year, date->month, date->day);
}

/* Takes "hh:mm" as seconds. */
static bool take_minutes(struct span *text, int64_t *seconds)
{
    int64_t hour, minute;

    if (!take_number(text, 2, &hour) || !take_one(text, ":") || !take_number(text, 2, &minute) ||
        hour > 23 || minute > 59)
        return false;
    *seconds = hour * 3600 + minute * 60;
    return true;
}

/* Takes ".123456" if it is there, as milliseconds. */
static bool take_fraction(struct span *text, int64_t *ms)
{
    int64_t weight = 100, digit;

    *ms = 0;
    if (!take_one(text, "."))
        return true;
    if (!take_number(text, 1, &digit))
        return false;
    do {
        *ms += digit * weight;
        weight /= 10;
    } while (take_number(text, 1, &digit));
    return true;
}

/* Takes "Z" or "+07:00", as seconds east of Greenwich. */
static bool take_offset(struct span *text, int64_t *seconds)
{
    bool is_west = text->size && *text->at == '-';

    *seconds = 0;
    if (take_one(text, "Zz"))
        return true;
    if (!take_one(text, "+-") || !take_minutes(text, seconds))
        return false;
    if (is_west)
        *seconds = -*seconds;
    return true;
}

enum message instant_read(struct span text, int64_t *ms)
{
    struct civil date;
    int64_t minutes, seconds, fraction, offset;

    if (!take_date(&text, &date) || !take_one(&text, "Tt ") || !take_minutes(&text, &minutes) ||
        !take_one(&text, ":") || !take_number(&text, 2, &seconds) || seconds > 59 ||
        !take_fraction(&text, &fraction) || !take_offset(&text, &offset) || text.size)
        return MESSAGE_INSTANT_FORMAT;
    if (date.year < FIRST_YEAR || date.year > LAST_YEAR)
        return MESSAGE_INSTANT_FORMAT;
    *ms = (days_of(date) * DAY_SECONDS + minutes + seconds - offset) * 1000 + fraction;
    return *ms < 0 ? MESSAGE_INSTANT_FORMAT : MESSAGE_NONE;
}

struct span instant_print(int64_t ms, char text[INSTANT_ROOM])
{
    int64_t local = ms / 1000 + HANOI_SECONDS;
    struct civil date = civil_of(local / DAY_SECONDS);
    int second = (int)(local % DAY_SECONDS);
    int fraction = (int)(ms % 1000);
    char decimals[8] = "";

    CHECK(ms >= 0 && date.year <= LAST_YEAR + 1);
    if (fraction)
        snprintf(decimals, sizeof decimals, ".%03u", (unsigned)fraction % 1000);
    int size = snprintf(text, INSTANT_ROOM, "%04u-%02u-%02uT%02u:%02u:%02u%s+07:00",
                        (unsigned)date.year % 10000, (unsigned)date.month % 100,
                        (unsigned)date.day % 100, (unsigned)second / 3600 % 100,
                        (unsigned)second / 60 % 60, (unsigned)second % 60, decimals);
    return (struct span){.at = text, .size = (size_t)size};
}

enum message date_read(struct span text)
{
    struct civil date;

    if (!take_date(&text, &date) || text.size || date.year < FIRST_YEAR || date.year > LAST_YEAR)
        return MESSAGE_DATE_FORMAT;
    return MESSAGE_NONE;
}
