// SPDX-License-Identifier: GPL-2.0
/* The corpus. Files are read in the order of their names, so that runs are reproducible. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "corpus.h"

void corpus_free(struct corpus *corpus)
{
	free(corpus->programs);
	*corpus = (struct corpus){ 0 };
}

void corpus_add(struct corpus *corpus, const struct program *program)
{
	if (corpus->len == corpus->room) {
		corpus->room = corpus->room ? corpus->room * 2 : 64;
		corpus->programs = resize(corpus->programs, corpus->room *
					  sizeof(*corpus->programs));
	}
	corpus->programs[corpus->len++] = *program;
}

const struct program *corpus_pick(const struct corpus *corpus, struct rng *rng)
{
	u64 a = rng_below(rng, corpus->len), b = rng_below(rng, corpus->len);

	return &corpus->programs[MAX(a, b)];
}

static int is_text(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && !strcmp(entry->d_name + len - 4, ".txt");
}

static bool load_file(struct corpus *corpus, const char *dir, const char *name)
{
	struct program program;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!program_load(&program, path))
		return false;
	corpus_add(corpus, &program);
	return true;
}

bool corpus_load(struct corpus *corpus, const char *dir)
{
	struct dirent **entries;
	int count = scandir(dir, &entries, is_text, alphasort);
	bool good = count >= 0;

	if (!good)
		fprintf(stderr, "fuzz: %s: %s\n", dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		good = good && load_file(corpus, dir, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return good;
}

bool corpus_save(const char *dir, const struct program *program)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%016" PRIx64 ".txt", dir,
		 program_hash(program));
	out = fopen(path, "w");
	if (!out)
		return false;
	program_print(program, out);
	return !fclose(out);
}
