// SPDX-License-Identifier: GPL-2.0
/*
 * Limits: never more than the most, and never less than fits.
 */
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <kunit/test.h>

#include "internal.h"

/* max 3: take 0..4 of it when 0..3 are taken */
static void fwctl_test_limit_edges(struct kunit *test)
{
	struct fwctl_limit limit;

	for (unsigned long used = 0; used <= 3; used++) {
		for (unsigned long amount = 0; amount <= 4; amount++) {
			bool fits = used + amount <= 3;

			fwctl_limit_init(&limit, 3);
			KUNIT_ASSERT_TRUE(test, fwctl_limit_take(&limit, used));
			KUNIT_EXPECT_EQ(test, fwctl_limit_take(&limit, amount),
					fits);
			KUNIT_EXPECT_EQ(test, fwctl_limit_used(&limit),
					fits ? used + amount : used);
		}
	}
}

/* Amounts that overflow a long are too much, not negative. */
static void fwctl_test_limit_huge(struct kunit *test)
{
	static const unsigned long huge[] = { LONG_MAX, LONG_MAX + 1UL,
					      ULONG_MAX - 1, ULONG_MAX };
	struct fwctl_limit limit;

	fwctl_limit_init(&limit, 10);
	for (size_t i = 0; i < ARRAY_SIZE(huge); i++)
		KUNIT_EXPECT_FALSE(test, fwctl_limit_take(&limit, huge[i]));
	KUNIT_EXPECT_EQ(test, fwctl_limit_used(&limit), 0);

	fwctl_limit_init(&limit, ULONG_MAX);
	KUNIT_EXPECT_TRUE(test, fwctl_limit_take(&limit, LONG_MAX));
	KUNIT_EXPECT_FALSE(test, fwctl_limit_take(&limit, 1));
	KUNIT_EXPECT_TRUE(test, fwctl_limit_take(&limit, 0));
}

static void fwctl_test_limit_give(struct kunit *test)
{
	struct fwctl_limit limit;

	fwctl_limit_init(&limit, 5);
	KUNIT_EXPECT_TRUE(test, fwctl_limit_take(&limit, 5));
	fwctl_limit_give(&limit, 2);
	KUNIT_EXPECT_FALSE(test, fwctl_limit_take(&limit, 3));
	KUNIT_EXPECT_TRUE(test, fwctl_limit_take(&limit, 2));
	fwctl_limit_give(&limit, 5);
	KUNIT_EXPECT_EQ(test, fwctl_limit_used(&limit), 0);
}

struct fwctl_takers {
	struct fwctl_limit limit;
	atomic_t over;
	atomic_t taken;
};

static int fwctl_take_and_give(void *data)
{
	struct fwctl_takers *takers = data;

	for (int i = 0; i < 2000; i++) {
		if (!fwctl_limit_take(&takers->limit, 2))
			continue;
		atomic_inc(&takers->taken);
		if (fwctl_limit_used(&takers->limit) > 5)
			atomic_inc(&takers->over);
		cond_resched();
		fwctl_limit_give(&takers->limit, 2);
	}
	return 0;
}

/* Four threads take 2 of 5 each: never more than two of them at once */
static void fwctl_test_limit_threads(struct kunit *test)
{
	struct task_struct *threads[4];
	struct fwctl_takers *takers = kunit_kzalloc(test, sizeof(*takers),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, takers);
	fwctl_limit_init(&takers->limit, 5);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		threads[i] = kthread_create(fwctl_take_and_give, takers,
					    "fwctl_taker%zu", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(threads[i]));
		get_task_struct(threads[i]);
		wake_up_process(threads[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		kthread_stop(threads[i]);
		put_task_struct(threads[i]);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&takers->over), 0);
	KUNIT_EXPECT_GE(test, atomic_read(&takers->taken), 1);
	KUNIT_EXPECT_EQ(test, fwctl_limit_used(&takers->limit), 0);
}

static struct kunit_case fwctl_limit_cases[] = {
	KUNIT_CASE(fwctl_test_limit_edges),
	KUNIT_CASE(fwctl_test_limit_huge),
	KUNIT_CASE(fwctl_test_limit_give),
	KUNIT_CASE(fwctl_test_limit_threads),
	{}
};

static struct kunit_suite fwctl_limit_suite = {
	.name = "fwctl-limit",
	.test_cases = fwctl_limit_cases,
};

kunit_test_suite(fwctl_limit_suite);
