// SPDX-License-Identifier: GPL-2.0
/*
 * The contract of a driver: limits of its constants, the order of its calls, and how many
 * devices there can be. Breaking it ends in a message and an errno, not in an oops.
 */
#include <linux/sizes.h>
#include <linux/slab.h>

#include "test_driver.h"

/* Each constant at its limit */
static const struct fwctl_ops fwctl_good_ops = {
	FWCTL_TEST_DRIVER,
	.info_len = FWCTL_MAX_INFO,
	.header_len = FWCTL_MAX_HEADER,
	.min_in = FWCTL_MAX_RPC_LEN,
	.max_in = FWCTL_MAX_RPC_LEN,
	.min_out = FWCTL_MAX_RPC_LEN,
	.max_out = FWCTL_MAX_RPC_LEN,
	.max_files = 1,
	.max_calls = 1,
	.max_file_calls = 1,
	.max_bytes = 5 * FWCTL_MAX_RPC_LEN,
};

static void fwctl_expect_alloc(struct kunit *test, const struct fwctl_ops *ops,
			       int err, const char *what)
{
	struct fwctl_device *fdev = fwctl_alloc(NULL, ops, 0);

	KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(fdev), err, "%s", what);
	if (!IS_ERR(fdev))
		fwctl_put(fdev);
}

/* One constant one step beyond its limit */
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
	FWCTL_BROKEN(device_type, 0);
	FWCTL_BROKEN(open_uctx, NULL);
	FWCTL_BROKEN(close_uctx, NULL);
	FWCTL_BROKEN(info, NULL);
	FWCTL_BROKEN(classify, NULL);
	FWCTL_BROKEN(submit, NULL);
	FWCTL_BROKEN(uctx_size, SZ_64K + 1);
	FWCTL_BROKEN(call_size, SZ_64K + 1);
	FWCTL_BROKEN(call_size, SIZE_MAX);
	FWCTL_BROKEN(info_len, FWCTL_MAX_INFO + 1);
	FWCTL_BROKEN(header_len, FWCTL_MAX_HEADER + 1);
	FWCTL_BROKEN(max_in, FWCTL_MAX_RPC_LEN - 1);
	FWCTL_BROKEN(max_in, FWCTL_MAX_RPC_LEN + 1);
	FWCTL_BROKEN(max_out, FWCTL_MAX_RPC_LEN - 1);
	FWCTL_BROKEN(max_out, FWCTL_MAX_RPC_LEN + 1);
	FWCTL_BROKEN(max_files, 0);
	FWCTL_BROKEN(max_calls, 0);
	FWCTL_BROKEN(max_file_calls, 0);
	FWCTL_BROKEN(max_file_calls, 2);
	/* Half of it has no room for the call's struct. */
	FWCTL_BROKEN(max_bytes, 4 * FWCTL_MAX_RPC_LEN);
	fwctl_expect_alloc(test, NULL, -EINVAL, "no ops");
}

/* Each of these warns in the log, and the device can be used or freed after it. */
static void fwctl_test_misuse(struct kunit *test)
{
	struct fwctl_device *fdev = fwctl_alloc(NULL, &fwctl_good_ops, 0);

	KUNIT_ASSERT_FALSE(test, IS_ERR(fdev));
	fwctl_unregister(fdev);
	KUNIT_ASSERT_EQ(test, fwctl_register(fdev), 0);
	KUNIT_EXPECT_EQ(test, fwctl_register(fdev), -EINVAL);
	fwctl_unregister(fdev);
	fwctl_unregister(fdev);
	KUNIT_EXPECT_EQ(test, fwctl_register(fdev), -EINVAL);
	fwctl_put(fdev);

	fdev = fwctl_alloc(NULL, &fwctl_good_ops, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(fdev));
	KUNIT_ASSERT_EQ(test, fwctl_register(fdev), 0);
	fwctl_put(fdev);
}

/* A number, and with it the name, can be had again after an unregister. */
static void fwctl_test_number_again(struct kunit *test)
{
	struct fwctl_device *first = fwctl_alloc(NULL, &fwctl_good_ops, 0);
	struct fwctl_device *second;

	KUNIT_ASSERT_FALSE(test, IS_ERR(first));
	KUNIT_ASSERT_EQ(test, fwctl_register(first), 0);
	fwctl_unregister(first);
	second = fwctl_alloc(NULL, &fwctl_good_ops, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(second));
	KUNIT_EXPECT_STREQ(test, fwctl_name(second), fwctl_name(first));
	fwctl_put(first);
	KUNIT_EXPECT_EQ(test, fwctl_register(second), 0);
	fwctl_unregister(second);
	fwctl_put(second);
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
	KUNIT_CASE(fwctl_test_misuse),
	KUNIT_CASE(fwctl_test_number_again),
	KUNIT_CASE_SLOW(fwctl_test_numbers),
	{}
};

static struct kunit_suite fwctl_device_suite = {
	.name = "fwctl-device",
	.test_cases = fwctl_device_cases,
};

kunit_test_suite(fwctl_device_suite);
