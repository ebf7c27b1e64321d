/* SPDX-License-Identifier: GPL-2.0 */
/* The fuzzer itself: which program comes next, and which ones are kept. */
#ifndef FUZZ_FUZZER_H
#define FUZZ_FUZZER_H

#include "corpus.h"
#include "execute.h"

/**
 * struct fuzzer - a run
 * @executor: runs the programs
 * @seed: with which all chance begins
 * @guided: keep programs that reach something new, and change them further
 * @dir: folder of the corpus, or NULL
 * @corpus: the programs
 * @waiting: how many of them have not run yet
 * @programs: how many ran
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
/* The next program, and what comes of it: true if no oracle failed. */
void fuzzer_next(struct fuzzer *fuzzer, struct program *program);
bool fuzzer_run(struct fuzzer *fuzzer, const struct program *program);

#endif
