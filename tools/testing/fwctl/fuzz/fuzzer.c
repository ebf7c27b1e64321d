// SPDX-License-Identifier: GPL-2.0
/*
 * Selection of the next program. Each program has its own random numbers, from the
 * seed and its number, so that a program affects the next ones only through the
 * corpus.
 */
#include "fuzzer.h"
#include "mutate.h"

bool fuzzer_start(struct fuzzer *fuzzer)
{
	if (fuzzer->dir && !corpus_load(&fuzzer->corpus, fuzzer->dir))
		return false;
	fuzzer->waiting = fuzzer->corpus.len;
	return true;
}

void fuzzer_stop(struct fuzzer *fuzzer)
{
	corpus_free(&fuzzer->corpus);
}

void fuzzer_next(struct fuzzer *fuzzer, struct program *program)
{
	struct rng rng = { fuzzer->seed + fuzzer->programs * 0x2545f4914f6cdd1dULL };

	if (fuzzer->waiting) {
		*program = fuzzer->corpus.programs[fuzzer->corpus.len -
						   fuzzer->waiting];
		fuzzer->waiting--;
		return;
	}
	if (!fuzzer->corpus.len || rng_one_in(&rng, 4)) {
		program_generate(program, &rng);
		return;
	}
	*program = *corpus_pick(&fuzzer->corpus, &rng);
	if (rng_one_in(&rng, 4))
		program_splice(program, corpus_pick(&fuzzer->corpus, &rng),
			       &rng);
	program_mutate(program, &rng);
}

bool fuzzer_run(struct fuzzer *fuzzer, const struct program *program)
{
	bool good = executor_run(fuzzer->executor, program);
	bool fresh = coverage_fresh(&fuzzer->executor->coverage);
	size_t known = fuzzer->waiting ? fuzzer->programs + 1 : 0;

	fuzzer->programs++;
	/* Programs read from the corpus are in it already. */
	if (!good || !fresh || !fuzzer->guided || known)
		return good;
	corpus_add(&fuzzer->corpus, program);
	if (fuzzer->dir && !corpus_save(fuzzer->dir, program))
		fprintf(stderr, "fuzz: cannot write to %s\n", fuzzer->dir);
	return good;
}
