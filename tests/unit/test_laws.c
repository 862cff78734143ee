/* SPDX-License-Identifier: MIT */
#include "simulator/laws.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "simulator/words.h"

enum { MANY = 100000 };

static const struct profile PROFILE = {
    .hourly = {[6] = 0.1, [7] = 0.2, [8] = 0.4, [9] = 0.1, [20] = 0.2},
    .from_ms = 6 * HOUR_MS + 30 * MINUTE_MS,
    .until_ms = 20 * HOUR_MS,
};

static void a_log_normal_law_keeps_its_median_and_mean(void **state)
{
    const struct law law = {LAW_LOG_NORMAL, 600, 0.6};
    struct random random = random_stream(1, 1, 1);
    int below = 0;
    double sum = 0;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        int32_t ms = law_draw_ms(&law, &random);
        below += ms < 600 * SECOND_MS;
        sum += ms;
    }
    assert_true(abs(below - MANY / 2) < 800);
    assert_true(fabs(sum / MANY / 1000 / law_mean_s(&law) - 1) < 0.01);
}

static void an_exponential_law_keeps_its_mean(void **state)
{
    const struct law law = {LAW_EXPONENTIAL, 60, 0};
    struct random random = random_stream(1, 1, 2);
    double sum = 0;

    (void)state;
    for (int i = 0; i < MANY; i++)
        sum += law_draw_ms(&law, &random);
    assert_true(fabs(sum / MANY / 60000 - 1) < 0.02);
}

static void a_law_without_spread_is_its_median(void **state)
{
    const struct law law = {LAW_LOG_NORMAL, 60, 0}, wild = {LAW_LOG_NORMAL, 43200, 3};
    struct random random = random_stream(1, 1, 3);

    (void)state;
    assert_int_equal(law_draw_ms(&law, &random), 60000);
    for (int i = 0; i < MANY; i++)
        assert_true(law_draw_ms(&wild, &random) <= 7 * DAY_MS);
}

/* Whatever the law, the next draw is the same: so a changed parameter moves nothing else. */
static void each_law_takes_as_many_numbers(void **state)
{
    const struct law a = {LAW_LOG_NORMAL, 60, 1}, b = {LAW_EXPONENTIAL, 6, 0};
    struct random one = random_stream(3, 3, 3), other = random_stream(3, 3, 3);

    (void)state;
    law_draw_ms(&a, &one);
    law_draw_ms(&b, &other);
    assert_int_equal(random_next(&one), random_next(&other));
}

static void the_rate_integrates_to_the_day(void **state)
{
    double sum = 0;

    (void)state;
    for (int64_t at = 0; at < DAY_MS; at += MINUTE_MS)
        sum += profile_rate(&PROFILE, 1000, at) * MINUTE_MS;
    assert_true(fabs(sum - 1000) < 0.01);
}

/* 6:30-7:00 has half of that hour; 20:00 on is cut off: 0.75 is the whole. */
static void arrivals_follow_the_profile(void **state)
{
    struct random random = random_stream(4, 4, 4);
    const double wanted[24] = {[6] = 0.05, [7] = 0.2, [8] = 0.4, [9] = 0.1};
    const int days = 100, per_day = 1000;
    int hours[24] = {0};

    (void)state;
    for (int day = 0; day < days; day++)
        for (int64_t at = -1; (at = profile_next(&PROFILE, per_day, at, &random)) < DAY_MS;) {
            assert_in_range(at, PROFILE.from_ms, PROFILE.until_ms - 1);
            hours[at / HOUR_MS]++;
        }
    for (int h = 0; h < 24; h++) {
        double expected = wanted[h] / 0.75 * per_day * days;
        assert_true(fabs(hours[h] - expected) <= 5 * sqrt(expected));
    }
}

/* Counts of a Poisson process have the variance of their mean. */
static void arrivals_vary_like_a_poisson_process(void **state)
{
    struct random random = random_stream(6, 6, 6);
    double sum = 0, squares = 0;

    (void)state;
    for (int day = 0; day < 1000; day++) {
        int count = 0;
        for (int64_t at = -1; (at = profile_next(&PROFILE, 200, at, &random)) < DAY_MS;)
            count++;
        sum += count;
        squares += (double)count * count;
    }
    double mean = sum / 1000, variance = squares / 1000 - mean * mean;
    assert_true(fabs(mean - 200) < 2.5);
    assert_true(fabs(variance / mean - 1) < 0.25);
}

static void nobody_comes_at_rate_0(void **state)
{
    struct random random = random_stream(6, 6, 6);

    (void)state;
    assert_true(profile_next(&PROFILE, 0, -1, &random) >= DAY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_normal_law_keeps_its_median_and_mean),
        cmocka_unit_test(an_exponential_law_keeps_its_mean),
        cmocka_unit_test(a_law_without_spread_is_its_median),
        cmocka_unit_test(each_law_takes_as_many_numbers),
        cmocka_unit_test(the_rate_integrates_to_the_day),
        cmocka_unit_test(arrivals_follow_the_profile),
        cmocka_unit_test(arrivals_vary_like_a_poisson_process),
        cmocka_unit_test(nobody_comes_at_rate_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
