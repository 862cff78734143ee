/* SPDX-License-Identifier: MIT */
#include "simulator/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MANY = 200000 };

static void a_stream_repeats_exactly(void **state)
{
    struct random a = random_stream(7, 1, 42), b = random_stream(7, 1, 42);

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(random_next(&a), random_next(&b));
}

/* xoshiro256** from the state 1, 2, 3, 4: the first values follow from its definition by hand. */
static void the_generator_is_what_it_says(void **state)
{
    struct random random = {{1, 2, 3, 4}};

    (void)state;
    assert_int_equal(random_next(&random), 11520);
    assert_int_equal(random_next(&random), 0);
    assert_int_equal(random_next(&random), 1509978240);
}

static void neighbouring_streams_share_nothing(void **state)
{
    const struct random others[] = {random_stream(8, 1, 42), random_stream(7, 2, 42),
                                    random_stream(7, 1, 43)};

    (void)state;
    for (int o = 0; o < 3; o++) {
        struct random a = random_stream(7, 1, 42), b = others[o];
        double product = 0;
        for (int i = 0; i < MANY; i++)
            product += (random_unit(&a) - 0.5) * (random_unit(&b) - 0.5);
        /* the correlation of independent ones has a deviation of 1/sqrt(n) */
        assert_true(fabs(product / MANY * 12) < 5 / sqrt(MANY));
    }
}

static void units_are_uniform(void **state)
{
    struct random random = random_stream(1, 1, 1);
    int tenths[10] = {0};

    (void)state;
    for (int i = 0; i < MANY; i++) {
        double unit = random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        tenths[(int)(unit * 10)]++;
    }
    for (int t = 0; t < 10; t++)
        assert_true(abs(tenths[t] - MANY / 10) < 5 * (int)sqrt(MANY * 0.09));
}

static void normals_have_mean_0_and_variance_1(void **state)
{
    struct random random = random_stream(1, 2, 3);
    double sum = 0, squares = 0;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        double normal = random_normal(&random);
        sum += normal;
        squares += normal * normal;
    }
    assert_true(fabs(sum / MANY) < 0.012);
    assert_true(fabs(squares / MANY - 1) < 0.02);
}

static void picks_follow_the_weights(void **state)
{
    const double weights[] = {0.2, 0, 0.5, 0.3};
    struct random random = random_stream(5, 5, 5);
    int counts[4] = {0};

    (void)state;
    for (int i = 0; i < MANY; i++)
        counts[random_pick(&random, weights, 4)]++;
    assert_int_equal(counts[1], 0);
    assert_true(fabs(counts[0] / (double)MANY - 0.2) < 0.005);
    assert_true(fabs(counts[2] / (double)MANY - 0.5) < 0.006);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_repeats_exactly),
        cmocka_unit_test(the_generator_is_what_it_says),
        cmocka_unit_test(neighbouring_streams_share_nothing),
        cmocka_unit_test(units_are_uniform),
        cmocka_unit_test(normals_have_mean_0_and_variance_1),
        cmocka_unit_test(picks_follow_the_weights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
