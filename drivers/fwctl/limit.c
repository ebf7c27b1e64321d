// SPDX-License-Identifier: GPL-2.0
/*
 * Limits: so many and no more. Taking never waits; who waits for what is decided
 * elsewhere. What each call does is in internal.h.
 */
#include <kunit/visibility.h>

#include "internal.h"

/**
 * fwctl_limit_used - how much is taken
 * @limit: the limit
 *
 * Return: as much as at some time during the call.
 */
unsigned long fwctl_limit_used(const struct fwctl_limit *limit)
{
	return atomic_long_read(&limit->used);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_limit_used);
