// SPDX-License-Identifier: GPL-2.0
/*
 * Replacement of KCOV: fake.c is compiled to call this in each of its basic
 * blocks. This file is not instrumented itself.
 */
#include "trace.h"

static __thread u64 area[TRACE_MAX];
static __thread bool on;

u64 *trace_begin(void)
{
	area[0] = 0;
	on = true;
	return area;
}

void __sanitizer_cov_trace_pc(void)
{
	if (on && area[0] < TRACE_MAX - 1)
		area[++area[0]] = (uintptr_t)__builtin_return_address(0);
}
