// SPDX-License-Identifier: GPL-2.0
/*
 * Decode: which ioctl numbers there are.
 */
#include <kunit/test.h>

#include "internal.h"

/* As deployed programs were compiled with them */
static const unsigned int fwctl_known[] = { 0x9a00, 0x9a01, 0x9a40, 0x9a41 };

static bool fwctl_is_known(unsigned int cmd)
{
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_known); i++)
		if (fwctl_known[i] == cmd)
			return true;
	return false;
}

static void fwctl_test_known(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_known); i++) {
		const struct fwctl_ioctl *op = fwctl_ioctl_find(fwctl_known[i]);

		KUNIT_ASSERT_NOT_NULL(test, op);
		KUNIT_EXPECT_EQ(test, op->cmd, fwctl_known[i]);
	}
}

/*
 * The number counts in full width: all 65,536 type and number bytes, and each
 * known number with each of the upper bits set.
 */
static void fwctl_test_unknown(struct kunit *test)
{
	for (unsigned int cmd = 0; cmd < 1u << 16; cmd++)
		if (!fwctl_is_known(cmd))
			KUNIT_ASSERT_NULL(test, fwctl_ioctl_find(cmd));
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_known); i++)
		for (unsigned int bit = 16; bit < 32; bit++)
			KUNIT_ASSERT_NULL(test,
					  fwctl_ioctl_find(fwctl_known[i] |
							   1u << bit));
}

static struct kunit_case fwctl_file_cases[] = {
	KUNIT_CASE(fwctl_test_known),
	KUNIT_CASE(fwctl_test_unknown),
	{}
};

static struct kunit_suite fwctl_file_suite = {
	.name = "fwctl-file",
	.test_cases = fwctl_file_cases,
};

kunit_test_suite(fwctl_file_suite);
