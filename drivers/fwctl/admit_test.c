// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of admission, in all combinations, since there are few enough, and numbers
 * beyond them. Sets of classes in words: the text that is written is read back, and a
 * text that is not understood is refused as a whole.
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

/* Answers of the kernel's state, and whether fwctl_admit() asked for them */
static struct {
	bool rawio, unlocked;
	bool asked_rawio, asked_lockdown;
} fwctl_state;

static bool fwctl_fake_permits(enum fwctl_reason rule)
{
	if (rule == FWCTL_REASON_CAPABILITY) {
		fwctl_state.asked_rawio = true;
		return fwctl_state.rawio;
	}
	fwctl_state.asked_lockdown = true;
	return rule == FWCTL_REASON_LOCKDOWN && fwctl_state.unlocked;
}

/* The decision as the drawing and the documentation have it */
static enum fwctl_reason fwctl_expected(unsigned int label, unsigned int row,
					const struct fwctl_rights *rights)
{
	unsigned int bit = 1u << fwctl_rules[row].class;

	if (!strcmp(fwctl_rules[row].by_label, "----"))
		return FWCTL_REASON_NEVER;
	if (fwctl_rules[row].by_label[label] != '+')
		return FWCTL_REASON_LABEL;
	if (!rights->writable && !fwctl_rules[row].reads)
		return FWCTL_REASON_READ_ONLY;
	if (!(rights->file & bit))
		return FWCTL_REASON_RESTRICTED;
	if (!(rights->device & bit))
		return FWCTL_REASON_CAPPED;
	if (label == FWCTL_RPC_DEBUG_WRITE_FULL && !fwctl_state.rawio)
		return FWCTL_REASON_CAPABILITY;
	if (fwctl_rules[row].class == FWCTL_CLASS_FULL && !fwctl_state.unlocked)
		return FWCTL_REASON_LOCKDOWN;
	return FWCTL_REASON_NONE;
}

/* The kernel's state is only asked for where the answer decides. */
static void fwctl_check_asked(struct kunit *test, unsigned int label, unsigned int row,
			      enum fwctl_reason reason)
{
	bool passed = !reason || reason >= FWCTL_REASON_CAPABILITY;
	bool rawio = passed && label == FWCTL_RPC_DEBUG_WRITE_FULL;
	bool lockdown = rawio && fwctl_state.rawio && fwctl_rules[row].class == FWCTL_CLASS_FULL;

	KUNIT_ASSERT_EQ(test, fwctl_state.asked_rawio, rawio);
	KUNIT_ASSERT_EQ(test, fwctl_state.asked_lockdown, lockdown);
}

static void fwctl_check_rights(struct kunit *test, const struct fwctl_rights *rights)
{
	for (unsigned int row = 0; row < ARRAY_SIZE(fwctl_rules); row++) {
		for (unsigned int label = 0; label < 4; label++) {
			enum fwctl_class class = fwctl_rules[row].class;
			enum fwctl_reason reason;

			fwctl_state.asked_rawio = false;
			fwctl_state.asked_lockdown = false;
			reason = fwctl_admit(label, class, rights, fwctl_fake_permits);
			KUNIT_ASSERT_EQ_MSG(test, reason, fwctl_expected(label, row, rights),
					    "label %u class %d %s file %#x device %#x", label,
					    class, rights->writable ? "rw" : "ro",
					    rights->file, rights->device);
			fwctl_check_asked(test, label, row, reason);
		}
	}
}

/*
 * 4 labels x 6 classes x 2 modes x 64 sets left of the file x 64 of the device x 2 answers
 * about the capability x 2 about lockdown: 786,432 decisions, each with its reason. The
 * sets have bit 0 too, where FWCTL_CLASS_NEVER would be, and that must not help.
 */
static void fwctl_test_admit_all(struct kunit *test)
{
	struct fwctl_rights rights;

	for (unsigned int state = 0; state < 4; state++) {
		fwctl_state.rawio = state & 1;
		fwctl_state.unlocked = state & 2;
		for (unsigned int sets = 0; sets < 2 * 64 * 64; sets++) {
			rights.writable = sets & 1;
			rights.file = sets >> 1 & 63;
			rights.device = sets >> 7;
			fwctl_check_rights(test, &rights);
		}
	}
}

/* A label or class that does not exist permits nothing, at any distance. */
static void fwctl_test_admit_unknown(struct kunit *test)
{
	static const unsigned int beyond[] = { 6, 7, 31, 32, 63, 64, 65, 66, 1u << 31, ~0u };
	const struct fwctl_rights *all = &fwctl_all_rights;

	fwctl_state.rawio = true;
	fwctl_state.unlocked = true;
	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
		unsigned int x = beyond[i];

		for (unsigned int label = 0; label < 4; label++)
			KUNIT_EXPECT_EQ(test, fwctl_admit(label, x, all, fwctl_fake_permits),
					FWCTL_REASON_NEVER);
		for (unsigned int class = 1; class < 6; class++)
			KUNIT_EXPECT_EQ(test, fwctl_admit(x, class, all, fwctl_fake_permits),
					FWCTL_REASON_LABEL);
	}
	KUNIT_EXPECT_EQ(test, fwctl_admit(4, 1, all, fwctl_fake_permits), FWCTL_REASON_LABEL);
	KUNIT_EXPECT_EQ(test, fwctl_admit(3, 1, all, fwctl_fake_permits), FWCTL_REASON_NONE);
}

/* No set has FWCTL_CLASS_NEVER, even one with bit 0. */
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

/* A file that is not open for writing sends reads only. */
static void fwctl_test_class_reads(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_rules); i++)
		KUNIT_EXPECT_EQ_MSG(test, fwctl_class_in(fwctl_rules[i].class, FWCTL_READS),
				    fwctl_rules[i].reads, "class %d", fwctl_rules[i].class);
	KUNIT_EXPECT_FALSE(test, fwctl_class_in(6, FWCTL_READS));
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

/* A label has a use if a class is left that no lesser label covers. */
static void fwctl_test_labels_for(struct kunit *test)
{
	static const u32 for_class[] = { 0x0, 0x1, 0x1, 0x2, 0x4, 0x8 };

	for (u32 classes = 0; classes < 64; classes++) {
		u32 labels = 0;

		for (unsigned int class = 0; class < 6; class++)
			if (classes & 1u << class)
				labels |= for_class[class];
		KUNIT_EXPECT_EQ(test, fwctl_labels_for(classes), labels);
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

static const struct {
	const char *text;
	int err;
	u32 classes;
} fwctl_texts[] = {
	{ "config-read", 0, 0x02 },
	{ "config-read,full", 0, 0x22 },
	{ "full config-read\n", 0, 0x22 },
	{ " config-read ,, debug-read\t", 0, 0x0a },
	{ "config-read,config-read", 0, 0x02 },
	{ "config-read,config-write,debug-read,debug-write,full", 0, 0x3e },
	{ "none", 0, 0x00 },
	{ "none\n", 0, 0x00 },
	{ "none,full", 0, 0x20 },
	/* An unknown word must not be taken for the empty set. */
	{ "", -EINVAL },
	{ "\n", -EINVAL },
	{ ",", -EINVAL },
	{ "never", -EINVAL },
	{ "config-read,never", -EINVAL },
	{ "config", -EINVAL },
	{ "config-reads", -EINVAL },
	{ "Config-Read", -EINVAL },
	{ "config-read;full", -EINVAL },
	{ "all", -EINVAL },
	{ "0x3e", -EINVAL },
};

static void fwctl_test_parse(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_texts); i++) {
		u32 classes = 0xdead;

		KUNIT_EXPECT_EQ_MSG(test,
				    fwctl_classes_parse(fwctl_texts[i].text,
							&classes),
				    fwctl_texts[i].err, "\"%s\"",
				    fwctl_texts[i].text);
		KUNIT_EXPECT_EQ_MSG(test, classes,
				    fwctl_texts[i].err ? 0xdead :
							 fwctl_texts[i].classes,
				    "\"%s\"", fwctl_texts[i].text);
	}
}

/* A text that is too long is not cut off, which would leave {config-read} here. */
static void fwctl_test_parse_long(struct kunit *test)
{
	char text[FWCTL_NAMES_LEN + 8];
	u32 classes = 0xdead;

	memset(text, ' ', sizeof(text));
	memcpy(text, "config-read", 11);
	strscpy(text + FWCTL_NAMES_LEN, "full", 8);
	KUNIT_EXPECT_EQ(test, fwctl_classes_parse(text, &classes), -EINVAL);
	KUNIT_EXPECT_EQ(test, classes, 0xdead);
}

/* All 32 sets, there and back */
static void fwctl_test_print(struct kunit *test)
{
	char text[FWCTL_NAMES_LEN];
	u32 classes;

	for (u32 set = 0; set < 64; set += 2) {
		ssize_t len = fwctl_classes_print(text, set);

		KUNIT_EXPECT_EQ(test, len, strlen(text));
		KUNIT_ASSERT_EQ(test, fwctl_classes_parse(text, &classes), 0);
		KUNIT_EXPECT_EQ(test, classes, set);
	}
	fwctl_classes_print(text, ~0u);
	KUNIT_EXPECT_STREQ(test, text,
			   "config-read config-write debug-read debug-write full");
}

static void fwctl_test_print_labels(struct kunit *test)
{
	char text[FWCTL_NAMES_LEN];

	fwctl_labels_print(text, 0);
	KUNIT_EXPECT_STREQ(test, text, "none");
	fwctl_labels_print(text, 0xf);
	KUNIT_EXPECT_STREQ(test, text,
			   "CONFIGURATION DEBUG_READ_ONLY DEBUG_WRITE DEBUG_WRITE_FULL");
}

static struct kunit_case fwctl_admit_cases[] = {
	KUNIT_CASE(fwctl_test_admit_all),
	KUNIT_CASE(fwctl_test_admit_unknown),
	KUNIT_CASE(fwctl_test_class_in),
	KUNIT_CASE(fwctl_test_class_reads),
	KUNIT_CASE(fwctl_test_rights_classes),
	KUNIT_CASE(fwctl_test_labels_for),
	KUNIT_CASE(fwctl_test_reason_errno),
	KUNIT_CASE(fwctl_test_parse),
	KUNIT_CASE(fwctl_test_parse_long),
	KUNIT_CASE(fwctl_test_print),
	KUNIT_CASE(fwctl_test_print_labels),
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
