// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of admission that depend on nothing but label, class and file: all
 * of them, since there are few enough, and what lies beyond.
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

static const struct fwctl_rights fwctl_all_rights = {
	.writable = true,
	.file = ~0u,
	.device = ~0u,
};

/* What fwctl_decide() has to say, from the drawing and from words */
static enum fwctl_reason fwctl_expected(unsigned int scope, unsigned int row,
					const struct fwctl_rights *rights)
{
	unsigned int bit = 1u << fwctl_rules[row].class;

	if (!strcmp(fwctl_rules[row].by_label, "----"))
		return FWCTL_REASON_NEVER;
	if (fwctl_rules[row].by_label[scope] != '+')
		return FWCTL_REASON_LABEL;
	if (!rights->writable && !fwctl_rules[row].reads)
		return FWCTL_REASON_READ_ONLY;
	if (!(rights->file & bit))
		return FWCTL_REASON_RESTRICTED;
	if (!(rights->device & bit))
		return FWCTL_REASON_CAPPED;
	return FWCTL_REASON_NONE;
}

static void fwctl_check_rights(struct kunit *test,
			       const struct fwctl_rights *rights)
{
	for (unsigned int row = 0; row < ARRAY_SIZE(fwctl_rules); row++) {
		for (unsigned int scope = 0; scope < 4; scope++) {
			enum fwctl_class class = fwctl_rules[row].class;

			KUNIT_ASSERT_EQ_MSG(test,
					    fwctl_decide(scope, class, rights),
					    fwctl_expected(scope, row, rights),
					    "label %u class %d %s file %#x device %#x",
					    scope, class,
					    rights->writable ? "rw" : "ro",
					    rights->file, rights->device);
		}
	}
}

/*
 * 4 labels x 6 classes x 2 modes x 64 sets left of the file x 64 of the device:
 * 196,608 decisions, each with its reason. The sets have bit 0 too, where
 * FWCTL_CLASS_NEVER would be, and that must not help.
 */
static void fwctl_test_decide_all(struct kunit *test)
{
	struct fwctl_rights rights;

	for (unsigned int sets = 0; sets < 2 * 64 * 64; sets++) {
		rights.writable = sets & 1;
		rights.file = sets >> 1 & 63;
		rights.device = sets >> 7;
		fwctl_check_rights(test, &rights);
	}
}

/* A label or class that does not exist permits nothing, at whatever distance. */
static void fwctl_test_decide_unknown(struct kunit *test)
{
	static const unsigned int beyond[] = { 6,  7,  31, 32,	 63,
					       64, 65, 66, 1u << 31, ~0u };
	const struct fwctl_rights *all = &fwctl_all_rights;

	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
		unsigned int x = beyond[i];

		for (unsigned int scope = 0; scope < 4; scope++)
			KUNIT_EXPECT_EQ(test, fwctl_decide(scope, x, all),
					FWCTL_REASON_NEVER);
		for (unsigned int class = 1; class < 6; class++)
			KUNIT_EXPECT_EQ(test, fwctl_decide(x, class, all),
					FWCTL_REASON_LABEL);
		KUNIT_EXPECT_FALSE(test, fwctl_scope_known(x));
	}
	KUNIT_EXPECT_EQ(test, fwctl_decide(4, 1, all), FWCTL_REASON_LABEL);
	KUNIT_EXPECT_FALSE(test, fwctl_scope_known(4));
	KUNIT_EXPECT_TRUE(test, fwctl_scope_known(3));
}

/* No set has FWCTL_CLASS_NEVER, whatever bits somebody has put into it. */
static void fwctl_test_class_in(struct kunit *test)
{
	for (unsigned int class = 0; class < 64; class++)
		KUNIT_EXPECT_EQ(test, fwctl_class_in(class, ~0u),
				class >= 1 && class <= 5);
	for (u32 set = 0; set < 64; set++)
		for (unsigned int class = 1; class < 6; class++)
			KUNIT_EXPECT_EQ(test, fwctl_class_in(class, set),
					set >> class & 1);
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

/* {config-read, full} of a file that is not open for writing: config-read */
static void fwctl_test_rights_classes(struct kunit *test)
{
	struct fwctl_rights rights = { .file = 0x22, .device = 0x3e };

	KUNIT_EXPECT_EQ(test, fwctl_rights_classes(&rights), 0x02);
	rights.writable = true;
	KUNIT_EXPECT_EQ(test, fwctl_rights_classes(&rights), 0x22);
	rights.device = 0x20;
	KUNIT_EXPECT_EQ(test, fwctl_rights_classes(&rights), 0x20);
	KUNIT_EXPECT_EQ(test, fwctl_rights_classes(&fwctl_all_rights), 0x3e);
}

/* A label is of use if a class is left that makes somebody choose it. */
static void fwctl_test_scopes_for(struct kunit *test)
{
	static const u32 for_class[] = { 0x0, 0x1, 0x1, 0x2, 0x4, 0x8 };

	for (u32 classes = 0; classes < 64; classes++) {
		u32 scopes = 0;

		for (unsigned int class = 0; class < 6; class++)
			if (classes & 1u << class)
				scopes |= for_class[class];
		KUNIT_EXPECT_EQ(test, fwctl_scopes_for(classes), scopes);
	}
}

/* Programs tell the reasons apart by these, in every driver alike. */
static void fwctl_test_reason_errno(struct kunit *test)
{
	static const int errs[] = { 0, -EMSGSIZE, -EBADMSG, -EBADMSG, -EPERM,
				    -EPERM, -EPERM, -EPERM, -EPERM };

	for (size_t i = 0; i < ARRAY_SIZE(errs); i++)
		KUNIT_EXPECT_EQ(test, fwctl_reason_errno(i), errs[i]);
}

static struct kunit_case fwctl_admit_cases[] = {
	KUNIT_CASE(fwctl_test_decide_all),
	KUNIT_CASE(fwctl_test_decide_unknown),
	KUNIT_CASE(fwctl_test_class_in),
	KUNIT_CASE(fwctl_test_class_reads),
	KUNIT_CASE(fwctl_test_rights_classes),
	KUNIT_CASE(fwctl_test_scopes_for),
	KUNIT_CASE(fwctl_test_reason_errno),
	{}
};

static struct kunit_suite fwctl_admit_suite = {
	.name = "fwctl-admit",
	.test_cases = fwctl_admit_cases,
};

kunit_test_suite(fwctl_admit_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("KUnit tests of the fwctl core");
MODULE_LICENSE("GPL");
