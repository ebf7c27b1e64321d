/* SPDX-License-Identifier: GPL-2.0 */
/* What of a program is needed to make it fail. */
#ifndef FUZZ_MINIMISE_H
#define FUZZ_MINIMISE_H

#include "program.h"

/**
 * struct trial - how to find out whether a program fails
 * @fails: runs it
 * @data: for @fails
 * @runs: how often it may be called; counted down
 */
struct trial {
	bool (*fails)(const struct program *program, void *data);
	void *data;
	unsigned int runs;
};

/*
 * Takes away operations and gives fields their usual values as long as @program,
 * which fails, goes on to fail. Each change that is kept makes the program
 * simpler, so it ends, at the latest with the last run.
 */
void program_minimise(struct program *program, struct trial *trial);

#endif
