// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's KUnit suite, see kunit.h.
 */
#include <time.h>

#include "../../../../drivers/fwctl/mlx5/policy_test.c"
#include "kunit.h"

static bool passes(const struct kunit_case *test_case)
{
	struct kunit test = {};

	if (setjmp(test.failed))
		return false;
	test_case->run(&test);
	return true;
}

static long clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_time(const void *a, const void *b)
{
	const struct kunit_case *one = a, *other = b;

	return (one->took > other->took) - (one->took < other->took);
}

/* Return: true if the case passes. Keeps the time that it takes. */
static bool timed(struct kunit_case *test_case)
{
	long began = clock_us();
	bool passed = passes(test_case);

	test_case->took = clock_us() - began;
	return passed;
}

const char *kunit_run(void)
{
	for (struct kunit_case *next = policy_suite->test_cases; next->run; next++)
		if (!timed(next))
			return next->name;
	return NULL;
}

/* The fastest case first, as most mutants make several fail. The slowest stay as slow. */
static void sort_cases(void)
{
	struct kunit_case *cases = policy_suite->test_cases, *next;

	for (next = cases; next->run; next++)
		if (next->took < 150000)
			timed(next);
	qsort(cases, next - cases, sizeof(*cases), by_time);
}

void kunit_narrow(u32 number)
{
	bool sorted = first_number == last_number;

	first_number = number;
	last_number = number;
	if (!sorted)
		sort_cases();
}

bool kunit_notices(void (*hide)(bool hidden))
{
	for (const struct kunit_case *next = policy_suite->test_cases; next->run; next++) {
		bool alone;

		if (passes(next))
			continue;
		/* Cases that count all numbers fail with one number only. */
		hide(true);
		alone = passes(next);
		hide(false);
		if (alone)
			return true;
	}
	return false;
}
