// SPDX-License-Identifier: GPL-2.0
/*
 * What a driver may declare, and how many devices there can be.
 */
#include <linux/slab.h>
#include <kunit/test.h>

#include "internal.h"

static int fwctl_no_open(struct fwctl_uctx *uctx)
{
	return 0;
}

static void fwctl_no_close(struct fwctl_uctx *uctx)
{
}

static void fwctl_no_info(struct fwctl_uctx *uctx, void *data)
{
}

static enum fwctl_class fwctl_no_class(struct fwctl_device *fdev,
				       struct fwctl_request *req)
{
	return FWCTL_CLASS_NEVER;
}

static void fwctl_no_submit(struct fwctl_call *call)
{
}

/* As much as a driver may ask for in every respect */
static const struct fwctl_ops fwctl_good_ops = {
	.driver_name = "fwctl_test",
	.device_type = FWCTL_DEVICE_TYPE_SIM,
	.info_len = FWCTL_MAX_HEADER,
	.header_len = FWCTL_MAX_HEADER,
	.min_in = FWCTL_MAX_RPC_LEN,
	.max_in = FWCTL_MAX_RPC_LEN,
	.min_out = FWCTL_MAX_RPC_LEN,
	.max_out = FWCTL_MAX_RPC_LEN,
	.max_files = 1,
	.max_calls = 1,
	.max_file_calls = 1,
	.max_bytes = 4 * FWCTL_MAX_RPC_LEN,
	.open_uctx = fwctl_no_open,
	.close_uctx = fwctl_no_close,
	.info = fwctl_no_info,
	.classify = fwctl_no_class,
	.submit = fwctl_no_submit,
};

static void fwctl_expect_alloc(struct kunit *test, const struct fwctl_ops *ops,
			       int err, const char *what)
{
	struct fwctl_device *fdev = fwctl_alloc(NULL, ops, 0);

	KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(fdev), err, "%s", what);
	if (!IS_ERR(fdev))
		fwctl_put(fdev);
}

/* One step beyond, in one respect */
#define FWCTL_BROKEN(_field, _value)					\
	do {								\
		struct fwctl_ops ops = fwctl_good_ops;			\
									\
		ops._field = (_value);					\
		fwctl_expect_alloc(test, &ops, -EINVAL, #_field);	\
	} while (0)

static void fwctl_test_contract(struct kunit *test)
{
	fwctl_expect_alloc(test, &fwctl_good_ops, 0, "good");
	FWCTL_BROKEN(driver_name, NULL);
	FWCTL_BROKEN(open_uctx, NULL);
	FWCTL_BROKEN(close_uctx, NULL);
	FWCTL_BROKEN(info, NULL);
	FWCTL_BROKEN(classify, NULL);
	FWCTL_BROKEN(submit, NULL);
	FWCTL_BROKEN(info_len, FWCTL_MAX_HEADER + 1);
	FWCTL_BROKEN(header_len, FWCTL_MAX_HEADER + 1);
	FWCTL_BROKEN(max_in, FWCTL_MAX_RPC_LEN - 1);
	FWCTL_BROKEN(max_in, FWCTL_MAX_RPC_LEN + 1);
	FWCTL_BROKEN(max_out, FWCTL_MAX_RPC_LEN - 1);
	FWCTL_BROKEN(max_out, FWCTL_MAX_RPC_LEN + 1);
	FWCTL_BROKEN(max_files, 0);
	FWCTL_BROKEN(max_calls, 0);
	FWCTL_BROKEN(max_file_calls, 0);
	FWCTL_BROKEN(max_file_calls, 2);
	FWCTL_BROKEN(max_bytes, 4 * FWCTL_MAX_RPC_LEN - 1);
}

/* All 4096 numbers, one more, and that one again when another has gone */
static void fwctl_test_numbers(struct kunit *test)
{
	struct fwctl_device **fdevs;
	int count;

	fdevs = kunit_kcalloc(test, FWCTL_MAX_DEVICES, sizeof(*fdevs),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fdevs);
	for (count = 0; count < FWCTL_MAX_DEVICES; count++) {
		fdevs[count] = fwctl_alloc(NULL, &fwctl_good_ops, 0);
		if (IS_ERR(fdevs[count]))
			break;
	}
	KUNIT_EXPECT_EQ(test, count, FWCTL_MAX_DEVICES);
	fwctl_expect_alloc(test, &fwctl_good_ops, -ENOSPC, "one more");

	if (count) {
		KUNIT_EXPECT_STREQ(test, fwctl_name(fdevs[count - 1]),
				   "fwctl4095");
		fwctl_put(fdevs[--count]);
		fwctl_expect_alloc(test, &fwctl_good_ops, 0, "again");
	}
	while (count)
		fwctl_put(fdevs[--count]);
}

static struct kunit_case fwctl_device_cases[] = {
	KUNIT_CASE(fwctl_test_contract),
	KUNIT_CASE_SLOW(fwctl_test_numbers),
	{}
};

static struct kunit_suite fwctl_device_suite = {
	.name = "fwctl-device",
	.test_cases = fwctl_device_cases,
};

kunit_test_suite(fwctl_device_suite);
