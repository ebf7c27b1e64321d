// SPDX-License-Identifier: GPL-2.0
/*
 * Words: what classes and labels are called in sysfs, in the kernel's log and
 * traces, on the kernel command line. Pure.
 */
#include <linux/string.h>
#include <kunit/visibility.h>

#include "internal.h"

static const char *const fwctl_class_names[] = {
	[FWCTL_CLASS_NEVER] = "never",
	[FWCTL_CLASS_CONFIG_READ] = "config-read",
	[FWCTL_CLASS_CONFIG_WRITE] = "config-write",
	[FWCTL_CLASS_DEBUG_READ] = "debug-read",
	[FWCTL_CLASS_DEBUG_WRITE] = "debug-write",
	[FWCTL_CLASS_FULL] = "full",
};

static const char *const fwctl_scope_names[] = {
	[FWCTL_RPC_CONFIGURATION] = "CONFIGURATION",
	[FWCTL_RPC_DEBUG_READ_ONLY] = "DEBUG_READ_ONLY",
	[FWCTL_RPC_DEBUG_WRITE] = "DEBUG_WRITE",
	[FWCTL_RPC_DEBUG_WRITE_FULL] = "DEBUG_WRITE_FULL",
};

/* The empty set, so that no value in sysfs is an empty line */
static const char fwctl_none[] = "none";

/**
 * fwctl_class_name - the word for a class
 * @class: a known one
 *
 * Return: the word.
 */
const char *fwctl_class_name(enum fwctl_class class)
{
	return fwctl_class_names[class];
}

/**
 * fwctl_scope_name - the word for a label
 * @scope: a known one
 *
 * Return: the word.
 */
const char *fwctl_scope_name(enum fwctl_rpc_scope scope)
{
	return fwctl_scope_names[scope];
}

static int fwctl_class_parse(const char *word, u32 *classes)
{
	int class;

	if (!strcmp(word, fwctl_none))
		return 0;
	class = match_string(fwctl_class_names, ARRAY_SIZE(fwctl_class_names),
			     word);
	if (class <= FWCTL_CLASS_NEVER)
		return -EINVAL;
	*classes |= BIT(class);
	return 0;
}

/**
 * fwctl_classes_parse - read a set of classes
 * @text: words with commas or blanks between them, or "none"; at most
 *	FWCTL_CLASSES_LEN bytes
 * @classes: the set, changed on success only
 *
 * Return: 0, or -EINVAL for a word that is no class, and for no word at all.
 */
int fwctl_classes_parse(const char *text, u32 *classes)
{
	char words[FWCTL_CLASSES_LEN], *next = words, *word;
	u32 found = 0;
	int count = 0;

	if (strscpy(words, text) < 0)
		return -EINVAL;
	while ((word = strsep(&next, ", \t\n"))) {
		if (!*word)
			continue;
		if (fwctl_class_parse(word, &found))
			return -EINVAL;
		count++;
	}
	if (!count)
		return -EINVAL;
	*classes = found;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_classes_parse);

/* Words of the set, each with a blank in front */
static ssize_t fwctl_set_print(char *text, size_t size, u32 set,
			       const char *const *names, unsigned int count)
{
	size_t len = 0;

	for (unsigned int i = 0; i < count; i++)
		if (set & BIT(i))
			len += scnprintf(text + len, size - len, "%s%s",
					 len ? " " : "", names[i]);
	if (!len)
		len = scnprintf(text, size, "%s", fwctl_none);
	return len;
}

/**
 * fwctl_classes_print - write a set of classes
 * @text: room for FWCTL_CLASSES_LEN bytes
 * @classes: the set
 *
 * Return: bytes written, without the final 0.
 */
ssize_t fwctl_classes_print(char *text, u32 classes)
{
	return fwctl_set_print(text, FWCTL_CLASSES_LEN,
			       classes & FWCTL_CLASSES_ALL, fwctl_class_names,
			       ARRAY_SIZE(fwctl_class_names));
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_classes_print);

/**
 * fwctl_scopes_print - write a set of labels
 * @text: room for FWCTL_CLASSES_LEN bytes
 * @scopes: the set, bit 1 << enum fwctl_rpc_scope
 *
 * Return: bytes written, without the final 0.
 */
ssize_t fwctl_scopes_print(char *text, u32 scopes)
{
	return fwctl_set_print(text, FWCTL_CLASSES_LEN, scopes,
			       fwctl_scope_names,
			       ARRAY_SIZE(fwctl_scope_names));
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_scopes_print);
