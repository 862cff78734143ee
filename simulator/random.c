/* SPDX-License-Identifier: MIT */
#include "simulator/random.h"

#include <math.h>

static uint64_t mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct random random_stream(uint64_t seed, uint64_t purpose, uint64_t index)
{
    uint64_t state = seed;
    struct random random;

    /* each part passes through the mixer, so that neighbours share nothing */
    state = mix(&state) ^ purpose;
    state = mix(&state) ^ index;
    for (int i = 0; i < 4; i++)
        random.state[i] = mix(&state);
    return random;
}

static uint64_t turn(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t result = turn(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = turn(s[3], 45);
    return result;
}

double random_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

bool random_is(struct random *random, double probability)
{
    return random_unit(random) < probability;
}

double random_normal(struct random *random)
{
    double radius = sqrt(-2 * log(1 - random_unit(random)));

    return radius * cos(6.283185307179586 * random_unit(random));
}

unsigned random_pick(struct random *random, const double *weights, unsigned count)
{
    double left = random_unit(random);

    for (unsigned i = 0; i + 1 < count; i++) {
        left -= weights[i];
        if (left < 0)
            return i;
    }
    return count - 1;
}
