/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's harness. Its tests are stopped after half a minute by default, which a busy
 * host can take for any of them; the limit is there for those that hang.
 */
#ifndef FWCTL_HARNESS_H
#define FWCTL_HARNESS_H

#include "../kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300

#endif
