/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that are worth to be changed further, in memory and in a folder. */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include "program.h"
#include "rng.h"

/**
 * struct corpus - programs
 * @programs: oldest first
 * @len: how many
 * @room: how many there is room for
 */
struct corpus {
	struct program *programs;
	size_t len;
	size_t room;
};

void corpus_free(struct corpus *corpus);
void corpus_add(struct corpus *corpus, const struct program *program);
/* One of them, rather a new one than an old one; there must be one. */
const struct program *corpus_pick(const struct corpus *corpus, struct rng *rng);

/* All files DIR/(name).txt; complains and returns false if one is no program. */
bool corpus_load(struct corpus *corpus, const char *dir);
/* As DIR/(hash).txt */
bool corpus_save(const char *dir, const struct program *program);

#endif
