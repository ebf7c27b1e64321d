/* SPDX-License-Identifier: GPL-2.0 */
/* The corpus: programs that reach new coverage, in memory and in a folder. */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include "program.h"
#include "rng.h"

/**
 * struct corpus - programs
 * @programs: oldest first
 * @len: number of programs
 * @room: allocated entries
 */
struct corpus {
	struct program *programs;
	size_t len;
	size_t room;
};

void corpus_free(struct corpus *corpus);
void corpus_add(struct corpus *corpus, const struct program *program);
/* Pick a program, preferably a new one. The corpus must not be empty. */
const struct program *corpus_pick(const struct corpus *corpus, struct rng *rng);

/* Load all files DIR/(name).txt; false, with a message, if one of them is not a program. */
bool corpus_load(struct corpus *corpus, const char *dir);
/* Save as DIR/(hash).txt. */
bool corpus_save(const char *dir, const struct program *program);

#endif
