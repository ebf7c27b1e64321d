/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random numbers that are the same on every machine and C library, so that a seed
 * determines a run: splitmix64.
 */
#ifndef FUZZ_RNG_H
#define FUZZ_RNG_H

#include "types.h"

struct rng {
	u64 state;
};

static inline u64 rng_next(struct rng *rng)
{
	u64 z = rng->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* A number below @bound, which is not 0. */
static inline u64 rng_below(struct rng *rng, u64 bound)
{
	return rng_next(rng) % bound;
}

/* True once in @n. */
static inline bool rng_one_in(struct rng *rng, unsigned int n)
{
	return rng_below(rng, n) == 0;
}

#endif
