// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of classes in words: what is written is read back, and what is not
 * understood is refused as a whole.
 */
#include <kunit/test.h>

#include "internal.h"

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
	/* A word that nothing is known of must not be taken for nothing. */
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

/* What is too long is not cut off, which would leave {config-read} here. */
static void fwctl_test_parse_long(struct kunit *test)
{
	char text[FWCTL_CLASSES_LEN + 8];
	u32 classes = 0xdead;

	memset(text, ' ', sizeof(text));
	memcpy(text, "config-read", 11);
	strscpy(text + FWCTL_CLASSES_LEN, "full", 8);
	KUNIT_EXPECT_EQ(test, fwctl_classes_parse(text, &classes), -EINVAL);
	KUNIT_EXPECT_EQ(test, classes, 0xdead);
}

/* All 32 sets, there and back */
static void fwctl_test_print(struct kunit *test)
{
	char text[FWCTL_CLASSES_LEN];
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

static void fwctl_test_print_scopes(struct kunit *test)
{
	char text[FWCTL_CLASSES_LEN];

	fwctl_scopes_print(text, 0);
	KUNIT_EXPECT_STREQ(test, text, "none");
	fwctl_scopes_print(text, 0xf);
	KUNIT_EXPECT_STREQ(test, text,
			   "CONFIGURATION DEBUG_READ_ONLY DEBUG_WRITE DEBUG_WRITE_FULL");
}

static struct kunit_case fwctl_words_cases[] = {
	KUNIT_CASE(fwctl_test_parse),
	KUNIT_CASE(fwctl_test_parse_long),
	KUNIT_CASE(fwctl_test_print),
	KUNIT_CASE(fwctl_test_print_scopes),
	{}
};

static struct kunit_suite fwctl_words_suite = {
	.name = "fwctl-words",
	.test_cases = fwctl_words_cases,
};

kunit_test_suite(fwctl_words_suite);
