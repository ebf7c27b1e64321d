/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Coverage: the set of edges that were seen. An edge is a pair of consecutive program
 * counters of instrumented code in the same system call.
 */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include <pthread.h>

#include "system.h"

/**
 * struct coverage - the set
 * @lock: guards all fields
 * @edges: hash table with open addressing, 0 is a free slot
 * @size: number of slots, a power of 2
 * @count: slots in use
 * @fresh: edges added since the last coverage_fresh()
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

/* Number of new edges since the last call. */
size_t coverage_fresh(struct coverage *coverage);

#endif
