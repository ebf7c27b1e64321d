/* SPDX-License-Identifier: GPL-2.0 */
/* The fuzzer itself: selects the next program, and the programs to keep. */
#ifndef FUZZ_FUZZER_H
#define FUZZ_FUZZER_H

#include "corpus.h"
#include "execute.h"

/**
 * struct fuzzer - a run
 * @executor: runs the programs
 * @seed: seed of all random numbers
 * @guided: keep programs that reach new edges, and mutate them
 * @dir: folder of the corpus, or NULL
 * @corpus: the programs
 * @waiting: loaded programs that have not run yet
 * @programs: number of programs that ran
 */
struct fuzzer {
	struct executor *executor;
	u64 seed;
	bool guided;
	const char *dir;
	struct corpus corpus;
	size_t waiting;
	u64 programs;
};

/* Returns false if the corpus cannot be read. */
bool fuzzer_start(struct fuzzer *fuzzer);
void fuzzer_stop(struct fuzzer *fuzzer);
/* Select the next program; run a program, true if no oracle failed. */
void fuzzer_next(struct fuzzer *fuzzer, struct program *program);
bool fuzzer_run(struct fuzzer *fuzzer, const struct program *program);

#endif
