/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that every file of the emulator uses: the kernel's integer types, array
 * sizes, and memory that is freed at the end of its scope.
 */
#ifndef CONNECTX_TYPES_H
#define CONNECTX_TYPES_H

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
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

static inline void free_pointee(void *p)
{
	free(*(void **)p);
}

/* Free the memory that the variable points to when the variable goes out of scope. */
#define __autofree __attribute__((cleanup(free_pointee)))

/*
 * Abort if memory runs out: the emulator cannot go on then, and every size that it
 * allocates was checked against a bound.
 */
static inline void *alloc_zeroed(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

#endif
