// SPDX-License-Identifier: GPL-2.0
/*
 * Turns: whose call is next, under limits of device and file. The queue is driven
 * without any waiting: a call asks, is queued or not, is over or killed.
 */
#include <linux/prandom.h>
#include <kunit/test.h>

#include "internal.h"

#define FILES 4
#define CALLS 64

/* A device that has no firmware: contexts open and close at once. */
static int fwctl_fake_open(struct fwctl_uctx *uctx)
{
	return 0;
}

static void fwctl_fake_close(struct fwctl_uctx *uctx)
{
}

static void fwctl_fake_info(struct fwctl_uctx *uctx, void *data)
{
}

static enum fwctl_class fwctl_fake_classify(struct fwctl_device *fdev,
					    struct fwctl_request *req)
{
	return FWCTL_CLASS_CONFIG_READ;
}

static void fwctl_fake_submit(struct fwctl_call *call)
{
}

static const struct fwctl_ops fwctl_fake_ops = {
	.driver_name = "fwctl_fake",
	.device_type = FWCTL_DEVICE_TYPE_SIM,
	.min_in = 1,
	.max_in = 16,
	.min_out = 1,
	.max_out = 16,
	.max_files = FILES,
	.max_calls = 3,
	.max_file_calls = 2,
	.max_bytes = 1 << 20,
	.open_uctx = fwctl_fake_open,
	.close_uctx = fwctl_fake_close,
	.info = fwctl_fake_info,
	.classify = fwctl_fake_classify,
	.submit = fwctl_fake_submit,
};

/**
 * struct fwctl_bench - a device with open files, and calls of theirs
 * @fdev: the device, never registered
 * @uctxs: its files
 * @calls: all calls there are; NULL where there is none
 * @file: whose call it is
 * @asked: when it asked
 * @clock: counts what happens
 */
struct fwctl_bench {
	struct fwctl_device *fdev;
	struct fwctl_uctx *uctxs[FILES];
	struct fwctl_rpc_call *calls[CALLS];
	unsigned int file[CALLS];
	unsigned int asked[CALLS];
	unsigned int clock;
};

static void fwctl_bench_drop(struct fwctl_bench *bench, unsigned int at)
{
	fwctl_call_free(bench->calls[at]);
	bench->calls[at] = NULL;
}

static void fwctl_bench_ask(struct kunit *test, struct fwctl_bench *bench,
			    unsigned int at, unsigned int file)
{
	struct fwctl_summary what = { .in_len = 1, .out_len = 1 };
	struct fwctl_rpc_call *rc;
	int ret;

	rc = fwctl_call_alloc(bench->uctxs[file], &what);
	KUNIT_ASSERT_FALSE(test, IS_ERR(rc));
	bench->calls[at] = rc;
	bench->file[at] = file;
	bench->asked[at] = bench->clock++;

	ret = fwctl_turn_ask(rc);
	KUNIT_EXPECT_EQ(test, ret,
			rc->state == FWCTL_CALL_INFLIGHT ? 0 : -EINPROGRESS);
}

/* The driver is done with a call. */
static void fwctl_bench_end(struct kunit *test, struct fwctl_bench *bench,
			    unsigned int at)
{
	struct fwctl_uctx *uctx = bench->uctxs[bench->file[at]];

	KUNIT_EXPECT_TRUE(test, fwctl_turn_pass(bench->calls[at]));
	KUNIT_EXPECT_FALSE(test, fwctl_turn_pass(bench->calls[at]));
	fwctl_bench_drop(bench, at);
	fwctl_uctx_unbusy(uctx);
}

/* Its caller was killed before it was sent. */
static void fwctl_bench_kill(struct fwctl_bench *bench, unsigned int at)
{
	fwctl_turn_cancel(bench->calls[at]);
	fwctl_bench_drop(bench, at);
}

static enum fwctl_call_state fwctl_bench_state(const struct fwctl_bench *bench,
					       unsigned int at)
{
	return bench->calls[at] ? bench->calls[at]->state : FWCTL_CALL_NEW;
}

static unsigned int fwctl_bench_count(const struct fwctl_bench *bench,
				      unsigned int file,
				      enum fwctl_call_state state)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < CALLS; i++)
		count += bench->calls[i] && bench->file[i] == file &&
			 bench->calls[i]->state == state;
	return count;
}

/* First come, first served: nobody waits who asked before one that is in flight. */
static void fwctl_check_order(struct kunit *test,
			      const struct fwctl_bench *bench)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		if (fwctl_bench_state(bench, i) != FWCTL_CALL_WAITING)
			continue;
		for (unsigned int j = 0; j < CALLS; j++)
			if (fwctl_bench_state(bench, j) == FWCTL_CALL_INFLIGHT &&
			    bench->file[i] == bench->file[j])
				KUNIT_ASSERT_GT(test, bench->asked[i],
						bench->asked[j]);
	}
}

/* The limits hold, and nobody waits who could go. */
static void fwctl_check_limits(struct kunit *test,
			       const struct fwctl_bench *bench)
{
	unsigned int all = 0, could = 0;

	for (unsigned int file = 0; file < FILES; file++) {
		unsigned int has = fwctl_bench_count(bench, file,
						     FWCTL_CALL_INFLIGHT);

		KUNIT_ASSERT_LE(test, has, 2);
		KUNIT_ASSERT_EQ(test, bench->uctxs[file]->inflight, has);
		all += has;
		could += has < 2 && fwctl_bench_count(bench, file,
						      FWCTL_CALL_WAITING);
	}
	KUNIT_ASSERT_EQ(test, bench->fdev->inflight, all);
	KUNIT_ASSERT_LE(test, all, 3);
	if (could)
		KUNIT_ASSERT_EQ(test, all, 3);
}

static void fwctl_bench_step(struct kunit *test, struct fwctl_bench *bench,
			     struct rnd_state *rnd)
{
	unsigned int at = prandom_u32_state(rnd) % CALLS;

	switch (fwctl_bench_state(bench, at)) {
	case FWCTL_CALL_INFLIGHT:
		fwctl_bench_end(test, bench, at);
		break;
	case FWCTL_CALL_WAITING:
		if (prandom_u32_state(rnd) % 4 == 0)
			fwctl_bench_kill(bench, at);
		break;
	default:
		fwctl_bench_ask(test, bench, at,
				prandom_u32_state(rnd) % FILES);
	}
}

/* 20,000 things that happen, in an order that nobody would think of */
static void fwctl_test_turn_invariants(struct kunit *test)
{
	struct fwctl_bench *bench = test->priv;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2);
	for (unsigned int i = 0; i < 20000; i++) {
		fwctl_bench_step(test, bench, &rnd);
		fwctl_check_limits(test, bench);
		fwctl_check_order(test, bench);
	}
}

/* Ends the oldest call in flight; returns whose call gets its turn by that. */
static unsigned int fwctl_bench_next(struct kunit *test,
				     struct fwctl_bench *bench)
{
	enum fwctl_call_state before[CALLS];
	unsigned int oldest = CALLS;

	for (unsigned int i = 0; i < CALLS; i++) {
		before[i] = fwctl_bench_state(bench, i);
		if (before[i] == FWCTL_CALL_INFLIGHT && oldest == CALLS)
			oldest = i;
	}
	KUNIT_ASSERT_LT(test, oldest, CALLS);
	fwctl_bench_end(test, bench, oldest);
	for (unsigned int i = 0; i < CALLS; i++)
		if (before[i] == FWCTL_CALL_WAITING &&
		    fwctl_bench_state(bench, i) == FWCTL_CALL_INFLIGHT)
			return bench->file[i];
	return FILES;
}

/*
 * File 0 asks 10 times, then 1, 2 and 3 ask twice each. Two of file 0 are in
 * flight, as many as it can have, and one of file 1. As calls end, files take
 * turns, however much file 0 has asked for: 1 2 3 0, 2 3 0, then 0 alone.
 */
static void fwctl_test_turn_fair(struct kunit *test)
{
	static const unsigned int expected[] = { 1, 2, 3, 0, 2, 3, 0, 0 };
	struct fwctl_bench *bench = test->priv;
	unsigned int at = 0;

	while (at < 10)
		fwctl_bench_ask(test, bench, at++, 0);
	for (unsigned int file = 1; file < FILES; file++)
		for (unsigned int i = 0; i < 2; i++)
			fwctl_bench_ask(test, bench, at++, file);

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		KUNIT_EXPECT_EQ_MSG(test, fwctl_bench_next(test, bench),
				    expected[i], "turn %zu", i);
}

/* One file alone gets what a file can have and no more. */
static void fwctl_test_turn_alone(struct kunit *test)
{
	struct fwctl_bench *bench = test->priv;

	for (unsigned int at = 0; at < 5; at++)
		fwctl_bench_ask(test, bench, at, 0);
	KUNIT_EXPECT_EQ(test, bench->fdev->inflight, 2);
	KUNIT_EXPECT_TRUE(test, list_empty(&bench->fdev->waiting));

	fwctl_bench_ask(test, bench, 5, 1);
	KUNIT_EXPECT_EQ(test, bench->fdev->inflight, 3);
}

/* All who wait are told, those whose file is at its own limit as well. */
static void fwctl_test_turn_gone(struct kunit *test)
{
	struct fwctl_bench *bench = test->priv;

	for (unsigned int at = 0; at < 12; at++)
		fwctl_bench_ask(test, bench, at, at % 2);
	bench->fdev->gone = true;
	fwctl_turn_refuse_all(bench->fdev);

	for (unsigned int at = 0; at < 12; at++) {
		if (bench->calls[at]->state == FWCTL_CALL_INFLIGHT)
			continue;
		KUNIT_EXPECT_EQ(test, bench->calls[at]->state,
				FWCTL_CALL_REFUSED);
		KUNIT_EXPECT_TRUE(test,
				  completion_done(&bench->calls[at]->wake));
		KUNIT_EXPECT_EQ(test, fwctl_turn_ask(bench->calls[at]),
				-ENODEV);
		fwctl_bench_drop(bench, at);
	}
	KUNIT_EXPECT_EQ(test, bench->fdev->inflight, 3);
}

static int fwctl_turn_init(struct kunit *test)
{
	struct fwctl_bench *bench = kunit_kzalloc(test, sizeof(*bench),
						  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bench);
	bench->fdev = fwctl_alloc(NULL, &fwctl_fake_ops, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(bench->fdev));
	for (unsigned int i = 0; i < FILES; i++) {
		bench->uctxs[i] = fwctl_uctx_open(bench->fdev);
		KUNIT_ASSERT_FALSE(test, IS_ERR(bench->uctxs[i]));
	}
	KUNIT_ASSERT_PTR_EQ(test, fwctl_uctx_open(bench->fdev),
			    ERR_PTR(-EUSERS));
	test->priv = bench;
	return 0;
}

static void fwctl_turn_exit(struct kunit *test)
{
	struct fwctl_bench *bench = test->priv;

	if (!bench)
		return;
	for (unsigned int at = 0; at < CALLS; at++)
		if (fwctl_bench_state(bench, at) == FWCTL_CALL_WAITING)
			fwctl_bench_kill(bench, at);
	for (unsigned int at = 0; at < CALLS; at++)
		if (bench->calls[at])
			fwctl_bench_end(test, bench, at);
	KUNIT_EXPECT_EQ(test, fwctl_limit_used(&bench->fdev->bytes), 0);
	for (unsigned int i = 0; i < FILES; i++)
		fwctl_uctx_release(bench->uctxs[i]);
	percpu_ref_kill(&bench->fdev->users);
	wait_for_completion(&bench->fdev->idle);
	fwctl_put(bench->fdev);
}

static struct kunit_case fwctl_turn_cases[] = {
	KUNIT_CASE(fwctl_test_turn_invariants),
	KUNIT_CASE(fwctl_test_turn_fair),
	KUNIT_CASE(fwctl_test_turn_alone),
	KUNIT_CASE(fwctl_test_turn_gone),
	{}
};

static struct kunit_suite fwctl_turn_suite = {
	.name = "fwctl-turn",
	.init = fwctl_turn_init,
	.exit = fwctl_turn_exit,
	.test_cases = fwctl_turn_cases,
};

kunit_test_suite(fwctl_turn_suite);
