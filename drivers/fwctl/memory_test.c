// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of calls: buffers of every length, the one small call that a context keeps, the one
 * large call that a device keeps, and answers that are zero before the driver gets them.
 */
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "test_driver.h"

#define LONGEST FWCTL_MAX_RPC_LEN

static const struct fwctl_ops fwctl_memory_ops = {
	FWCTL_TEST_DRIVER,
	.call_size = 24,
	.min_in = 1,
	.max_in = LONGEST,
	.min_out = 1,
	.max_out = LONGEST,
	.max_files = 2,
	.max_calls = 2,
	.max_file_calls = 2,
	.max_bytes = 8 * LONGEST,
};

static struct fwctl_xfer *fwctl_get_call(struct kunit *test, u32 in_len, u32 out_len)
{
	struct fwctl_desc desc = { .in_len = in_len, .out_len = out_len };
	struct fwctl_xfer *xfer = fwctl_xfer_alloc(test->priv, &desc);

	KUNIT_ASSERT_NOT_NULL(test, xfer);
	return xfer;
}

/* One after the other: one allocation, for every call that fits into it */
static void fwctl_test_memory_again(struct kunit *test)
{
	struct fwctl_xfer *first, *xfer;

	first = fwctl_get_call(test, 100, 20);
	fwctl_xfer_release(first);
	for (u32 len = 1; len <= 100; len += 9) {
		xfer = fwctl_get_call(test, len, 20);
		KUNIT_EXPECT_PTR_EQ(test, xfer, first);
		KUNIT_EXPECT_EQ(test, xfer->call.in_len, len);
		KUNIT_EXPECT_EQ(test, xfer->answer_len, 0);
		xfer->answer_len = 20;
		fwctl_xfer_release(xfer);
	}
}

/* Two at once are two, of which one is kept. */
static void fwctl_test_memory_one(struct kunit *test)
{
	struct fwctl_xfer *first, *second;
	struct fwctl_uctx *uctx = test->priv;

	first = fwctl_get_call(test, 16, 16);
	second = fwctl_get_call(test, 16, 16);
	KUNIT_EXPECT_PTR_NE(test, first, second);
	fwctl_xfer_release(first);
	fwctl_xfer_release(second);
	KUNIT_EXPECT_PTR_EQ(test, uctx->cache, first);
}

/* 4 KiB each way are small; a large call leaves the small one. */
static void fwctl_test_memory_small(struct kunit *test)
{
	struct fwctl_uctx *uctx = test->priv;
	struct fwctl_xfer *small = fwctl_get_call(test, 4096, 4096);

	fwctl_xfer_release(small);
	KUNIT_EXPECT_PTR_EQ(test, uctx->cache, small);
	KUNIT_EXPECT_NULL(test, uctx->fdev->large);
	fwctl_xfer_release(fwctl_get_call(test, LONGEST, 1));
	fwctl_xfer_release(fwctl_get_call(test, 1, 65536));
	KUNIT_EXPECT_PTR_EQ(test, uctx->cache, small);
}

/* A large call is used again for the same lengths, with its answer zeroed. */
static void fwctl_test_memory_large(struct kunit *test)
{
	struct fwctl_xfer *first = fwctl_get_call(test, 4097, 4096);
	struct fwctl_uctx *uctx = test->priv;
	struct fwctl_xfer *xfer;

	memset(first->call.out, 1, 4096);
	fwctl_xfer_release(first);
	KUNIT_EXPECT_PTR_EQ(test, uctx->fdev->large, first);
	xfer = fwctl_get_call(test, 4097, 4096);
	KUNIT_EXPECT_PTR_EQ(test, xfer, first);
	KUNIT_EXPECT_NULL(test, uctx->fdev->large);
	KUNIT_EXPECT_NULL(test, memchr_inv(xfer->call.out, 0, 4096));
	fwctl_xfer_release(xfer);
	/* A shorter call is not charged for the length of an earlier one. */
	xfer = fwctl_get_call(test, 4097, 4095);
	KUNIT_EXPECT_LT(test, xfer->room, ALIGN(4097, SMP_CACHE_BYTES) + 4096);
	fwctl_xfer_release(xfer);
	KUNIT_EXPECT_PTR_EQ(test, uctx->fdev->large, xfer);
}

/* No other thread gets a large call: it is charged to the memory cgroup of the first one. */
static void fwctl_test_memory_thread(struct kunit *test)
{
	struct fwctl_xfer *first = fwctl_get_call(test, 65536, 65536);
	struct fwctl_uctx *uctx = test->priv;
	struct fwctl_xfer *xfer;

	first->pid = task_pid_nr(current) + 1;
	fwctl_xfer_release(first);
	xfer = fwctl_get_call(test, 65536, 65536);
	KUNIT_EXPECT_EQ(test, xfer->pid, task_pid_nr(current));
	KUNIT_EXPECT_NULL(test, uctx->fdev->large);
	fwctl_xfer_release(xfer);
	first = fwctl_get_call(test, 65536, 65536);
	KUNIT_EXPECT_PTR_EQ(test, first, xfer);
	fwctl_xfer_release(first);
}

/* A device keeps one large call, and no other file gets it. */
static void fwctl_test_memory_other(struct kunit *test)
{
	struct fwctl_desc desc = { .in_len = 65536, .out_len = 65536 };
	struct fwctl_xfer *mine = fwctl_get_call(test, 65536, 65536);
	struct fwctl_uctx *uctx = test->priv;
	struct fwctl_device *fdev = uctx->fdev;
	struct fwctl_uctx *other = fwctl_uctx_open(fdev);
	struct fwctl_xfer *xfer;

	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	fwctl_xfer_release(mine);
	xfer = fwctl_xfer_alloc(other, &desc);
	KUNIT_ASSERT_NOT_NULL(test, xfer);
	KUNIT_EXPECT_PTR_EQ(test, xfer->call.uctx, other);
	KUNIT_EXPECT_NULL(test, fdev->large);
	mine = fwctl_get_call(test, 65536, 65536);
	fwctl_xfer_release(mine);
	fwctl_xfer_release(xfer);
	KUNIT_EXPECT_PTR_EQ(test, fdev->large, mine);
	fwctl_uctx_release(other);
	KUNIT_EXPECT_PTR_EQ(test, fdev->large, mine);
}

/* Every byte of both buffers can be written and is the buffer's own; the answer is zero. */
static void fwctl_test_memory_room(struct kunit *test)
{
	static const u32 lens[] = { 1, 15, 16, 63, 64, 65, 500, 4000, 4095, 4096,
				    4097, 8192, 65536, LONGEST - 1, LONGEST };
	struct fwctl_xfer *xfer;

	for (size_t i = 0; i < ARRAY_SIZE(lens) * ARRAY_SIZE(lens); i++) {
		u32 in_len = lens[i / ARRAY_SIZE(lens)];
		u32 out_len = lens[i % ARRAY_SIZE(lens)];

		xfer = fwctl_get_call(test, in_len, out_len);
		KUNIT_EXPECT_GE(test, xfer->call.out, xfer->call.in + in_len);
		KUNIT_EXPECT_LE(test, xfer->call.out + out_len, xfer->memory + xfer->room);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((long)xfer->call.out, 8));
		KUNIT_EXPECT_NULL(test, memchr_inv(xfer->call.out, 0, out_len));
		KUNIT_EXPECT_GE(test, xfer->size, in_len + out_len + sizeof(*xfer));
		memset(xfer->call.in, 1, in_len);
		memset(xfer->call.out, 2, out_len);
		KUNIT_EXPECT_EQ(test, *(u8 *)(xfer->call.in + in_len - 1), 1);
		fwctl_xfer_release(xfer);
	}
}

static int fwctl_memory_init(struct kunit *test)
{
	struct fwctl_device *fdev = fwctl_alloc(NULL, &fwctl_memory_ops, 0);

	KUNIT_ASSERT_FALSE(test, IS_ERR(fdev));
	test->priv = fwctl_uctx_open(fdev);
	KUNIT_ASSERT_FALSE(test, IS_ERR(test->priv));
	return 0;
}

static void fwctl_memory_exit(struct kunit *test)
{
	struct fwctl_uctx *uctx = test->priv;
	struct fwctl_device *fdev;

	if (IS_ERR_OR_NULL(uctx))
		return;
	fdev = uctx->fdev;
	fwctl_uctx_release(uctx);
	KUNIT_EXPECT_NULL(test, fdev->large);
	fwctl_test_end(fdev);
}

static struct kunit_case fwctl_memory_cases[] = {
	KUNIT_CASE(fwctl_test_memory_again),
	KUNIT_CASE(fwctl_test_memory_one),
	KUNIT_CASE(fwctl_test_memory_small),
	KUNIT_CASE(fwctl_test_memory_large),
	KUNIT_CASE(fwctl_test_memory_thread),
	KUNIT_CASE(fwctl_test_memory_other),
	KUNIT_CASE(fwctl_test_memory_room),
	{}
};

static struct kunit_suite fwctl_memory_suite = {
	.name = "fwctl-memory",
	.init = fwctl_memory_init,
	.exit = fwctl_memory_exit,
	.test_cases = fwctl_memory_cases,
};

kunit_test_suite(fwctl_memory_suite);
