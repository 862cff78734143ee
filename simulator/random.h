/* SPDX-License-Identifier: MIT
 * Seeded random numbers in streams that know nothing of each other: xoshiro256** (Blackman and
 * Vigna 2018), each stream started by a SplitMix64 of seed, purpose and index. What one stream
 * draws never moves another, so two variants of a day meet the same trucks (common random numbers).
 * Not for secrets.
 */
#ifndef SIMULATOR_RANDOM_H
#define SIMULATOR_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* The index-th stream of a purpose under a seed. */
struct random random_stream(uint64_t seed, uint64_t purpose, uint64_t index);
uint64_t random_next(struct random *random);
/* Uniform in [0, 1), 53 bits. */
double random_unit(struct random *random);
/* True with the given probability; always takes one number. */
bool random_is(struct random *random, double probability);
/* Standard normal; always takes two numbers. */
double random_normal(struct random *random);
/* The index of a weight drawn in proportion to the weights, which sum to about 1. */
unsigned random_pick(struct random *random, const double *weights, unsigned count);

#endif
