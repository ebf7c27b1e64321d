// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of known cost, to check the counters: a loop with a fixed number of instructions,
 * and a repeated string instruction that copies a fixed number of bytes.
 */
#include <stddef.h>

#include "bench.h"

static void run_loop(struct bench *b, const struct row *row, long calls)
{
	(void)b;
	for (; calls > 0; calls--) {
		long left = row->arg;

		asm volatile("1: dec %0; jnz 1b" : "+r" (left));
	}
}

static void run_copy(struct bench *b, const struct row *row, long calls)
{
	for (; calls > 0; calls--) {
		size_t left = row->arg;
		void *from = b->in, *to = b->out;

		asm volatile("rep movsb" : "+S" (from), "+D" (to), "+c" (left) : : "memory");
	}
}

const struct row control_rows[] = {
	{ "control-loop", run_loop, NULL, NULL, 10000, 100, 5 },
	{ "control-copy", run_copy, NULL, NULL, 1 << 20, 10, 5 },
	{}
};
