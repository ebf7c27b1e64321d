// SPDX-License-Identifier: GPL-2.0
/*
 * Admission: may this caller, with this label, on this file, in this state of the kernel,
 * send a request of this class? fwctl_admit() is the only function that decides; FWCTL_RPC,
 * FWCTL_QUERY, io_uring and, once more, the submission of a call all call it. Also the
 * names of classes, labels and reasons.
 */
#include <linux/bits.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/security.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "internal.h"

#define CONFIG_READ BIT(FWCTL_CLASS_CONFIG_READ)
#define CONFIG_WRITE BIT(FWCTL_CLASS_CONFIG_WRITE)
#define DEBUG_READ BIT(FWCTL_CLASS_DEBUG_READ)
#define DEBUG_WRITE BIT(FWCTL_CLASS_DEBUG_WRITE)
#define FULL BIT(FWCTL_CLASS_FULL)

/* FWCTL_CLASS_NEVER is in no row. */
static const struct {
	const char *name;
	u32 covers; /* classes that the label admits */
	u32 is_for; /* those of them that no lesser label admits */
} fwctl_labels[FWCTL_LABELS] = {
	[FWCTL_RPC_CONFIGURATION] = {
		.name = "CONFIGURATION",
		.covers = CONFIG_READ | CONFIG_WRITE,
		.is_for = CONFIG_READ | CONFIG_WRITE,
	},
	[FWCTL_RPC_DEBUG_READ_ONLY] = {
		.name = "DEBUG_READ_ONLY",
		.covers = CONFIG_READ | DEBUG_READ,
		.is_for = DEBUG_READ,
	},
	[FWCTL_RPC_DEBUG_WRITE] = {
		.name = "DEBUG_WRITE",
		.covers = CONFIG_READ | CONFIG_WRITE | DEBUG_READ | DEBUG_WRITE,
		.is_for = DEBUG_WRITE,
	},
	[FWCTL_RPC_DEBUG_WRITE_FULL] = {
		.name = "DEBUG_WRITE_FULL",
		.covers = CONFIG_READ | CONFIG_WRITE | DEBUG_READ | DEBUG_WRITE | FULL,
		.is_for = FULL,
	},
};

static const struct {
	int err;
	const char *word;
	const char *text;
} fwctl_reasons[] = {
	[FWCTL_REASON_NONE] = { 0, "NONE", "admitted" },
	[FWCTL_REASON_LENGTH] = { -EMSGSIZE, "LENGTH",
				  "the device does not take this length" },
	[FWCTL_REASON_NEVER] = { -EBADMSG, "NEVER", "no label covers it" },
	[FWCTL_REASON_LABEL] = { -EBADMSG, "LABEL",
				 "the label does not cover the class" },
	[FWCTL_REASON_READ_ONLY] = { -EPERM, "READ_ONLY",
				     "the file is not open for writing" },
	[FWCTL_REASON_RESTRICTED] = { -EPERM, "RESTRICTED",
				      "the file is restricted" },
	[FWCTL_REASON_CAPPED] = { -EPERM, "CAPPED",
				  "the administrator has taken the class away" },
	[FWCTL_REASON_CAPABILITY] = { -EPERM, "CAPABILITY",
				      "the label needs CAP_SYS_RAWIO" },
	[FWCTL_REASON_LOCKDOWN] = { -EPERM, "LOCKDOWN",
				    "the kernel is locked down" },
};

static const char *const fwctl_class_names[] = {
	[FWCTL_CLASS_NEVER] = "never",
	[FWCTL_CLASS_CONFIG_READ] = "config-read",
	[FWCTL_CLASS_CONFIG_WRITE] = "config-write",
	[FWCTL_CLASS_DEBUG_READ] = "debug-read",
	[FWCTL_CLASS_DEBUG_WRITE] = "debug-write",
	[FWCTL_CLASS_FULL] = "full",
};

/* The empty set, so that no value in sysfs is an empty line */
static const char fwctl_none[] = "none";

/*
 * Return FWCTL_REASON_NONE, or the first rule of enum fwctl_reason that refuses a request
 * with this label, known or not, and this class. A label from user space went through
 * array_index_nospec() in fwctl_req_decide(). Changes nothing. @permits is only called
 * if its answer decides; process context.
 */
enum fwctl_reason fwctl_admit(u32 label, enum fwctl_class class,
			      const struct fwctl_rights *rights, fwctl_permits_t permits)
{
	u32 bit;

	if ((u32)class == FWCTL_CLASS_NEVER || (u32)class > FWCTL_CLASS_FULL)
		return FWCTL_REASON_NEVER;
	bit = BIT((u32)class);
	if (label >= FWCTL_LABELS)
		return FWCTL_REASON_LABEL;
	if (!(bit & fwctl_labels[label].covers))
		return FWCTL_REASON_LABEL;
	if (!rights->writable && !(bit & FWCTL_READS))
		return FWCTL_REASON_READ_ONLY;
	if (!(bit & rights->file))
		return FWCTL_REASON_RESTRICTED;
	if (!(bit & rights->device))
		return FWCTL_REASON_CAPPED;
	if (label != FWCTL_RPC_DEBUG_WRITE_FULL)
		return FWCTL_REASON_NONE;
	if (!permits(FWCTL_REASON_CAPABILITY))
		return FWCTL_REASON_CAPABILITY;
	/* No other label covers this class. */
	if (class == FWCTL_CLASS_FULL && !permits(FWCTL_REASON_LOCKDOWN))
		return FWCTL_REASON_LOCKDOWN;
	return FWCTL_REASON_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_admit);

/* Class full is equivalent to access to the BAR: the same lockdown reason. */
static bool fwctl_lockdown_permits(void)
{
	return !security_locked_down(LOCKDOWN_PCI_ACCESS);
}

/* For a request that the current task sends */
bool fwctl_permits_caller(enum fwctl_reason rule)
{
	return rule == FWCTL_REASON_CAPABILITY ? capable(CAP_SYS_RAWIO) :
						 fwctl_lockdown_permits();
}

/* The same for FWCTL_QUERY, without PF_SUPERPRIV and without an audit record */
bool fwctl_permits_query(enum fwctl_reason rule)
{
	return rule == FWCTL_REASON_CAPABILITY ?
		       ns_capable_noaudit(&init_user_ns, CAP_SYS_RAWIO) :
		       fwctl_lockdown_permits();
}

/* For a call about to be submitted: its caller's capability was checked by fwctl_rpc_begin(). */
bool fwctl_permits_late(enum fwctl_reason rule)
{
	return rule == FWCTL_REASON_CAPABILITY || fwctl_lockdown_permits();
}

/* The set of classes that a file may use */
u32 fwctl_rights_classes(const struct fwctl_rights *rights)
{
	return rights->file & rights->device &
	       (rights->writable ? FWCTL_CLASSES_ALL : FWCTL_READS);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_rights_classes);

/* The set of labels, bit 1 << enum fwctl_rpc_scope, that these classes give a use */
u32 fwctl_labels_for(u32 classes)
{
	u32 labels = 0;

	for (unsigned int i = 0; i < FWCTL_LABELS; i++)
		if (fwctl_labels[i].is_for & classes)
			labels |= BIT(i);
	return labels;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_labels_for);

int fwctl_reason_errno(enum fwctl_reason reason)
{
	return fwctl_reasons[reason].err;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_reason_errno);

/* For traces and audit records */
const char *fwctl_reason_word(enum fwctl_reason reason)
{
	return fwctl_reasons[reason].word;
}

/* For the kernel's log */
const char *fwctl_reason_text(enum fwctl_reason reason)
{
	return fwctl_reasons[reason].text;
}

const char *fwctl_class_name(enum fwctl_class class)
{
	return fwctl_class_names[class];
}

const char *fwctl_label_name(enum fwctl_rpc_scope label)
{
	return fwctl_labels[label].name;
}

static int fwctl_class_parse(const char *word, u32 *classes)
{
	int class;

	if (!strcmp(word, fwctl_none))
		return 0;
	class = match_string(fwctl_class_names, ARRAY_SIZE(fwctl_class_names), word);
	if (class <= FWCTL_CLASS_NEVER)
		return -EINVAL;
	*classes |= BIT(class);
	return 0;
}

/*
 * Parse a set of classes: words with commas or blanks in between, or "none"; less than
 * FWCTL_NAMES_LEN bytes. @classes changes on success only. Return 0, or -EINVAL for an
 * unknown word or no word at all.
 */
int fwctl_classes_parse(const char *text, u32 *classes)
{
	char words[FWCTL_NAMES_LEN], *next = words, *word;
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

static size_t fwctl_word_print(char *text, size_t len, const char *word)
{
	return scnprintf(text + len, FWCTL_NAMES_LEN - len, "%s%s", len ? " " : "", word);
}

/* @text has room for FWCTL_NAMES_LEN bytes. Return the length of the text. */
ssize_t fwctl_classes_print(char *text, u32 classes)
{
	size_t len = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(fwctl_class_names); i++)
		if (fwctl_class_in(i, classes))
			len += fwctl_word_print(text, len, fwctl_class_names[i]);
	return len ?: fwctl_word_print(text, 0, fwctl_none);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_classes_print);

/* The same for a set of labels */
ssize_t fwctl_labels_print(char *text, u32 labels)
{
	size_t len = 0;

	for (unsigned int i = 0; i < FWCTL_LABELS; i++)
		if (labels & BIT(i))
			len += fwctl_word_print(text, len, fwctl_labels[i].name);
	return len ?: fwctl_word_print(text, 0, fwctl_none);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_labels_print);
