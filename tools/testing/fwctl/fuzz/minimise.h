/* SPDX-License-Identifier: GPL-2.0 */
/* Reduces a failing program to the part that is needed for the failure. */
#ifndef FUZZ_MINIMISE_H
#define FUZZ_MINIMISE_H

#include "program.h"

/**
 * struct trial - callback to test if a program fails
 * @fails: runs a program, true if it fails
 * @data: argument of @fails
 * @runs: number of calls left
 */
struct trial {
	bool (*fails)(const struct program *program, void *data);
	void *data;
	unsigned int runs;
};

/*
 * Remove operations from @program, and set fields to their usual values, as long as
 * it still fails. Each kept change makes the program simpler, so this ends, at the
 * latest when no run is left.
 */
void program_minimise(struct program *program, struct trial *trial);

#endif
