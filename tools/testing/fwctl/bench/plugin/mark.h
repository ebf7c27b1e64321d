/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The instruction by which a program in the VM talks to count.c: a nop of seven bytes
 * with a displacement that no compiler chooses. It takes a request in rax and returns
 * the answer in the same register. Without the plugin it changes nothing.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#include <stdint.h>

/* Requests: large numbers, which cannot be taken for a counter if they come back unchanged */
enum mark {
	/* Instructions of all CPUs, a repeated string instruction being one */
	MARK_INSNS = 0x7f00000000000001,
	/* Bytes that repeated string instructions wrote, without those in interrupts */
	MARK_BYTES_MOVED = 0x7f00000000000002,
	/* Start a profile with all counters of blocks at zero. */
	MARK_PROFILE = 0x7f00000000000003,
	/* Stop it and write the file; the answer is 0, or 1 if that failed. */
	MARK_PROFILE_END = 0x7f00000000000004,
	/* Those of MARK_INSNS that were executed in interrupts */
	MARK_INTERRUPTS = 0x7f00000000000005,
};

static inline uint64_t mark(uint64_t request)
{
	/* nopl 0x66776374(%rax), by bytes: an assembler has a nop of its own */
	asm volatile(".byte 0x0f, 0x1f, 0x80, 0x74, 0x63, 0x77, 0x66"
		     : "+a" (request) : : "memory");
	return request;
}

#endif /* BENCH_MARK_H */
