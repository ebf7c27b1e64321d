/* SPDX-License-Identifier: GPL-2.0 */
/* Makes new programs, from scratch or from others. No state but the random numbers. */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "program.h"
#include "rng.h"

/* Generate a program that opens a file and uses it. */
void program_generate(struct program *program, struct rng *rng);

/*
 * A few changes: a field gets another value, operations come, go, move, are
 * repeated. The program stays valid, and differs if it can.
 */
void program_mutate(struct program *program, struct rng *rng);

/* The beginning of @program, then the end of @other. */
void program_splice(struct program *program, const struct program *other,
		    struct rng *rng);

#endif
