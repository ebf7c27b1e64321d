// SPDX-License-Identifier: GPL-2.0
/*
 * The table of admission, tested as a whole: every label with every class, and
 * what lies beyond both.
 */
#include <kunit/test.h>

#include "internal.h"

/*
 * Stated once more, as the documentation draws it, and not derived from the
 * table under test: '+' admitted, '-' refused.
 */
static const struct {
	enum fwctl_class class;
	const char *by_label; /* CONFIGURATION, READ_ONLY, WRITE, FULL */
	bool reads;
} fwctl_rules[] = {
	{ FWCTL_CLASS_NEVER, "----", false },
	{ FWCTL_CLASS_CONFIG_READ, "++++", true },
	{ FWCTL_CLASS_CONFIG_WRITE, "+-++", false },
	{ FWCTL_CLASS_DEBUG_READ, "-+++", true },
	{ FWCTL_CLASS_DEBUG_WRITE, "--++", false },
	{ FWCTL_CLASS_FULL, "---+", false },
};

/* {label 0..3} x {class 0..5}: permitted just where the drawing has a '+' */
static void fwctl_test_scope_table(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_rules); i++) {
		enum fwctl_class class = fwctl_rules[i].class;
		const char *by_label = fwctl_rules[i].by_label;

		for (unsigned int scope = 0; scope < 4; scope++)
			KUNIT_EXPECT_EQ_MSG(test,
					    fwctl_scope_permits(scope, class),
					    by_label[scope] == '+',
					    "label %u, class %d", scope, class);
	}
}

/* A label or class that does not exist permits nothing, at whatever distance. */
static void fwctl_test_scope_unknown(struct kunit *test)
{
	static const unsigned int beyond[] = { 6,  7,  31, 32,	 63,
					       64, 65, 66, 1u << 31, ~0u };

	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
		unsigned int x = beyond[i];

		for (unsigned int scope = 0; scope < 4; scope++)
			KUNIT_EXPECT_FALSE(test, fwctl_scope_permits(scope, x));
		for (unsigned int class = 0; class < 6; class++)
			KUNIT_EXPECT_FALSE(test, fwctl_scope_permits(x, class));
	}
	KUNIT_EXPECT_FALSE(test, fwctl_scope_permits(4, 1));
}

/* Only what leaves the device as it is may come from a read-only file. */
static void fwctl_test_class_reads(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_rules); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    fwctl_class_reads(fwctl_rules[i].class),
				    fwctl_rules[i].reads, "class %d",
				    fwctl_rules[i].class);
	KUNIT_EXPECT_FALSE(test, fwctl_class_reads(6));
}

static struct kunit_case fwctl_admit_cases[] = {
	KUNIT_CASE(fwctl_test_scope_table),
	KUNIT_CASE(fwctl_test_scope_unknown),
	KUNIT_CASE(fwctl_test_class_reads),
	{}
};

static struct kunit_suite fwctl_admit_suite = {
	.name = "fwctl-admit",
	.test_cases = fwctl_admit_cases,
};

kunit_test_suite(fwctl_admit_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests of the fwctl core");
MODULE_LICENSE("GPL");
