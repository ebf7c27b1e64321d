// SPDX-License-Identifier: GPL-2.0
/*
 * Admit: may this caller, with this label, on this file, in this state of the
 * kernel, do what the request does?
 *
 * The rules are the tables below. Nothing else in fwctl decides.
 */
#include <linux/bits.h>
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/panic.h>
#include <linux/security.h>
#include <kunit/visibility.h>

#include "internal.h"

#define CONFIG_READ BIT(FWCTL_CLASS_CONFIG_READ)
#define CONFIG_WRITE BIT(FWCTL_CLASS_CONFIG_WRITE)
#define DEBUG_READ BIT(FWCTL_CLASS_DEBUG_READ)
#define DEBUG_WRITE BIT(FWCTL_CLASS_DEBUG_WRITE)
#define FULL BIT(FWCTL_CLASS_FULL)

#define READS FWCTL_READS

/* FWCTL_CLASS_NEVER stands in no row. */
const struct fwctl_scope_rule fwctl_scopes[FWCTL_SCOPES] = {
	[FWCTL_RPC_CONFIGURATION] = {
		.covers = CONFIG_READ | CONFIG_WRITE,
		.is_for = CONFIG_READ | CONFIG_WRITE,
	},
	[FWCTL_RPC_DEBUG_READ_ONLY] = {
		.covers = CONFIG_READ | DEBUG_READ,
		.is_for = DEBUG_READ,
	},
	[FWCTL_RPC_DEBUG_WRITE] = {
		.covers = CONFIG_READ | CONFIG_WRITE | DEBUG_READ | DEBUG_WRITE,
		.is_for = DEBUG_WRITE,
	},
	[FWCTL_RPC_DEBUG_WRITE_FULL] = {
		.covers = CONFIG_READ | CONFIG_WRITE | DEBUG_READ |
			  DEBUG_WRITE | FULL,
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

/**
 * fwctl_rights_classes - the classes that a file may have at all
 * @rights: what the file may do
 *
 * Pure.
 *
 * Return: the set.
 */
u32 fwctl_rights_classes(const struct fwctl_rights *rights)
{
	return rights->file & rights->device &
	       (rights->writable ? FWCTL_CLASSES_ALL : READS);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_rights_classes);

/**
 * fwctl_scopes_for - the labels that have their use, given the classes there are
 * @classes: the set of classes
 *
 * Pure.
 *
 * Return: the set of labels, bit 1 << enum fwctl_rpc_scope.
 */
u32 fwctl_scopes_for(u32 classes)
{
	u32 scopes = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(fwctl_scopes); i++)
		if (fwctl_scopes[i].is_for & classes)
			scopes |= BIT(i);
	return scopes;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_scopes_for);

/**
 * fwctl_reason_errno - what a refused caller gets
 * @reason: a known one
 *
 * Return: 0 or a negative errno.
 */
int fwctl_reason_errno(enum fwctl_reason reason)
{
	return fwctl_reasons[reason].err;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_reason_errno);

/**
 * fwctl_reason_word - the reason as traces and audit records show it
 * @reason: a known one
 *
 * Return: the end of its name in enum fwctl_reason.
 */
const char *fwctl_reason_word(enum fwctl_reason reason)
{
	return fwctl_reasons[reason].word;
}

/**
 * fwctl_reason_text - the reason as the kernel's log shows it
 * @reason: a known one
 *
 * Return: words.
 */
const char *fwctl_reason_text(enum fwctl_reason reason)
{
	return fwctl_reasons[reason].text;
}

/**
 * fwctl_decide - the rules that are the same in every state of the kernel
 * @scope: the label, known or not
 * @class: what the request does, known or not
 * @rights: what the file may do at all
 *
 * Pure.
 *
 * Return: FWCTL_REASON_NONE, or the first rule that refuses the request.
 */
enum fwctl_reason fwctl_decide(enum fwctl_rpc_scope scope,
			       enum fwctl_class class,
			       const struct fwctl_rights *rights)
{
	if (!fwctl_class_in(class, FWCTL_CLASSES_ALL))
		return FWCTL_REASON_NEVER;
	if (!fwctl_scope_known(scope) ||
	    !fwctl_class_in(class, fwctl_scopes[scope].covers))
		return FWCTL_REASON_LABEL;
	if (!rights->writable && !fwctl_class_in(class, READS))
		return FWCTL_REASON_READ_ONLY;
	if (!fwctl_class_in(class, rights->file))
		return FWCTL_REASON_RESTRICTED;
	if (!fwctl_class_in(class, rights->device))
		return FWCTL_REASON_CAPPED;
	return FWCTL_REASON_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_decide);

/**
 * fwctl_admit - decide about a request
 * @scope: the label, a known one
 * @class: what the request does
 * @rights: what the file may do at all
 * @rawio: tells whether the caller has CAP_SYS_RAWIO; asked only if that decides
 *
 * Process context of the caller. Changes nothing, whatever the answer.
 *
 * Return: FWCTL_REASON_NONE, or the first rule that refuses the request.
 */
enum fwctl_reason fwctl_admit(enum fwctl_rpc_scope scope, enum fwctl_class class,
			      const struct fwctl_rights *rights,
			      bool (*rawio)(void))
{
	enum fwctl_reason reason = fwctl_decide(scope, class, rights);

	if (reason)
		return reason;
	if (scope == FWCTL_RPC_DEBUG_WRITE_FULL && !rawio())
		return FWCTL_REASON_CAPABILITY;
	/* As much as what the old way, through the BAR, could do. */
	if (class == FWCTL_CLASS_FULL &&
	    security_locked_down(LOCKDOWN_PCI_ACCESS))
		return FWCTL_REASON_LOCKDOWN;
	return FWCTL_REASON_NONE;
}

/**
 * fwctl_taint - taint the kernel, see fwctl_mark_class()
 * @fdev: the device
 * @class: what the request that is about to be sent does
 * @sender: who sends it; NULL: the current thread
 *
 * Process context.
 */
void fwctl_taint(struct fwctl_device *fdev, enum fwctl_class class,
		 const struct fwctl_sender *sender)
{
	if (!test_taint(TAINT_FWCTL))
		dev_warn(&fdev->dev, "%s (pid %d) sends %s: tainting kernel\n",
			 sender ? sender->comm : current->comm,
			 sender ? sender->pid : task_pid_nr(current),
			 class == FWCTL_CLASS_FULL ? "with full access" :
						     "a debug write");
	add_taint(TAINT_FWCTL, LOCKDEP_STILL_OK);
}
