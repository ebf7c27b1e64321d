/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The instruction by which a program in the VM talks to count.c: a nop of seven bytes
 * with a displacement that no compiler chooses. It takes a request in rax and leaves
 * the answer there. Without the plugin it is what it is everywhere: a nop.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#include <stdint.h>

/**
 * enum mark - what is asked for
 * @MARK_INSNS: instructions that all CPUs have executed, a repeated string instruction
 *	being one
 * @MARK_BYTES_MOVED: bytes that repeated string instructions have written, outside of
 *	interrupts
 * @MARK_INTERRUPTS: how many of these instructions were those of interrupts
 * @MARK_PROFILE: count for each block from now on, from zero
 * @MARK_PROFILE_END: write what was counted
 *
 * Large numbers, so that a request that comes back unchanged is not taken for an answer.
 */
enum mark {
	MARK_INSNS = 0x7f00000000000001,
	MARK_BYTES_MOVED = 0x7f00000000000002,
	MARK_PROFILE = 0x7f00000000000003,
	MARK_PROFILE_END = 0x7f00000000000004,
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
