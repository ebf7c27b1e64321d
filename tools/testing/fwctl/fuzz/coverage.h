/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Coverage: the set of edges that were seen, an edge being two program counters of
 * instrumented code one after the other in the same system call.
 */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include <pthread.h>

#include "system.h"

/**
 * struct coverage - the set
 * @lock: guards all
 * @edges: open addressing, 0 is free
 * @size: slots, a power of 2
 * @count: how many are taken
 * @fresh: how many since coverage_fresh()
 */
struct coverage {
	pthread_mutex_t lock;
	u64 *edges;
	size_t size;
	size_t count;
	size_t fresh;
};

void coverage_init(struct coverage *coverage);
void coverage_free(struct coverage *coverage);

/* Around a system call; @area is struct system's trace of this thread, or NULL. */
void coverage_begin(u64 *area);
void coverage_end(struct coverage *coverage, const u64 *area);

/* How many edges are new since the last time. */
size_t coverage_fresh(struct coverage *coverage);

#endif
