/* SPDX-License-Identifier: MIT */
#include "common/form/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

static void assert_instant(const char *text, int64_t expected)
{
    int64_t ms = -1;

    assert_int_equal(instant_read(span_of(text), &ms), MESSAGE_NONE);
    assert_true(ms == expected);
}

static void reads_rfc_3339_with_any_offset(void **state)
{
    (void)state;
    assert_instant("1970-01-01T00:00:00Z", 0);
    assert_instant("2026-11-23T08:30:00+07:00", 1795397400000);
    assert_instant("2026-11-23T09:30:00+08:00", 1795397400000);
    assert_instant("2026-11-22T20:30:00-05:00", 1795397400000);
    assert_instant("2026-11-23t01:30:00z", 1795397400000);
    assert_instant("2026-11-23 01:30:00.5Z", 1795397400500);
    assert_instant("2026-11-23T01:30:00.123456789Z", 1795397400123);
    assert_instant("2026-11-23T01:30:00-00:00", 1795397400000);
    assert_instant("2000-02-29T00:00:00Z", 951782400000);
    assert_instant("2199-12-31T23:59:59Z", 7258118399000);
}

static void refuses_everything_else(void **state)
{
    static const char *const BAD[] = {
        "",
        "2026-11-23",
        "2026-11-23T08:30:00",
        "2026-11-23T08:30+07:00",
        "2026-11-23T08:30:00+0700",
        "2026-11-23T08:30:00+07",
        "2026-11-23T08:30:00+07:0",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T08:60:00Z",
        "2026-11-23T08:30:60Z",
        "2026-11-23T08:30:00.Z",
        "2026-11-23T08:30:00+24:00",
        "2026-11-23T08:30:00Z ",
        " 2026-11-23T08:30:00Z",
        "26-11-23T08:30:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+07:00",
        "2200-01-01T00:00:00Z",
        "+2026-11-23T08:30:00Z",
        "2026-11-23T08:30:00Zé",
        "now",
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_int_equal(instant_read(span_of(BAD[i]), &ms), MESSAGE_INSTANT_FORMAT);
}

static void prints_hanoi_time(void **state)
{
    char text[INSTANT_ROOM];

    (void)state;
    assert_true(span_is(instant_print(1795397400000, text), "2026-11-23T08:30:00+07:00"));
    assert_true(span_is(instant_print(1795397400007, text), "2026-11-23T08:30:00.007+07:00"));
    assert_true(span_is(instant_print(0, text), "1970-01-01T07:00:00+07:00"));
    assert_true(span_is(instant_print(7258118399999, text), "2200-01-01T06:59:59.999+07:00"));
}

/* The C library's own calendar is the second opinion. */
static void agrees_with_gmtime_on_every_day(void **state)
{
    char text[INSTANT_ROOM], expected[INSTANT_ROOM];
    int64_t read;

    (void)state;
    for (int64_t day = 0; day < 84000; day++) {
        int64_t ms = day * 86400000 + day % 86400 * 1000;
        time_t hanoi = (time_t)(ms / 1000 + 7 * 3600);
        struct tm civil;
        gmtime_r(&hanoi, &civil);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S+07:00", &civil);
        struct span printed = instant_print(ms, text);
        assert_true(span_is(printed, expected));
        assert_int_equal(instant_read(printed, &read), MESSAGE_NONE);
        assert_true(read == ms);
    }
}

static void checks_dates(void **state)
{
    (void)state;
    assert_int_equal(date_read(SPAN("2026-11-22")), MESSAGE_NONE);
    assert_int_equal(date_read(SPAN("2026-11-22Z")), MESSAGE_DATE_FORMAT);
    assert_int_equal(date_read(SPAN("22/11/2026")), MESSAGE_DATE_FORMAT);
    assert_int_equal(date_read(SPAN("2026-02-30")), MESSAGE_DATE_FORMAT);
    assert_true(date_exists(2024, 2, 29));
    assert_false(date_exists(2023, 2, 29));
    assert_false(date_exists(2023, 0, 1));
    assert_false(date_exists(0, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rfc_3339_with_any_offset),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(prints_hanoi_time),
        cmocka_unit_test(agrees_with_gmtime_on_every_day),
        cmocka_unit_test(checks_dates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
