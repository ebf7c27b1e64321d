// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: the memory that they keep for the next call, and when they are closed.
 */
#include <linux/delay.h>
#include <kunit/test.h>

#include "internal.h"

#define LONGEST FWCTL_MAX_RPC_LEN

/* How often a context was closed, by all tests together */
static atomic_t fwctl_closes;

static int fwctl_plain_open(struct fwctl_uctx *uctx)
{
	return 0;
}

static void fwctl_counted_close(struct fwctl_uctx *uctx)
{
	atomic_inc(&fwctl_closes);
}

static void fwctl_plain_info(struct fwctl_uctx *uctx, void *data)
{
}

static enum fwctl_class fwctl_plain_classify(struct fwctl_device *fdev,
					     struct fwctl_request *req)
{
	return FWCTL_CLASS_CONFIG_READ;
}

static void fwctl_plain_submit(struct fwctl_call *call)
{
}

static const struct fwctl_ops fwctl_plain_ops = {
	.driver_name = "fwctl_plain",
	.device_type = FWCTL_DEVICE_TYPE_SIM,
	.call_size = 24,
	.min_in = 1,
	.max_in = LONGEST,
	.min_out = 1,
	.max_out = LONGEST,
	.max_files = 2,
	.max_calls = 2,
	.max_file_calls = 2,
	.max_bytes = 8 * LONGEST,
	.quick_close = true,
	.open_uctx = fwctl_plain_open,
	.close_uctx = fwctl_counted_close,
	.info = fwctl_plain_info,
	.classify = fwctl_plain_classify,
	.submit = fwctl_plain_submit,
};

struct fwctl_opened {
	struct fwctl_device *fdev;
	struct fwctl_uctx *uctx;
};

static struct fwctl_rpc_call *fwctl_get_call(struct kunit *test, u32 in_len,
					     u32 out_len)
{
	struct fwctl_summary what = { .in_len = in_len, .out_len = out_len };
	struct fwctl_opened *opened = test->priv;
	struct fwctl_rpc_call *rc = fwctl_call_alloc(opened->uctx, &what);

	KUNIT_ASSERT_FALSE(test, IS_ERR(rc));
	return rc;
}

/* KASAN wants to see calls being freed: half of them are. */
static void fwctl_skip_unless_kept(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "not every call is kept under KASAN");
}

/* One after the other: one allocation, whatever fits into it */
static void fwctl_test_spare_again(struct kunit *test)
{
	struct fwctl_rpc_call *first, *rc;

	fwctl_skip_unless_kept(test);
	first = fwctl_get_call(test, 100, 20);
	fwctl_call_keep(first);
	for (u32 len = 1; len <= 100; len += 9) {
		rc = fwctl_get_call(test, len, 20);
		KUNIT_EXPECT_PTR_EQ(test, rc, first);
		KUNIT_EXPECT_EQ(test, rc->call.in_len, len);
		fwctl_call_keep(rc);
	}
}

/* Two at once are two, of which one is kept. */
static void fwctl_test_spare_one(struct kunit *test)
{
	struct fwctl_opened *opened = test->priv;
	struct fwctl_rpc_call *first, *second;

	fwctl_skip_unless_kept(test);
	first = fwctl_get_call(test, 16, 16);
	second = fwctl_get_call(test, 16, 16);
	KUNIT_EXPECT_PTR_NE(test, first, second);
	fwctl_call_keep(first);
	fwctl_call_keep(second);
	KUNIT_EXPECT_PTR_EQ(test, opened->uctx->spare, first);
}

/* Every byte of both buffers is there, is the buffer's own, and can be written. */
static void fwctl_test_spare_room(struct kunit *test)
{
	static const u32 lens[] = { 1, 15, 16, 63, 64, 65, 500, 4000, 4095, 4096,
				    4097, 8192, 65536, LONGEST - 1, LONGEST };
	struct fwctl_rpc_call *rc;

	for (size_t i = 0; i < ARRAY_SIZE(lens) * ARRAY_SIZE(lens); i++) {
		u32 in_len = lens[i / ARRAY_SIZE(lens)];
		u32 out_len = lens[i % ARRAY_SIZE(lens)];

		rc = fwctl_get_call(test, in_len, out_len);
		KUNIT_EXPECT_GE(test, rc->call.out, rc->call.in + in_len);
		KUNIT_EXPECT_LE(test, rc->call.out + out_len,
				rc->memory + rc->room);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((long)rc->call.out, 8));
		memset(rc->call.in, 1, in_len);
		memset(rc->call.out, 2, out_len);
		KUNIT_EXPECT_EQ(test, *(u8 *)(rc->call.in + in_len - 1), 1);
		fwctl_call_keep(rc);
	}
}

/* What is large goes after a while, and does not count as in flight until then. */
static void fwctl_test_spare_ages(struct kunit *test)
{
	struct fwctl_opened *opened = test->priv;

	fwctl_skip_unless_kept(test);
	fwctl_call_keep(fwctl_get_call(test, LONGEST, LONGEST));
	KUNIT_EXPECT_NOT_NULL(test, opened->uctx->spare);
	KUNIT_EXPECT_EQ(test, fwctl_limit_used(&opened->fdev->bytes), 0);
	msleep(500);
	KUNIT_EXPECT_NOT_NULL(test, opened->uctx->spare);
	msleep(2500);
	KUNIT_EXPECT_NULL(test, READ_ONCE(opened->uctx->spare));

	/* And again, with what is set up by now */
	fwctl_call_keep(fwctl_get_call(test, LONGEST, 1));
	msleep(3000);
	KUNIT_EXPECT_NULL(test, READ_ONCE(opened->uctx->spare));
}

/* By whoever closes the file; but by nobody while a call is in flight. */
static void fwctl_test_quick_close(struct kunit *test)
{
	struct fwctl_rpc_call *rc = fwctl_get_call(test, 16, 16);
	struct fwctl_opened *opened = test->priv;
	struct fwctl_uctx *other = fwctl_uctx_open(opened->fdev);
	int closes = atomic_read(&fwctl_closes);

	KUNIT_ASSERT_FALSE(test, IS_ERR(other));
	fwctl_uctx_release(other);
	KUNIT_EXPECT_EQ(test, atomic_read(&fwctl_closes), closes + 1);

	KUNIT_ASSERT_EQ(test, fwctl_turn_ask(rc), 0);
	fwctl_uctx_release(opened->uctx);
	KUNIT_EXPECT_EQ(test, atomic_read(&fwctl_closes), closes + 1);
	KUNIT_EXPECT_TRUE(test, fwctl_turn_pass(rc));
	fwctl_call_free(rc);
	fwctl_uctx_unbusy(opened->uctx);
	opened->uctx = NULL;
	for (int i = 0; i < 250 && atomic_read(&fwctl_closes) == closes + 1; i++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, atomic_read(&fwctl_closes), closes + 2);
}

static int fwctl_opened_init(struct kunit *test)
{
	struct fwctl_opened *opened = kunit_kzalloc(test, sizeof(*opened),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, opened);
	opened->fdev = fwctl_alloc(NULL, &fwctl_plain_ops, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(opened->fdev));
	opened->uctx = fwctl_uctx_open(opened->fdev);
	KUNIT_ASSERT_FALSE(test, IS_ERR(opened->uctx));
	test->priv = opened;
	return 0;
}

static void fwctl_opened_exit(struct kunit *test)
{
	struct fwctl_opened *opened = test->priv;

	if (!opened)
		return;
	if (opened->uctx)
		fwctl_uctx_release(opened->uctx);
	fwctl_spare_stop(opened->fdev);
	percpu_ref_kill(&opened->fdev->users);
	wait_for_completion(&opened->fdev->idle);
	fwctl_put(opened->fdev);
}

static struct kunit_case fwctl_uctx_cases[] = {
	KUNIT_CASE(fwctl_test_spare_again),
	KUNIT_CASE(fwctl_test_spare_one),
	KUNIT_CASE(fwctl_test_spare_room),
	KUNIT_CASE_SLOW(fwctl_test_spare_ages),
	KUNIT_CASE(fwctl_test_quick_close),
	{}
};

static struct kunit_suite fwctl_uctx_suite = {
	.name = "fwctl-uctx",
	.init = fwctl_opened_init,
	.exit = fwctl_opened_exit,
	.test_cases = fwctl_uctx_cases,
};

kunit_test_suite(fwctl_uctx_suite);
