/* SPDX-License-Identifier: GPL-2.0 */
/* Coverage of the fake, in the format of KCOV. */
#ifndef FUZZ_TESTS_TRACE_H
#define FUZZ_TESTS_TRACE_H

#include "../system.h"

/* Start to trace this thread. */
u64 *trace_begin(void);

void __sanitizer_cov_trace_pc(void);

#endif
