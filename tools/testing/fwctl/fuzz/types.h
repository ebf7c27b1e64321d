/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that every file of the fuzzer uses: the kernel's integer types, array
 * sizes, and allocations that abort on failure.
 */
#ifndef FUZZ_TYPES_H
#define FUZZ_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1U << (n))
#define BIT_ULL(n) (1ULL << (n))
/* Index of the format and of the first argument to print */
#define __printf(a, b) __attribute__((__format__(__printf__, a, b)))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

static inline void *resize(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (!p)
		abort();
	return p;
}

#endif
