// SPDX-License-Identifier: GPL-2.0
/*
 * Limits: so many and no more. Taking never waits; who waits for what is decided
 * elsewhere.
 */
#include <kunit/visibility.h>

#include "internal.h"

/**
 * fwctl_limit_init - begin to count
 * @limit: the limit
 * @max: the most that can be taken at once
 */
void fwctl_limit_init(struct fwctl_limit *limit, unsigned long max)
{
	atomic_long_set(&limit->used, 0);
	limit->max = min_t(unsigned long, max, LONG_MAX);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_limit_init);

/**
 * fwctl_limit_take - take some if there is as much left
 * @limit: the limit
 * @amount: how much
 *
 * Any context. Two who take at the same time never both fail where one of them
 * would fit: what is refused was not counted, not even for a moment.
 *
 * Return: true if taken, to be given back with fwctl_limit_give().
 */
bool fwctl_limit_take(struct fwctl_limit *limit, unsigned long amount)
{
	long used = atomic_long_read(&limit->used);

	do {
		if (amount > (unsigned long)(limit->max - used))
			return false;
	} while (!atomic_long_try_cmpxchg(&limit->used, &used, used + amount));
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_limit_take);

/**
 * fwctl_limit_give - give back what was taken
 * @limit: the limit
 * @amount: as much as was taken
 *
 * Any context.
 */
void fwctl_limit_give(struct fwctl_limit *limit, unsigned long amount)
{
	WARN_ON_ONCE(atomic_long_sub_return(amount, &limit->used) < 0);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_limit_give);

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
